package sandbox.runner;

import com.cloudbees.groovy.cps.Outcome;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.SettableFuture;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * The context of a step. It stores only the ids of the build and of the call, and finds both by these ids after a
 * restart.
 */
final class SandboxStepContext extends StepContext {
    private static final long serialVersionUID = 1L;
    private final String runId;
    private final String callId;

    SandboxStepContext(String runId, String callId) {
        this.runId = runId;
        this.callId = callId;
    }

    private JenkinsfileProgram program() throws IOException {
        JenkinsfileProgram program = JenkinsfileProgram.find(runId);
        if (program == null) {
            throw new IOException("The build " + runId + " is over");
        }
        return program;
    }

    private PendingCall call() throws IOException {
        PendingCall call = program().call(callId);
        if (call == null) {
            throw new IOException("The step is over");
        }
        return call;
    }

    @Override
    public <T> T get(Class<T> key) throws IOException, InterruptedException {
        Object found = null;
        if (key == TaskListener.class) {
            found = program().log();
        } else if (Run.class.isAssignableFrom(key)) {
            found = program().run();
        } else if (Job.class.isAssignableFrom(key)) {
            found = program().run().getParent();
        } else if (key == EnvVars.class) {
            found = program().environment(call().scope());
        } else if (key == FilePath.class && call().scope().folder() != null) {
            found = new FilePath(new File(call().scope().folder()));
        } else if (key == Launcher.class && call().scope().folder() != null) {
            found = new Launcher.LocalLauncher(program().log());
        } else if (key.isInstance(call().scope().context())) {
            found = call().scope().context();
        }
        return key.cast(found);
    }

    @Override
    public void onSuccess(Object result) {
        complete(new Outcome(result, null));
    }

    @Override
    public void onFailure(Throwable t) {
        complete(new Outcome(null, t));
    }

    private void complete(Outcome outcome) {
        JenkinsfileProgram program = JenkinsfileProgram.find(runId);
        PendingCall call = program == null ? null : program.call(callId);
        // A second outcome, or one after the end of the build, is ignored.
        if (call != null) {
            call.complete(outcome);
        }
    }

    @Override
    public boolean isReady() {
        return JenkinsfileProgram.find(runId) != null;
    }

    @Override
    public ListenableFuture<Void> saveState() {
        SettableFuture<Void> saved = SettableFuture.create();
        JenkinsfileProgram program = JenkinsfileProgram.find(runId);
        if (program == null) {
            saved.setException(new IOException("The build " + runId + " is over"));
        } else {
            program.completeWhenSaved(saved);
        }
        return saved;
    }

    @Override
    public void setResult(Result r) {
        JenkinsfileProgram program = JenkinsfileProgram.find(runId);
        if (program != null) {
            program.run().setResult(r);
        }
    }

    @Override
    public BodyInvoker newBodyInvoker() {
        return new Invoker();
    }

    @Override
    public boolean hasBody() {
        JenkinsfileProgram program = JenkinsfileProgram.find(runId);
        return program != null && program.call(callId) instanceof StepCall call && call.hasBlock();
    }

    /** Runs the block of the step, in another folder and with another context if they are set. */
    private final class Invoker extends BodyInvoker {
        private FilePath folder;
        private Serializable given;
        private BodyExecutionCallback callback;

        @Override
        public BodyInvoker withContext(Object override) {
            if (override instanceof FilePath path) {
                folder = path;
            } else {
                given = (Serializable) override;
            }
            return this;
        }

        @Override
        public BodyInvoker withDisplayName(String name) {
            return this;
        }

        @Override
        public BodyInvoker withCallback(BodyExecutionCallback told) {
            callback = told;
            return this;
        }

        /** Starts the block; the callback receives the outcome. */
        @Override
        public BodyExecution start() {
            JenkinsfileProgram program = JenkinsfileProgram.find(runId);
            if (program != null) {
                program.post(() -> {
                    // The call is missing if the step was stopped in the meantime.
                    if (program.call(callId) instanceof StepCall call) {
                        BlockScope inner =
                                folder == null ? call.scope() : call.scope().in(folder.getRemote());
                        call.runBlock(program, given == null ? inner : inner.with(given), callback);
                    }
                });
            }
            return new BlockExecution(runId, callId);
        }
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof SandboxStepContext that && runId.equals(that.runId) && callId.equals(that.callId);
    }

    @Override
    public int hashCode() {
        return Objects.hash(runId, callId);
    }
}
