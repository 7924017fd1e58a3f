package io.jenkins.plugins.gitops.common;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Helpers for {@link CompletableFuture}. */
public final class Futures {

    private Futures() {}

    /** Returns the failure without the {@link CompletionException}s and {@link ExecutionException}s around it. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Cancels a future if it is not done by the deadline. */
    public static void cancelAfter(Duration deadline, ScheduledExecutorService timer, CompletableFuture<?> future) {
        Runnable cancellation = () -> future.cancel(true);
        Future<?> end = timer.schedule(cancellation, deadline.toMillis(), TimeUnit.MILLISECONDS);
        future.whenComplete((value, failure) -> end.cancel(false));
    }
}
