package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Calls a consumer with each state that differs from the one before, one at a time and in order, on a thread of the
 * pool. A slow consumer keeps neither the others nor the publisher waiting: a state that is replaced before the consumer
 * is free is skipped.
 *
 * @param <T> a state; a value
 */
public final class LatestValueSubscriber<T> {

    private static final Logger LOGGER = Logger.getLogger(LatestValueSubscriber.class.getName());

    private final String followed;
    private final Consumer<T> consumer;
    private final Executor pool;

    // Guarded by this.
    @CheckForNull
    private T last;

    @CheckForNull
    private T undelivered;

    private boolean delivering;

    /**
     * Creates a subscriber.
     *
     * @param followed the subject, for the log
     */
    public LatestValueSubscriber(String followed, Consumer<T> consumer, Executor pool) {
        this.followed = followed;
        this.consumer = consumer;
        this.pool = pool;
    }

    /** The state that was published last. */
    public synchronized Optional<T> last() {
        return Optional.ofNullable(last);
    }

    /** Hands over a state, without waiting for the consumer. */
    public void publish(T state) {
        synchronized (this) {
            if (state.equals(last)) {
                return;
            }
            last = state;
            undelivered = state;
            if (delivering) {
                return;
            }
            delivering = true;
        }
        try {
            pool.execute(this::deliver);
        } catch (RejectedExecutionException e) {
            // Jenkins stops; steps subscribe again after the restart.
            LOGGER.log(Level.FINE, "The status of " + followed + " is not delivered", e);
        }
    }

    private void deliver() {
        for (T state = next(); state != null; state = next()) {
            try {
                consumer.accept(state);
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, "A follower of " + followed + " failed", e);
            }
        }
    }

    @Nullable
    private synchronized T next() {
        T state = undelivered;
        undelivered = null;
        delivering = state != null;
        return state;
    }
}
