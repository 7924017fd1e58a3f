package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Somebody who follows something. It hears each state that differs from the one before, one at a time and in order, on
 * a thread of the pool, so that many who are slow to listen keep neither each other nor the driver waiting. A state that
 * is outdated before it could be heard is left out.
 *
 * @param <T> a state; a value
 */
final class LatestValueSubscriber<T> {

    private static final Logger LOGGER = Logger.getLogger(LatestValueSubscriber.class.getName());

    private final String followed;
    private final Consumer<T> consumer;
    private final Executor pool;

    // Guarded by this.
    @CheckForNull
    private T last;

    @CheckForNull
    private T unheard;

    private boolean listening;

    /**
     * Makes one that has heard nothing yet.
     *
     * @param followed what it follows, for the log
     * @param consumer hears of it
     */
    LatestValueSubscriber(String followed, Consumer<T> consumer, Executor pool) {
        this.followed = followed;
        this.consumer = consumer;
        this.pool = pool;
    }

    /** The last state that it was told. */
    synchronized Optional<T> last() {
        return Optional.ofNullable(last);
    }

    /** Tells a state, and does not wait until it is heard. */
    void tell(T state) {
        synchronized (this) {
            if (state.equals(last)) {
                return;
            }
            last = state;
            unheard = state;
            if (listening) {
                return;
            }
            listening = true;
        }
        try {
            pool.execute(this::listen);
        } catch (RejectedExecutionException e) {
            // Jenkins stops; who waits there asks again when it is back.
            LOGGER.log(Level.FINE, "Nobody hears of " + followed + " any more", e);
        }
    }

    private void listen() {
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
        T state = unheard;
        unheard = null;
        listening = state != null;
        return state;
    }
}
