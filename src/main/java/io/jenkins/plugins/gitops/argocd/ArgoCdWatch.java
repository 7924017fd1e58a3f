package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.common.DelayedExecutor;
import io.jenkins.plugins.gitops.common.Subscription;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Watches the applications of an Argo CD server as long as the watch has followers, which share it. No method blocks,
 * and all may be called from any thread.
 */
public final class ArgoCdWatch {

    private static final Logger LOGGER = Logger.getLogger(ArgoCdWatch.class.getName());

    /** Whether followers are being notified. */
    private enum Notification {
        IDLE,
        RUNNING,
        /** Running, and the snapshot has changed since it began. */
        RUNNING_AND_OUTDATED
    }

    private final ArgoCdClient server;
    private final Clock clock;
    private final DelayedExecutor executor;
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private final AtomicReference<Notification> notification = new AtomicReference<>(Notification.IDLE);

    /** Null while there are no followers. */
    @CheckForNull
    private volatile WatchSession session;

    private final class Follower implements Subscription {
        private final Runnable onChange;

        Follower(Runnable onChange) {
            this.onChange = onChange;
        }

        @Override
        public void close() {
            remove(this);
        }
    }

    /**
     * Creates a watch that sends no request until it has a follower.
     *
     * @param timer hands tasks to the pool; is never blocked
     * @param pool notifies the followers
     */
    public ArgoCdWatch(ArgoCdClient server, Clock clock, ScheduledExecutorService timer, Executor pool) {
        this.server = server;
        this.clock = clock;
        this.executor = new DelayedExecutor(timer, pool);
    }

    /** Returns the settings of the server that is watched. */
    public ArgoCdSettings settings() {
        return server.settings();
    }

    /**
     * Follows the applications. The first follower starts the watch, and the last one stops it when it closes.
     *
     * @param onChange is called when the {@link #snapshot} has changed, on a thread of the pool, by one thread at a
     *     time
     */
    public synchronized Subscription follow(Runnable onChange) {
        var follower = new Follower(onChange);
        followers.add(follower);
        if (session == null) {
            var begun = new WatchSession(server, clock, executor, this::scheduleNotification);
            session = begun;
            begun.pollNow();
        }
        return follower;
    }

    private synchronized void remove(Follower follower) {
        WatchSession current = session;
        if (followers.remove(follower) && followers.isEmpty() && current != null) {
            current.close();
            session = null;
        }
    }

    /** Returns the applications as they were last seen; {@link ServerSnapshot#NOTHING} without followers. */
    public ServerSnapshot snapshot() {
        WatchSession current = session;
        return current == null ? ServerSnapshot.NOTHING : current.snapshot();
    }

    /** Lists the applications soon, for example since a webhook reports that one has changed. */
    public void pollNow() {
        WatchSession current = session;
        if (current != null) {
            current.pollNow();
        }
    }

    /**
     * Makes Argo CD compare an application with git again, and reads its state then. Frequent calls for one application
     * are combined.
     */
    public void refresh(ApplicationId application) {
        WatchSession current = session;
        if (current != null) {
            current.refresh(application);
        }
    }

    /** Starts a synchronisation of an application; fails with {@link ArgoCdUnavailable} if Argo CD refuses it. */
    public CompletableFuture<Void> sync(Application application) {
        return server.sync(application.id(), application.project()).thenAccept(observed -> pollNow());
    }

    private void scheduleNotification() {
        if (notification.getAndSet(Notification.RUNNING_AND_OUTDATED) == Notification.IDLE) {
            executor.execute(this::notifyFollowers);
        }
    }

    private void notifyFollowers() {
        do {
            notification.set(Notification.RUNNING);
            for (Follower follower : followers) {
                try {
                    follower.onChange.run();
                } catch (RuntimeException e) {
                    LOGGER.log(
                            Level.WARNING,
                            "A follower of the Argo CD server " + settings().name() + " failed",
                            e);
                }
            }
        } while (!notification.compareAndSet(Notification.RUNNING, Notification.IDLE));
    }
}
