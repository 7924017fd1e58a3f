package io.jenkins.plugins.gitops.steps.base;

import hudson.AbortException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** A step that observes something until a deadline. The deadline is saved, so that a restart does not extend it. */
public abstract class DeadlineExecution extends ResumableExecution {

    private static final long serialVersionUID = 1L;

    /** As the user wrote it. */
    private String timeout;

    private long started;
    private long deadline;

    protected DeadlineExecution(StepContext context) {
        super(context);
    }

    /** Sets the deadline. Called by the start. */
    protected final void startDeadline(String duration) throws AbortException {
        timeout = duration;
        started = now();
        deadline = started + StepArguments.duration(duration, "timeout:").toMillis();
    }

    @Override
    protected final void subscribe() {
        schedule("deadline", deadline - now(), this::onTimeout);
        observe();
    }

    /** Opens the subscription; called by {@link #subscribe}, and so again after each restart. */
    protected abstract void observe();

    /** Fails the step; called when the deadline has passed. */
    protected abstract void onTimeout();

    /** The duration until the deadline, as the user wrote it. */
    protected final String timeout() {
        return timeout;
    }

    /** When the step started, in milliseconds. */
    protected final long started() {
        return started;
    }

    protected final long secondsWaited() {
        return (now() - started) / 1000;
    }
}
