package io.jenkins.plugins.gitops.argocd;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs tasks on a pool, now or later, so that they never block the timer.
 *
 * @param timer only hands tasks to the pool
 */
record DelayedExecutor(ScheduledExecutorService timer, Executor pool) {

    void execute(Runnable task) {
        pool.execute(task);
    }

    /**
     * Runs a task after a delay.
     *
     * @return cancels the task as long as the delay lasts
     */
    Future<?> schedule(Duration delay, Runnable task) {
        return timer.schedule(() -> pool.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
