package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.gitops.common.Backoff;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RequestWithdrawal;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * A step that submits requests to the driver. While the git server cannot be reached, it repeats a request until its
 * timeout; any other failure ends the step at once. A pending request is withdrawn when the step ends, unless the
 * driver has begun it.
 *
 * <p>The timeout limits the wait for each answer, and no other wait of the step.
 */
public abstract class RequestingExecution extends ResumableExecution {

    /** The timeout of steps that do not set another. */
    public static final String DEFAULT_TIMEOUT = "10m";

    private static final long serialVersionUID = 1L;

    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    /** Of the wait for the present answer, or for the last one while the step waits for none. */
    private StepDeadline deadline;

    /** Whether the step waits for an answer. */
    private boolean waiting;

    /** The delays between attempts; null unless the last attempt failed. */
    @CheckForNull
    private transient Backoff backoff;

    @CheckForNull
    private transient RequestWithdrawal withdrawal;

    protected RequestingExecution(StepContext context) {
        super(context);
    }

    /** Sets the timeout and starts it. Called when the step starts. */
    protected final void startTimeout(String timeout) throws AbortException {
        deadline = StepDeadline.begin(timeout);
        waiting = true;
    }

    /** Restarts the timeout with the next request, since the step has waited for something else. */
    protected final synchronized void restartTimeout() {
        waiting = false;
    }

    /**
     * Returns whether the job of the build may still submit the request; if not, the step fails. Called before each
     * request, also before a repeated one, since the configuration may have changed.
     */
    protected abstract boolean mayAsk();

    /** Submits a request; the step fails if the driver refuses it or does not answer in time. */
    protected final <T> void request(String repository, DriverRequest<T> request, Consumer<T> onAnswer) {
        request(repository, request, onAnswer, this::fail);
    }

    /**
     * Submits a request. Does nothing if the step has ended or {@link #mayAsk} is false.
     *
     * @param onRefusal receives a failure that waiting does not mend; for other failures the step fails at its timeout
     */
    protected final <T> void request(
            String repository, DriverRequest<T> request, Consumer<T> onAnswer, Consumer<Throwable> onRefusal) {
        submit(
                repository,
                withdrawal -> DriverRegistry.get().submit(repository, request, withdrawal),
                () -> request(repository, request, onAnswer, onRefusal),
                onAnswer,
                onRefusal);
    }

    /**
     * Submits what another part of the plugin makes of one or several requests. Does nothing if the step has ended or
     * {@link #mayAsk} is false.
     *
     * @param submission submits it, so that it can be withdrawn
     * @param again is run to repeat it, while the git server cannot be reached
     * @param onRefusal receives a failure that waiting does not mend; for other failures the step fails at its timeout
     */
    protected final <T> void submit(
            String repository,
            Function<RequestWithdrawal, CompletableFuture<T>> submission,
            Runnable again,
            Consumer<T> onAnswer,
            Consumer<Throwable> onRefusal) {
        if (isEnded() || !mayAsk()) {
            return;
        }
        var submitted = new RequestWithdrawal();
        synchronized (this) {
            if (isEnded()) {
                return;
            }
            withdrawal = submitted;
            if (!waiting) {
                deadline = deadline.again();
                waiting = true;
            }
            schedule("answer", deadline.untilGivenUp(), () -> onTimeout(repository, submitted));
        }
        CompletableFuture<T> answered = submission.apply(submitted);
        logProgress(repository, answered);
        answered.whenComplete((answer, thrown) -> {
            if (thrown == null) {
                answered();
                onAnswer.accept(answer);
                return;
            }
            Throwable failure = Futures.cause(thrown);
            if (failure instanceof RepoUnavailable trouble && !(failure instanceof RepoMisconfigured)) {
                retry(trouble, again);
                return;
            }
            answered();
            onRefusal.accept(failure);
        });
    }

    private void answered() {
        synchronized (this) {
            cancel("answer");
            waiting = false;
            if (backoff == null) {
                return;
            }
            backoff = null;
            clearWaitReason();
        }
        log("The git server answers again");
    }

    /** Submits the request again later, unless the timeout has passed. */
    private void retry(RepoUnavailable trouble, Runnable again) {
        long left;
        long delay;
        boolean first;
        synchronized (this) {
            if (!waiting) {
                deadline = deadline.again();
                waiting = true;
            }
            left = deadline.left();
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
            log("Trying again for up to " + deadline.describe() + ": " + trouble.getMessage());
            // Saves the deadline for the time after a restart.
            saveForRestart();
        }
        schedule("retry", Math.min(delay, left), again);
    }

    private void onTimeout(String repository, RequestWithdrawal submitted) {
        synchronized (this) {
            if (withdrawal != submitted) {
                return;
            }
            long found = deadline.found();
            if (found > 0) {
                schedule("answer", found, () -> onTimeout(repository, submitted));
                return;
            }
        }
        if (submitted.withdraw()) {
            giveUp(DriverRegistry.get()
                    .findTrouble(repository)
                    .orElse("The driver of " + repository + " has not come to it."));
        }
        // Else the driver has begun the request, and answers it when the server has answered or failed.
    }

    private void giveUp(String reason) {
        fail(new AbortException(reason + " Nothing was done within " + deadline.describe()
                + ", and nothing will be; timeout: can give it longer."));
    }

    @Override
    protected void onEnd() {
        RequestWithdrawal present;
        synchronized (this) {
            present = withdrawal;
        }
        if (present != null) {
            present.withdraw();
        }
    }
}
