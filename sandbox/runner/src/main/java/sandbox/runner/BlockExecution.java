package sandbox.runner;

import hudson.model.Result;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/** The block of a step while it runs. It stores only ids, and finds the program by them after a restart. */
final class BlockExecution extends BodyExecution {
    private static final long serialVersionUID = 1L;
    private final String runId;
    private final String callId;

    BlockExecution(String runId, String callId) {
        this.runId = runId;
        this.callId = callId;
    }

    @Override
    public boolean cancel(Throwable cause) {
        JenkinsfileProgram program = JenkinsfileProgram.find(runId);
        if (program == null) {
            return false;
        }
        program.post(() -> {
            if (program.call(callId) instanceof StepCall call) {
                call.interruptBlock(program, cause);
            }
        });
        return true;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return cancel(new FlowInterruptedException(Result.ABORTED, true));
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public boolean isDone() {
        JenkinsfileProgram program = JenkinsfileProgram.find(runId);
        return program == null || !(program.call(callId) instanceof StepCall call) || !call.runsBlock();
    }

    @Override
    public Object get() {
        throw new UnsupportedOperationException("The callback of a block receives its result");
    }

    @Override
    public Object get(long timeout, TimeUnit unit) {
        return get();
    }
}
