package io.jenkins.plugins.gitops.common;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs tasks on a pool, now or later, so that they never block the timer.
 *
 * @param timer hands tasks to the pool; is never blocked
 */
public record DelayedExecutor(ScheduledExecutorService timer, Executor pool) {

    /** Runs a task on the pool as soon as it has a thread. */
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /**
     * Runs a task after a delay.
     *
     * @return cancels the task if the delay has not ended
     */
    public Future<?> schedule(Duration delay, Runnable task) {
        return timer.schedule(() -> pool.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
