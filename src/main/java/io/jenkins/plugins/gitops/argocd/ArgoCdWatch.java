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
 * Watches the applications of an Argo CD server for as long as it has followers, once for all of them. No method blocks,
 * so all may be called from any thread.
 */
public final class ArgoCdWatch {

    private static final Logger LOGGER = Logger.getLogger(ArgoCdWatch.class.getName());

    /** Whether followers are being notified. */
    private enum Notification {
        IDLE,
        RUNNING,
        /** Running, and there has been news since it began. */
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
            leave(this);
        }
    }

    /**
     * Makes a watch that requests nothing until it has a follower.
     *
     * @param timer hands tasks to the pool; is never blocked
     * @param pool fetches the token, which may take a while, and notifies the followers
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
     * @param onChange is called when the {@link #snapshot} differs from before, on a thread of the pool, never twice at a
     *     time
     */
    public synchronized Subscription follow(Runnable onChange) {
        var follower = new Follower(onChange);
        followers.add(follower);
        if (session == null) {
            var begun = new WatchSession(server, clock, executor, this::scheduleNotification);
            session = begun;
            begun.lookNow();
        }
        return follower;
    }

    private synchronized void leave(Follower follower) {
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

    /** Lists the applications soon, for instance because a webhook reports that one has changed. */
    public void lookNow() {
        WatchSession current = session;
        if (current != null) {
            current.lookNow();
        }
    }

    /**
     * Has Argo CD compare an application with git again, and takes over its state then. Frequent requests for one
     * application are combined.
     */
    public void refresh(ApplicationId application) {
        WatchSession current = session;
        if (current != null) {
            current.refresh(application);
        }
    }

    /** Begins a synchronisation of an application; fails with {@link ArgoCdUnavailable} if Argo CD refuses it. */
    public CompletableFuture<Void> sync(Application application) {
        return CompletableFuture.supplyAsync(
                        () -> server.sync(application.id(), application.project()), executor.pool())
                .thenCompose(answer -> answer)
                .thenAccept(observed -> lookNow());
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
