package io.jenkins.plugins.gitops.steps.base;

import hudson.AbortException;
import io.jenkins.plugins.gitops.common.Backoff;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.time.Duration;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * A step that observes something until a deadline. The deadline is saved. After a restart it is later by the time in
 * which Jenkins was down, and the step observes for a minute at least before it gives up.
 */
public abstract class DeadlineExecution extends ResumableExecution {

    private static final long serialVersionUID = 1L;

    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    /** As the user wrote it. */
    private String timeout;

    private long started;
    private long deadline;

    private transient boolean resumed;

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
    public void onResume() {
        resumed = true;
        super.onResume();
    }

    @Override
    protected final void subscribe() {
        long left = deadline + downSince(started) - now();
        schedule("deadline", Math.max(left, resumed ? LEAST_MILLIS_AFTER_RESTART : 0), this::onTimeout);
        observe();
    }

    /**
     * Submits a request, again while the git server cannot be reached: the deadline ends that too.
     */
    protected final <T> void request(String repository, DriverRequest<T> request, Consumer<T> onAnswer) {
        request(repository, request, onAnswer, new Backoff(FIRST_DELAY, LONGEST_DELAY));
    }

    private <T> void request(String repository, DriverRequest<T> request, Consumer<T> onAnswer, Backoff backoff) {
        DriverRegistry.get().submit(repository, request).whenComplete((answer, failure) -> {
            if (failure == null) {
                onAnswer.accept(answer);
            } else if (failure instanceof RepoUnavailable && !(failure instanceof RepoMisconfigured)) {
                if (setWaitReason(failure.getMessage())) {
                    log("Trying again: " + failure.getMessage());
                }
                schedule(
                        "retry",
                        Backoff.jittered(backoff.next()).toMillis(),
                        () -> request(repository, request, onAnswer, backoff));
            } else {
                fail(failure);
            }
        });
    }

    /** Opens the subscription; called by {@link #subscribe}, and so again after each restart. */
    protected abstract void observe();

    /** Fails the step; called when the deadline has passed. */
    protected abstract void onTimeout();

    /** The duration until the deadline, for the end of a sentence: as the user wrote it, and what was not counted. */
    protected final String timeout() {
        long down = downSince(started);
        return timeout
                + (down == 0
                        ? ""
                        : " (not counting " + Durations.format(Duration.ofSeconds((down + 999) / 1000))
                                + " in which Jenkins was down)");
    }

    /** When the step started, in milliseconds. */
    protected final long started() {
        return started;
    }

    protected final long secondsWaited() {
        return (now() - started) / 1000;
    }
}
