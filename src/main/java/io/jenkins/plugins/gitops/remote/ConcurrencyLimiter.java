package io.jenkins.plugins.gitops.remote;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Limits how many asynchronous calls run at once. Further calls wait in their order, without a thread. Thread-safe. */
public final class ConcurrencyLimiter {

    private final int most;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int underWay;

    public ConcurrencyLimiter(int most) {
        this.most = most;
    }

    /**
     * Starts a call as soon as fewer than the limit are running: on the caller's thread, or on the thread that
     * completed an earlier call.
     */
    public <T> CompletableFuture<T> take(Supplier<CompletableFuture<T>> call) {
        var answer = new CompletableFuture<T>();
        Runnable turn = () -> start(call).whenComplete((result, failure) -> {
            startNext();
            if (failure == null) {
                answer.complete(result);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        synchronized (this) {
            if (underWay == most) {
                waiting.add(turn);
                return answer;
            }
            underWay++;
        }
        turn.run();
        return answer;
    }

    private static <T> CompletableFuture<T> start(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void startNext() {
        Runnable turn;
        synchronized (this) {
            turn = waiting.poll();
            if (turn == null) {
                underWay--;
                return;
            }
        }
        turn.run();
    }
}
