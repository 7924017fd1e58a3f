package sandbox.runner;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.File;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** A waiting step for tests of the runner: waits for a file, across restarts. It says so once the build is saved. */
public final class AwaitFileStep extends Step {
    /** The names of the files that are waited for in this JVM, by builds whose state is saved. */
    static final Set<String> WAITED_FOR = ConcurrentHashMap.newKeySet();

    private static final AtomicInteger LIFE = new AtomicInteger();

    /** Lets no step that waits now go on, as if their JVM were gone. */
    static void forgetAll() {
        LIFE.incrementAndGet();
        WAITED_FOR.clear();
    }

    private final String path;
    private int answer;

    @DataBoundConstructor
    public AwaitFileStep(String path) {
        this.path = path;
    }

    public String getPath() {
        return path;
    }

    public int getAnswer() {
        return answer;
    }

    @DataBoundSetter
    public void setAnswer(int answer) {
        this.answer = answer;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, path, answer);
    }

    private static final class Execution extends StepExecution {
        private static final long serialVersionUID = 1L;
        private final String path;
        private final int answer;
        private transient volatile boolean stopped;
        private transient int life;

        Execution(StepContext context, String path, int answer) {
            super(context);
            this.path = path;
            this.answer = answer;
        }

        @Override
        public boolean start() {
            sayWhenSaved("Waiting for ");
            return false;
        }

        @Override
        public void onResume() {
            sayWhenSaved("Still waiting for ");
        }

        private void sayWhenSaved(String what) {
            String name = new File(path).getName();
            getContext()
                    .saveState()
                    .addListener(
                            () -> {
                                try {
                                    getContext()
                                            .get(TaskListener.class)
                                            .getLogger()
                                            .println(what + name);
                                    life = LIFE.get();
                                    WAITED_FOR.add(name);
                                    arm();
                                } catch (IOException | InterruptedException e) {
                                    getContext().onFailure(e);
                                }
                            },
                            Runnable::run);
        }

        private void arm() {
            Timer.get().schedule(this::look, 20, TimeUnit.MILLISECONDS);
        }

        private void look() {
            if (stopped || life != LIFE.get()) {
                return;
            }
            if (new File(path).exists()) {
                getContext().onSuccess(answer);
                WAITED_FOR.remove(new File(path).getName());
            } else {
                arm();
            }
        }

        @Override
        public void stop(Throwable cause) throws Exception {
            stopped = true;
            WAITED_FOR.remove(new File(path).getName());
            super.stop(cause);
        }
    }

    /** Makes it known as {@code awaitFile}. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }

        @Override
        public String getFunctionName() {
            return "awaitFile";
        }
    }
}
