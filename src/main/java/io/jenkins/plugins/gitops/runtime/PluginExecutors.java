package io.jenkins.plugins.gitops.runtime;

import hudson.util.ClassLoaderSanityThreadFactory;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of the plugin on this controller.
 *
 * @param timer starts tasks at their times; tasks that block run in the pool
 * @param pool runs tasks that may block on git or a disk
 */
record PluginExecutors(ScheduledThreadPoolExecutor timer, ThreadPoolExecutor pool) {

    /** Enough for a few slow git servers at once; a driver never needs more than one thread at a time. */
    private static final int POOL_THREADS = 8;

    private static final int SHUTDOWN_SECONDS = 10;

    static PluginExecutors create() {
        var timer = new ScheduledThreadPoolExecutor(1, threads("GitOps Waves timer"));
        timer.setRemoveOnCancelPolicy(true);
        var pool = new ThreadPoolExecutor(
                POOL_THREADS, POOL_THREADS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), threads("GitOps Waves"));
        pool.allowCoreThreadTimeOut(true);
        return new PluginExecutors(timer, pool);
    }

    private static ThreadFactory threads(String name) {
        return new NamingThreadFactory(new ClassLoaderSanityThreadFactory(new DaemonThreadFactory()), name);
    }

    /**
     * Stops the timer, and waits up to ten seconds for the tasks in the pool, so that the result of a running push is
     * recorded.
     *
     * @return whether all tasks have ended
     */
    boolean shutdown() {
        timer.shutdownNow();
        pool.shutdown();
        try {
            return pool.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
