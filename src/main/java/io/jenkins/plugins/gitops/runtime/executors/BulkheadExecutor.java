package io.jenkins.plugins.gitops.runtime.executors;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.common.Subscription;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Runs calls that may block without end, in a compartment for each key, such as a build or a server. Stuck calls of one
 * compartment do not delay those of another. The number of concurrent calls of a compartment is limited; further calls
 * wait in their order, without a thread.
 *
 * <p>A call that is cancelled, or has not ended by its deadline, is interrupted and gives up its place at once. Its
 * thread is abandoned: it is counted until it returns, and a compartment with too many abandoned threads takes no more
 * calls, so that the number of threads is bounded for each key.
 */
@Restricted(NoExternalUse.class)
public final class BulkheadExecutor {

    private static final Logger LOGGER = Logger.getLogger(BulkheadExecutor.class.getName());

    private final int mostRunning;
    private final int mostAbandoned;
    private final Duration deadline;
    private final ExecutorService threads;
    private final ScheduledExecutorService timer;

    // Guarded by this.
    private final Map<String, Compartment> compartments = new HashMap<>();

    /**
     * Creates an executor without threads.
     *
     * @param mostRunning how many calls of one key run at once
     * @param mostAbandoned how many abandoned threads one key may have before its calls are refused
     * @param deadline how long a call may run
     * @param threads starts a thread for each call; is not bounded itself
     * @param timer ends calls at their deadline; is never blocked
     */
    BulkheadExecutor(
            int mostRunning,
            int mostAbandoned,
            Duration deadline,
            ExecutorService threads,
            ScheduledExecutorService timer) {
        this.mostRunning = mostRunning;
        this.mostAbandoned = mostAbandoned;
        this.deadline = deadline;
        this.threads = threads;
        this.timer = timer;
    }

    private static final class Compartment {

        private final Deque<Call> waiting = new ArrayDeque<>();
        private int running;
        private int abandoned;

        boolean isUnused() {
            return running == 0 && abandoned == 0 && waiting.isEmpty();
        }
    }

    private enum CallState {
        WAITING,
        RUNNING,
        ABANDONED,
        ENDED
    }

    /** A call and its place. The lock of the executor guards its state. */
    private final class Call implements Subscription {

        private final String key;
        private final Runnable task;
        private final Consumer<String> onGivenUp;
        private CallState state = CallState.WAITING;

        @CheckForNull
        private Thread thread;

        @CheckForNull
        private Future<?> end;

        Call(String key, Runnable task, Consumer<String> onGivenUp) {
            this.key = key;
            this.task = task;
            this.onGivenUp = onGivenUp;
        }

        void run() {
            if (!begin(this)) {
                return;
            }
            try {
                task.run();
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, "A call for " + key + " failed", e);
            } finally {
                end(this);
            }
        }

        /** Cancels the call: it does not start, or is interrupted and gives up its place. */
        @Override
        public void close() {
            giveUp(this);
        }

        void expire() {
            if (giveUp(this)) {
                onGivenUp.accept("it has not answered within " + Durations.format(deadline));
            }
        }
    }

    /**
     * Runs a call as soon as its compartment has a place.
     *
     * @param key names the compartment
     * @param onGivenUp receives the reason, as the end of a sentence, when the call is given up at its deadline or is
     *     refused; must not block
     * @return cancels the call
     */
    public Subscription submit(String key, Runnable task, Consumer<String> onGivenUp) {
        var call = new Call(key, task, onGivenUp);
        boolean refused;
        synchronized (this) {
            Compartment compartment = compartments.computeIfAbsent(key, any -> new Compartment());
            refused = compartment.abandoned >= mostAbandoned;
            if (refused) {
                call.state = CallState.ENDED;
            } else {
                compartment.waiting.add(call);
                startWaiting(compartment);
            }
        }
        if (refused) {
            onGivenUp.accept(mostAbandoned + " calls that were given up before have not returned yet");
        }
        return call;
    }

    /** An executor of the calls of one key. A call that is given up is only logged. */
    public Executor of(String key) {
        return task -> submit(
                key,
                task,
                why -> LOGGER.log(Level.WARNING, "A call for {0} is given up: {1}", new Object[] {key, why}));
    }

    /**
     * Makes the result of a call. It fails when the call fails, is given up at its deadline, or is refused, so that
     * whoever waits for it may ask again.
     */
    public <T> CompletableFuture<T> supply(String key, Supplier<T> call) {
        var result = new CompletableFuture<T>();
        submit(
                key,
                () -> {
                    try {
                        result.complete(call.get());
                    } catch (RuntimeException e) {
                        result.completeExceptionally(e);
                    }
                },
                why -> result.completeExceptionally(new TimeoutException("the call was given up: " + why + ".")));
        return result;
    }

    /** The number of threads that were given up and have not returned. */
    public synchronized int abandoned() {
        return compartments.values().stream()
                .mapToInt(compartment -> compartment.abandoned)
                .sum();
    }

    private void startWaiting(Compartment compartment) {
        while (compartment.running < mostRunning && !compartment.waiting.isEmpty()) {
            Call call = compartment.waiting.remove();
            compartment.running++;
            call.state = CallState.RUNNING;
            try {
                threads.execute(call::run);
                call.end = timer.schedule(call::expire, deadline.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                // Jenkins stops; steps submit their requests again after the restart.
                LOGGER.log(Level.FINE, "A call for " + call.key + " is not made", e);
            }
        }
    }

    private synchronized boolean begin(Call call) {
        if (call.state == CallState.ABANDONED) {
            returned(call);
            return false;
        }
        call.thread = Thread.currentThread();
        return true;
    }

    private synchronized void end(Call call) {
        call.thread = null;
        // An interrupt that came too late must not reach the next call of the thread.
        Thread.interrupted();
        if (call.state == CallState.ABANDONED) {
            returned(call);
            return;
        }
        call.state = CallState.ENDED;
        if (call.end != null) {
            call.end.cancel(false);
        }
        Compartment compartment = compartments.get(call.key);
        compartment.running--;
        startWaiting(compartment);
        forget(call.key, compartment);
    }

    private void returned(Call call) {
        call.state = CallState.ENDED;
        Compartment compartment = compartments.get(call.key);
        compartment.abandoned--;
        forget(call.key, compartment);
    }

    private void forget(String key, Compartment compartment) {
        if (compartment.isUnused()) {
            compartments.remove(key);
        }
    }

    /** Frees the place of a call, unless it has ended or ends itself; returns whether it did. */
    private synchronized boolean giveUp(Call call) {
        if (call.thread == Thread.currentThread()) {
            return false;
        }
        Compartment compartment = compartments.get(call.key);
        if (call.state == CallState.WAITING) {
            call.state = CallState.ENDED;
            compartment.waiting.remove(call);
            forget(call.key, compartment);
            return true;
        }
        if (call.state != CallState.RUNNING) {
            return false;
        }
        call.state = CallState.ABANDONED;
        if (call.end != null) {
            call.end.cancel(false);
        }
        if (call.thread != null) {
            call.thread.interrupt();
        }
        compartment.running--;
        compartment.abandoned++;
        startWaiting(compartment);
        return true;
    }
}
