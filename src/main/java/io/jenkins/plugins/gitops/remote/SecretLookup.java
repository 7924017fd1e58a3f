package io.jenkins.plugins.gitops.remote;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Looks up the secrets of requests. What stores them may be another system that never answers: a look-up is made on a
 * thread of its own and given up at a deadline, so that whoever asks is told, and can ask again.
 *
 * @param pool makes the look-ups, which may block; may refuse or drop them
 * @param timer ends them; is never blocked
 * @param deadline how long one may take
 */
public record SecretLookup(Executor pool, ScheduledExecutorService timer, Duration deadline) {

    /**
     * Looks a secret up.
     *
     * @param late makes the failure of a look-up that has not ended by the deadline
     */
    public <S> CompletableFuture<S> find(Callable<S> secret, Supplier<? extends Exception> late) {
        var found = new CompletableFuture<S>();
        Runnable giveUp = () -> found.completeExceptionally(late.get());
        Future<?> end = timer.schedule(giveUp, deadline.toMillis(), TimeUnit.MILLISECONDS);
        found.whenComplete((value, failure) -> end.cancel(false));
        try {
            pool.execute(() -> {
                try {
                    found.complete(secret.call());
                } catch (Exception e) {
                    found.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            found.completeExceptionally(e);
        }
        return found;
    }

    /**
     * Makes a call with a secret.
     *
     * @param late makes the failure of a look-up that has not ended by the deadline
     * @param call is not made if the result is cancelled before, and is cancelled with it
     */
    public <S, T> CompletableFuture<T> call(
            Callable<S> secret, Supplier<? extends Exception> late, Function<S, CompletableFuture<T>> call) {
        var result = new CompletableFuture<T>();
        find(secret, late)
                .thenCompose(found -> {
                    if (result.isDone()) {
                        return CompletableFuture.<T>failedFuture(new RejectedExecutionException("cancelled before"));
                    }
                    CompletableFuture<T> made = call.apply(found);
                    result.whenComplete((value, failure) -> made.cancel(true));
                    return made;
                })
                .whenComplete((value, failure) -> {
                    if (failure == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(failure);
                    }
                });
        return result;
    }
}
