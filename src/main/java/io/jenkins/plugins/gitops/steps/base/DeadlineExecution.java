package io.jenkins.plugins.gitops.steps.base;

import hudson.AbortException;
import io.jenkins.plugins.gitops.common.Backoff;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.time.Duration;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** A step that observes something until a {@link StepDeadline}. */
public abstract class DeadlineExecution extends ResumableExecution {

    private static final long serialVersionUID = 1L;

    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    private StepDeadline deadline;

    protected DeadlineExecution(StepContext context) {
        super(context);
    }

    /** Sets the deadline. Called by the start. */
    protected final void startDeadline(String timeout) throws AbortException {
        deadline = StepDeadline.begin(timeout);
    }

    @Override
    protected final void subscribe() {
        schedule("deadline", deadline.untilGivenUp(), this::onDeadline);
        observe();
    }

    private void onDeadline() {
        long found = deadline.found();
        if (found > 0) {
            schedule("deadline", found, this::onDeadline);
        } else {
            onTimeout();
        }
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

    /** The time that the step had, for the end of a sentence. */
    protected final String timeout() {
        return deadline.describe();
    }

    /** The time at which the step started, in milliseconds since the epoch. */
    protected final long started() {
        return deadline.began();
    }

    protected final long secondsWaited() {
        return (now() - started()) / 1000;
    }
}
