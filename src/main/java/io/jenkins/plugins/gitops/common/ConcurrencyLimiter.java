package io.jenkins.plugins.gitops.common;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Lets so many calls be under way at once. The others wait for their turn, without a thread. */
public final class ConcurrencyLimiter {

    private final int most;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int underWay;

    public ConcurrencyLimiter(int most) {
        this.most = most;
    }

    /** Makes the call as soon as it is its turn. */
    public <T> CompletableFuture<T> take(Supplier<CompletableFuture<T>> call) {
        var answer = new CompletableFuture<T>();
        Runnable turn = () -> begun(call).whenComplete((result, failure) -> {
            next();
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

    private static <T> CompletableFuture<T> begun(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void next() {
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
