package sandbox.runner;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.File;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** A waiting step for tests of the runner: waits for a file, across restarts. */
public final class AwaitFileStep extends Step {
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

        Execution(StepContext context, String path, int answer) {
            super(context);
            this.path = path;
            this.answer = answer;
        }

        @Override
        public boolean start() throws Exception {
            say("Waiting for ");
            arm();
            return false;
        }

        @Override
        public void onResume() {
            try {
                say("Still waiting for ");
            } catch (IOException | InterruptedException e) {
                getContext().onFailure(e);
            }
            arm();
        }

        private void say(String what) throws IOException, InterruptedException {
            getContext().get(TaskListener.class).getLogger().println(what + new File(path).getName());
        }

        private void arm() {
            Timer.get().schedule(this::look, 20, TimeUnit.MILLISECONDS);
        }

        private void look() {
            if (new File(path).exists()) {
                getContext().onSuccess(answer);
            } else if (!stopped) {
                arm();
            }
        }

        @Override
        public void stop(Throwable cause) throws Exception {
            stopped = true;
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
