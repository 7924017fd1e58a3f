package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.Application.Id;
import io.jenkins.plugins.gitops.argocd.Application.Operation;
import io.jenkins.plugins.gitops.argocd.ArgoCdClient.Events;
import io.jenkins.plugins.gitops.common.ArgoCdUnavailable;
import io.jenkins.plugins.gitops.common.Backoff;
import io.jenkins.plugins.gitops.common.Following;
import io.jenkins.plugins.gitops.common.Futures;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One time that a server's applications are kept in view. They are listed, and what changes then is told by a stream.
 * A stream misses what happens before it stands, and may break without a sound, so the applications are listed again
 * soon after, and then now and then. While there is no stream they are listed more often.
 */
final class WatchSession implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(WatchSession.class.getName());

    private static final Duration LIST_WITH_STREAM = Duration.ofSeconds(60);

    /** Argo CD answers a stream only when there is something to tell, so when it stands is not known. */
    private static final Duration STREAM_STANDS_AFTER = Duration.ofSeconds(3);

    private static final Duration LIST_WITHOUT_STREAM = Duration.ofSeconds(10);

    /** Argo CD gives a sign of life every 15 seconds. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(45);

    /** Of lists, whoever asks for them. */
    private static final Duration LEAST_DISTANCE = Duration.ofSeconds(3);

    /** A large list takes Argo CD a while; it shall be busy with ours for this part of the time at most. */
    private static final int PART_OF_TIME = 5;

    /** While a stream says what changes. */
    private static final int PART_OF_TIME_WITH_STREAM = 30;

    /** Of one application, as long as no other operation of it has ended. */
    private static final Duration LEAST_DISTANCE_OF_REFRESHES = Duration.ofSeconds(10);

    /** Argo CD writes times in whole seconds: of what is asked for sooner nobody could say that it came later. */
    private static final Duration BEFORE_REFRESH = Duration.ofSeconds(1);

    /** Each keeps a connection until Argo CD has done it. */
    private static final int MOST_REFRESHES_AT_A_TIME = 8;

    private static final Duration LONGEST_QUIET = Duration.ofMinutes(10);
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(60);

    private final ArgoCdClient server;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final Executor pool;
    private final Runnable onNews;

    // All below is guarded by this.
    private boolean closed;
    private final ApplicationCache seen = new ApplicationCache();
    private boolean read;

    @CheckForNull
    private String trouble;

    /** Made when it is asked for. */
    @CheckForNull
    private ServerSnapshot snapshot;

    private boolean listing;
    private boolean listAgain;
    private Instant earliestList = Instant.MIN;
    private final Backoff listBackoff = new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF);

    @CheckForNull
    private Future<?> nextList;

    /** When the next list is due, or far away while none is planned. */
    private Instant nextListAt = Instant.MAX;

    @CheckForNull
    private Stream stream;

    private Instant earliestStream = Instant.MIN;
    private final Backoff streamBackoff = new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF);

    /** The server asked to be left alone until then. */
    private Instant quietUntil = Instant.MIN;

    /** When an application may be refreshed again. */
    private final Map<Id, NextRefresh> nextRefresh = new HashMap<>();

    /** Those whose refresh is planned or under way, and is not asked for again. */
    private final Set<Id> askedToRefresh = new HashSet<>();

    private final Queue<Application> toRefresh = new ArrayDeque<>();
    private int refreshing;

    /**
     * Begins with nothing, and does nothing by itself.
     *
     * @param onNews hears that the snapshot differs; while a lock is held
     */
    WatchSession(ArgoCdClient server, Clock clock, ScheduledExecutorService timer, Executor pool, Runnable onNews) {
        this.server = server;
        this.clock = clock;
        this.timer = timer;
        this.pool = pool;
        this.onNews = onNews;
    }

    synchronized ServerSnapshot snapshot() {
        if (snapshot == null) {
            snapshot = new ServerSnapshot(seen.applications(), read, trouble);
        }
        return snapshot;
    }

    private void news(boolean isNews) {
        if (isNews) {
            snapshot = null;
            onNews.run();
        }
    }

    /** Lists as soon as that may be. */
    synchronized void lookNow() {
        if (listing) {
            listAgain = true;
        } else {
            listBy(clock.instant());
        }
    }

    /** Plans a list for this time at the latest, if the server may be asked by then. */
    private void listBy(Instant latest) {
        Instant at = later(later(latest, earliestList), quietUntil);
        if (closed || !at.isBefore(nextListAt)) {
            return;
        }
        if (nextList != null) {
            nextList.cancel(false);
        }
        nextListAt = at;
        nextList = after(Duration.between(clock.instant(), at), this::list);
    }

    private void list() {
        Instant asked;
        synchronized (this) {
            nextListAt = Instant.MAX;
            asked = clock.instant();
            if (closed || listing) {
                return;
            }
            if (asked.isBefore(quietUntil)) {
                listBy(quietUntil);
                return;
            }
            listing = true;
            listAgain = false;
        }
        server.list().whenComplete((listed, failure) -> listed(asked, listed, failure));
    }

    private synchronized void listed(Instant asked, @Nullable ApplicationListing listed, @Nullable Throwable failure) {
        if (closed) {
            return;
        }
        listing = false;
        Instant now = clock.instant();
        Duration took = Duration.between(asked, now);
        earliestList = asked.plus(longer(LEAST_DISTANCE, took.multipliedBy(PART_OF_TIME)));
        if (listed == null) {
            ArgoCdUnavailable why = (ArgoCdUnavailable) Futures.cause(failure);
            LOGGER.log(Level.FINE, "The applications were not listed", why);
            boolean isNews = !why.getMessage().equals(trouble);
            trouble = why.getMessage();
            keepQuiet(why);
            news(isNews);
            listBy(now.plus(Backoff.jittered(listBackoff.next())));
            return;
        }
        listBackoff.reset();
        boolean isNews = seen.putAll(listed, asked, now) || !read || trouble != null;
        read = true;
        trouble = null;
        news(isNews);
        Duration distance = LIST_WITHOUT_STREAM;
        if (stream != null) {
            distance = longer(LIST_WITH_STREAM, took.multipliedBy(PART_OF_TIME_WITH_STREAM));
        } else if (server.settings().watch() && !now.isBefore(later(earliestStream, quietUntil))) {
            stream = new Stream();
            stream.open(listed.resourceVersion());
            distance = STREAM_STANDS_AFTER;
        }
        listBy(listAgain ? now : now.plus(Backoff.jittered(distance)));
    }

    private void keepQuiet(ArgoCdUnavailable why) {
        why.retryAfter().ifPresent(wanted -> {
            Duration quiet = wanted.compareTo(LONGEST_QUIET) < 0 ? wanted : LONGEST_QUIET;
            quietUntil = later(quietUntil, clock.instant().plus(quiet));
        });
    }

    /** A connection on which changes are told. */
    private final class Stream implements Events {

        private final Instant opened = clock.instant();
        private Instant heard = opened;
        private Future<?> silence = after(LONGEST_SILENCE, this::endIfSilent);

        @CheckForNull
        private Following connection;

        void open(String resourceVersion) {
            pool.execute(() -> {
                Following made = server.stream(resourceVersion, this);
                synchronized (WatchSession.this) {
                    if (stream == this) {
                        connection = made;
                        return;
                    }
                }
                made.close();
            });
        }

        @Override
        public void alive() {
            synchronized (WatchSession.this) {
                heard = clock.instant();
            }
        }

        @Override
        public void changed(VersionedApplication application) {
            synchronized (WatchSession.this) {
                news(stream == this && seen.put(application, clock.instant()));
            }
        }

        @Override
        public void deleted(VersionedApplication application) {
            synchronized (WatchSession.this) {
                news(stream == this && seen.delete(application, clock.instant()));
            }
        }

        @Override
        public void ended(ArgoCdUnavailable why) {
            synchronized (WatchSession.this) {
                if (stream == this) {
                    LOGGER.log(Level.FINE, "A stream is at its end", why);
                    keepQuiet(why);
                    broke();
                }
            }
        }

        private void endIfSilent() {
            synchronized (WatchSession.this) {
                if (stream != this) {
                    return;
                }
                Duration silent = Duration.between(heard, clock.instant());
                if (silent.compareTo(LONGEST_SILENCE) < 0) {
                    silence = after(LONGEST_SILENCE.minus(silent), this::endIfSilent);
                    return;
                }
                broke();
            }
            close();
        }

        private void broke() {
            stream = null;
            silence.cancel(false);
            Instant now = clock.instant();
            // What breaks at once is tried again ever more seldom, what has stood for a while is not.
            if (Duration.between(opened, now).compareTo(streamBackoff.last()) > 0) {
                streamBackoff.reset();
            }
            earliestStream = now.plus(Backoff.jittered(streamBackoff.next()));
            listBy(earlier(earliestStream, now.plus(LIST_WITHOUT_STREAM)));
        }

        void close() {
            Following made;
            synchronized (WatchSession.this) {
                silence.cancel(false);
                made = connection;
            }
            if (made != null) {
                made.close();
            }
        }
    }

    /**
     * When an application may be refreshed again.
     *
     * @param finished when the operation ended after which it was refreshed, or null if there was none
     */
    private record NextRefresh(Instant earliest, @Nullable Instant finished) {}

    @CheckForNull
    private static Instant finished(Application application) {
        Operation operation = application.operation();
        return operation == null ? null : operation.finishedAt();
    }

    /** Has Argo CD compare an application with git again, a little later if that was done just now. */
    synchronized void refresh(Id id) {
        Application known = seen.get(id);
        Instant now = clock.instant();
        nextRefresh.values().removeIf(next -> !now.isBefore(next.earliest()));
        if (!closed && known != null && askedToRefresh.add(id)) {
            NextRefresh next = nextRefresh.get(id);
            boolean again = next != null && Objects.equals(next.finished(), finished(known));
            Instant at = later(now.plus(BEFORE_REFRESH), again ? next.earliest() : Instant.MIN);
            after(Duration.between(now, at), () -> refresh(known));
        }
    }

    private synchronized void refresh(Application due) {
        if (!closed) {
            toRefresh.add(due);
            refreshNext();
        }
    }

    private void refreshNext() {
        if (clock.instant().isBefore(quietUntil)) {
            for (Application waiting : toRefresh) {
                nextRefresh.put(waiting.id(), new NextRefresh(quietUntil, finished(waiting)));
                askedToRefresh.remove(waiting.id());
            }
            toRefresh.clear();
        }
        while (refreshing < MOST_REFRESHES_AT_A_TIME && !toRefresh.isEmpty()) {
            Application next = toRefresh.remove();
            refreshing++;
            pool.execute(() -> server.get(next.id(), next.project(), true)
                    .whenComplete((refreshed, failure) -> refreshed(next, refreshed, failure)));
        }
    }

    private synchronized void refreshed(
            Application asked, @Nullable Optional<VersionedApplication> refreshed, @Nullable Throwable failure) {
        if (closed) {
            return;
        }
        Instant now = clock.instant();
        refreshing--;
        askedToRefresh.remove(asked.id());
        nextRefresh.put(asked.id(), new NextRefresh(now.plus(LEAST_DISTANCE_OF_REFRESHES), finished(asked)));
        if (refreshed == null) {
            LOGGER.log(Level.FINE, "An application was not refreshed", failure);
            keepQuiet((ArgoCdUnavailable) Futures.cause(failure));
        } else {
            news(refreshed.isPresent() && seen.put(refreshed.get(), now));
        }
        refreshNext();
    }

    private Future<?> after(Duration delay, Runnable task) {
        return timer.schedule(() -> pool.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    @Override
    public void close() {
        Stream open;
        synchronized (this) {
            closed = true;
            if (nextList != null) {
                nextList.cancel(false);
            }
            open = stream;
            stream = null;
        }
        if (open != null) {
            open.close();
        }
    }
}
