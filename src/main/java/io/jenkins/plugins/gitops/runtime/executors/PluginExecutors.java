package io.jenkins.plugins.gitops.runtime.executors;

import hudson.util.ClassLoaderSanityThreadFactory;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The threads of the plugin on this controller, one pool for each kind of work, so that no driver waits for a step or
 * another driver, and no step waits for the agent of another build.
 *
 * @param timer starts tasks at their times; tasks that block run elsewhere
 * @param rounds runs the rounds of drivers, each on its own thread; a driver has at most one round at a time, so that
 *     there are as many threads as repositories that are busy
 * @param callbacks runs what answers and timers cause: tasks that wait for nothing but the disks of the controller
 * @param housekeeping runs the garbage collection of clones, which is heavy work for the disks
 * @param blocking starts the threads of {@code builds} and {@code servers}
 * @param builds runs what builds ask of their agents and credentials, in a compartment for each build
 * @param servers runs what is asked on behalf of servers and may block, such as the making of tokens, in a compartment
 *     for each server
 * @param events runs what tells events, a thread for each listener and receiver at most
 */
@Restricted(NoExternalUse.class)
public record PluginExecutors(
        ScheduledThreadPoolExecutor timer,
        ThreadPoolExecutor rounds,
        ThreadPoolExecutor callbacks,
        ThreadPoolExecutor housekeeping,
        ExecutorService blocking,
        BulkheadExecutor builds,
        BulkheadExecutor servers,
        ExecutorService events) {

    private static final int CALLBACK_THREADS = 8;
    private static final int HOUSEKEEPING_THREADS = 2;

    /** The number of calls of one build, or for one server, that run at once. */
    private static final int CALLS = 4;

    private static final int ABANDONED_CALLS = 16;

    /** Enough to write a large tree to a distant agent. */
    private static final Duration BUILD_DEADLINE = Duration.ofMinutes(15);

    private static final Duration SERVER_DEADLINE = Duration.ofMinutes(1);

    private static final int SHUTDOWN_SECONDS = 10;

    public static PluginExecutors create() {
        var timer = new ScheduledThreadPoolExecutor(1, threads("GitOps Waves timer"));
        timer.setRemoveOnCancelPolicy(true);
        ExecutorService blocking = unbounded("GitOps Waves call");
        return new PluginExecutors(
                timer,
                unbounded("GitOps Waves driver"),
                bounded(CALLBACK_THREADS, "GitOps Waves"),
                bounded(HOUSEKEEPING_THREADS, "GitOps Waves housekeeping"),
                blocking,
                new BulkheadExecutor(CALLS, ABANDONED_CALLS, BUILD_DEADLINE, blocking, timer),
                new BulkheadExecutor(CALLS, ABANDONED_CALLS, SERVER_DEADLINE, blocking, timer),
                unbounded("GitOps Waves events"));
    }

    private static ThreadPoolExecutor bounded(int most, String name) {
        var pool = new ThreadPoolExecutor(most, most, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), threads(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadPoolExecutor unbounded(String name) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), threads(name));
    }

    private static ThreadFactory threads(String name) {
        return new NamingThreadFactory(new ClassLoaderSanityThreadFactory(new DaemonThreadFactory()), name);
    }

    /**
     * Stops the timer and the calls, and waits up to ten seconds in all for the rounds and callbacks, so that the result of
     * a running push is recorded, and for what tells events, so that what was told is not told again after a restart.
     *
     * @return whether all rounds and callbacks have ended
     */
    public boolean shutdown() {
        timer.shutdownNow();
        blocking.shutdownNow();
        housekeeping.shutdownNow();
        events.shutdownNow();
        rounds.shutdown();
        callbacks.shutdown();
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SHUTDOWN_SECONDS);
            boolean ended = rounds.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS)
                    && callbacks.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            events.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
