package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.gitops.common.Backoff;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RequestClaim;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * A step that asks the driver for something. While the git server cannot be reached, it asks again and again until its
 * timeout; what does not get better by waiting fails it at once. What the step has asked when it ends is withdrawn,
 * unless the driver has begun it.
 *
 * <p>The timeout counts for each answer, not for what the step waits for otherwise. Its deadline is saved, so that a
 * restart does not extend it; but the driver is asked once more before the step gives up.
 */
public abstract class RequestingExecution extends ResumableExecution {

    /** How long steps wait for an answer unless they are told otherwise. */
    public static final String DEFAULT_TIMEOUT = "10m";

    private static final long serialVersionUID = 1L;

    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    /** The time for the first answer after a restart, however late it is. */
    private static final long RESUMED_MILLIS = 30_000;

    /** As the user wrote it. */
    private String timeout = DEFAULT_TIMEOUT;

    /** When the step gives up to wait for the present answer, in milliseconds; 0 while it waits for none. */
    private long deadline;

    private transient boolean resumed;

    /** The delays between attempts; null unless the last attempt failed. */
    @CheckForNull
    private transient Backoff backoff;

    @CheckForNull
    private transient RequestClaim claim;

    protected RequestingExecution(StepContext context) {
        super(context);
    }

    /** Sets the timeout. Called by the start. */
    protected final void startTimeout(String duration) throws AbortException {
        timeout = duration;
        deadline = now() + timeoutMillis();
    }

    private long timeoutMillis() throws AbortException {
        return StepArguments.duration(timeout, "timeout:").toMillis();
    }

    @Override
    public void onResume() {
        resumed = true;
        super.onResume();
    }

    /**
     * Whether the job of the build may still ask for this; if not, the step fails. Called before each request, also
     * when it is repeated, since the configuration may have changed.
     */
    protected abstract boolean mayAsk();

    /** Submits a request; the step fails if the driver refuses it or does not answer in time. */
    protected final <T> void request(String repository, DriverRequest<T> request, Consumer<T> onAnswer) {
        request(repository, request, onAnswer, this::fail);
    }

    /**
     * Submits a request. Does nothing if the step has ended or may not ask.
     *
     * @param onRefusal is told of a failure that is not one of the git server's, or stays; the step fails by itself at
     *     its timeout
     */
    protected final <T> void request(
            String repository, DriverRequest<T> request, Consumer<T> onAnswer, Consumer<Throwable> onRefusal) {
        if (isEnded() || !mayAsk()) {
            return;
        }
        var submitted = new RequestClaim();
        synchronized (this) {
            if (isEnded()) {
                return;
            }
            claim = submitted;
            try {
                deadline = deadline == 0 ? now() + timeoutMillis() : deadline;
            } catch (AbortException e) {
                fail(e);
                return;
            }
            schedule(
                    "answer",
                    Math.max(deadline - now(), resumed ? RESUMED_MILLIS : 0),
                    () -> onTimeout(repository, submitted));
        }
        CompletableFuture<T> answered = DriverRegistry.get().submit(repository, request, submitted);
        logProgress(repository, answered);
        answered.whenComplete((answer, failure) -> {
            if (failure instanceof RepoUnavailable trouble && !(failure instanceof RepoMisconfigured)) {
                retry(repository, trouble, () -> request(repository, request, onAnswer, onRefusal));
                return;
            }
            answered();
            if (failure == null) {
                onAnswer.accept(answer);
            } else {
                onRefusal.accept(failure);
            }
        });
    }

    private void answered() {
        synchronized (this) {
            cancel("answer");
            deadline = 0;
            resumed = false;
            if (backoff == null) {
                return;
            }
            backoff = null;
            clearWaitReason();
        }
        log("The git server answers again");
    }

    /** Asks again later, unless the timeout has passed. */
    private void retry(String repository, RepoUnavailable trouble, Runnable again) {
        long left;
        long delay;
        boolean first;
        synchronized (this) {
            left = deadline - now();
            resumed = false;
            first = backoff == null;
            if (backoff == null) {
                backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);
            }
            delay = Backoff.jittered(backoff.next()).toMillis();
        }
        if (isEnded()) {
            return;
        }
        if (left <= 0) {
            giveUp(trouble.getMessage());
            return;
        }
        setWaitReason(trouble.getMessage());
        if (first) {
            log("Trying again for up to " + timeout + ": " + trouble.getMessage());
            // The deadline is to be known after a restart.
            getContext().saveState();
        }
        schedule("retry", Math.min(delay, left), again);
    }

    private void onTimeout(String repository, RequestClaim submitted) {
        if (submitted.withdraw()) {
            giveUp(DriverRegistry.get()
                    .findTrouble(repository)
                    .orElse("The driver of " + repository + " has not come to it."));
        }
        // What the driver has begun is answered when the server answers, or fails then.
    }

    private void giveUp(String reason) {
        fail(new AbortException(reason + " Nothing was done within " + timeout
                + ", and nothing will be; timeout: can give it longer."));
    }

    @Override
    protected void onEnd() {
        RequestClaim present;
        synchronized (this) {
            present = claim;
        }
        if (present != null) {
            present.withdraw();
        }
    }
}
