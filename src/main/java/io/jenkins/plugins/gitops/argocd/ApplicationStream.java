package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.argocd.ApplicationListing.VersionedApplication;
import io.jenkins.plugins.gitops.common.ArgoCdUnavailable;
import io.jenkins.plugins.gitops.common.DelayedExecutor;
import io.jenkins.plugins.gitops.common.Subscription;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;

/** One connection on which Argo CD reports changes of applications. It is closed if nothing arrives for 45 seconds. */
final class ApplicationStream implements ArgoCdClient.StreamListener, AutoCloseable {

    /** Argo CD sends something at least every 15 seconds. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(45);

    private final ArgoCdClient server;
    private final Clock clock;
    private final DelayedExecutor executor;
    private final Listener listener;
    private final Instant opened;

    // All below is guarded by this.
    private Instant lastReceived;
    private boolean closed;

    @CheckForNull
    private Future<?> silenceCheck;

    @CheckForNull
    private Subscription connection;

    /** Receives the events of a stream, without a lock of the stream. */
    interface Listener {

        /** An application was added or has changed. */
        void changed(ApplicationStream stream, VersionedApplication application);

        /** An application was deleted. */
        void deleted(ApplicationStream stream, VersionedApplication application);

        /**
         * The stream has ended, and not by {@link ApplicationStream#close}. No event follows.
         *
         * @param why what the server or the connection reported; empty if nothing was received for too long
         */
        void ended(ApplicationStream stream, Optional<ArgoCdUnavailable> why);
    }

    ApplicationStream(ArgoCdClient server, Clock clock, DelayedExecutor executor, Listener listener) {
        this.server = server;
        this.clock = clock;
        this.executor = executor;
        this.listener = listener;
        this.opened = clock.instant();
        this.lastReceived = opened;
    }

    /** Returns when the stream was created. */
    Instant opened() {
        return opened;
    }

    /**
     * Starts to connect, on a thread of the pool.
     *
     * @param resourceVersion the version of a list, after which changes are reported; if empty, all applications are
     *     reported first
     */
    synchronized void open(Optional<String> resourceVersion) {
        silenceCheck = executor.schedule(LONGEST_SILENCE, this::endIfSilent);
        executor.execute(() -> {
            Subscription made = server.stream(resourceVersion, this);
            synchronized (this) {
                if (!closed) {
                    connection = made;
                    return;
                }
            }
            made.close();
        });
    }

    @Override
    public synchronized void alive() {
        lastReceived = clock.instant();
    }

    @Override
    public void changed(VersionedApplication application) {
        listener.changed(this, application);
    }

    @Override
    public void deleted(VersionedApplication application) {
        listener.deleted(this, application);
    }

    @Override
    public void ended(ArgoCdUnavailable why) {
        if (markClosed()) {
            listener.ended(this, Optional.of(why));
        }
    }

    private void endIfSilent() {
        synchronized (this) {
            Duration silent = Duration.between(lastReceived, clock.instant());
            if (!closed && silent.compareTo(LONGEST_SILENCE) < 0) {
                silenceCheck = executor.schedule(LONGEST_SILENCE.minus(silent), this::endIfSilent);
                return;
            }
        }
        if (markClosed()) {
            listener.ended(this, Optional.empty());
            closeConnection();
        }
    }

    /** Marks the stream as closed; returns whether it was open. */
    private synchronized boolean markClosed() {
        boolean first = !closed;
        closed = true;
        if (silenceCheck != null) {
            silenceCheck.cancel(false);
        }
        return first;
    }

    private void closeConnection() {
        Subscription made;
        synchronized (this) {
            made = connection;
        }
        if (made != null) {
            made.close();
        }
    }

    @Override
    public void close() {
        markClosed();
        closeConnection();
    }
}
