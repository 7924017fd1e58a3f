package sandbox.runner;

import hudson.model.Result;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import jenkins.model.CauseOfInterruption;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/** The deadline of a {@code timeout} block, in milliseconds since the epoch, so that it survives a restart. */
final class TimeoutDeadline implements Serializable {
    private static final long serialVersionUID = 1L;
    private final ExecutionBranch branch;
    private final long at;
    private transient ScheduledFuture<?> timer;

    TimeoutDeadline(ExecutionBranch branch, Duration in) {
        this.branch = branch;
        this.at = DriverRegistry.get().clock().millis() + in.toMillis();
    }

    void schedule(JenkinsfileProgram program) {
        long left = Math.max(0, at - DriverRegistry.get().clock().millis());
        timer = Timer.get().schedule(() -> program.post(() -> expire(program)), left, TimeUnit.MILLISECONDS);
    }

    private void expire(JenkinsfileProgram program) {
        if (branch.deadlines().contains(this)) {
            program.line("Cancelling nested steps due to timeout");
            branch.interrupt(program, new FlowInterruptedException(Result.ABORTED, false, new Exceeded()));
        }
    }

    void cancel() {
        branch.deadlines().remove(this);
        timer.cancel(false);
    }

    private static final class Exceeded extends CauseOfInterruption {
        private static final long serialVersionUID = 1L;

        @Override
        public String getShortDescription() {
            return "Timeout has been exceeded";
        }
    }
}
