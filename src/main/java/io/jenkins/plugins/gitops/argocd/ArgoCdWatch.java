package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.argocd.Application.Id;
import io.jenkins.plugins.gitops.common.Following;
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
 * Keeps the applications of an Argo CD server in view while somebody follows, once for all who do. Nothing here waits:
 * its methods may be called from anywhere.
 */
public final class ArgoCdWatch {

    private static final Logger LOGGER = Logger.getLogger(ArgoCdWatch.class.getName());

    /** Whether followers are being told, and whether there has been news since that began. */
    private enum Telling {
        NOT,
        TELLING,
        TELLING_AND_NEWS
    }

    private final ArgoCdClient server;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final Executor pool;
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private final AtomicReference<Telling> telling = new AtomicReference<>(Telling.NOT);

    /** There while somebody follows. */
    @CheckForNull
    private volatile WatchSession session;

    private final class Follower implements Following {
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
     * Makes a watch that asks for nothing until somebody follows.
     *
     * @param timer wakes it; is never blocked
     * @param pool asks for the token, which may take its time, and tells the followers
     */
    public ArgoCdWatch(ArgoCdClient server, Clock clock, ScheduledExecutorService timer, Executor pool) {
        this.server = server;
        this.clock = clock;
        this.timer = timer;
        this.pool = pool;
    }

    /** What is watched. */
    public ArgoCdSettings settings() {
        return server.settings();
    }

    /**
     * Follows the applications. The first follower starts the watch, the last one that closes stops it.
     *
     * @param onChange hears that the snapshot differs from before, on a thread of the pool, never twice at a time; it is
     *     not told how things are now
     */
    public synchronized Following follow(Runnable onChange) {
        var follower = new Follower(onChange);
        followers.add(follower);
        if (session == null) {
            var begun = new WatchSession(server, clock, timer, pool, this::tell);
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

    /** The applications as they were last seen; {@link ServerSnapshot#NOTHING} while nobody follows. */
    public ServerSnapshot snapshot() {
        WatchSession current = session;
        return current == null ? ServerSnapshot.NOTHING : current.snapshot();
    }

    /** Lists the applications soon, for instance because somebody says that one has changed. */
    public void lookNow() {
        WatchSession current = session;
        if (current != null) {
            current.lookNow();
        }
    }

    /**
     * Has Argo CD compare an application with git again, and takes what it says then. Asked often, it asks Argo CD now
     * and then.
     */
    public void refresh(Id application) {
        WatchSession current = session;
        if (current != null) {
            current.refresh(application);
        }
    }

    /** Asks for an application to be synchronised; fails with a sentence if that was refused. */
    public CompletableFuture<Void> sync(Application application) {
        return CompletableFuture.supplyAsync(() -> server.sync(application.id(), application.project()), pool)
                .thenCompose(answer -> answer)
                .thenAccept(observed -> lookNow());
    }

    private void tell() {
        if (telling.getAndSet(Telling.TELLING_AND_NEWS) == Telling.NOT) {
            pool.execute(this::tellFollowers);
        }
    }

    private void tellFollowers() {
        do {
            telling.set(Telling.TELLING);
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
        } while (!telling.compareAndSet(Telling.TELLING, Telling.NOT));
    }
}
