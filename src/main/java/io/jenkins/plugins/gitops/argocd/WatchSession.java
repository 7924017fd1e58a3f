package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.ApplicationListing.VersionedApplication;
import io.jenkins.plugins.gitops.common.ArgoCdUnavailable;
import io.jenkins.plugins.gitops.common.Backoff;
import io.jenkins.plugins.gitops.common.DelayedExecutor;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.QuietPeriod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The watch of a server's applications from the first follower to the last. The applications are listed, and a stream
 * reports changes from then on. A stream misses changes before it is established, and may break unnoticed, so that the
 * applications are listed again three seconds later and then every minute. Without a stream they are listed every ten
 * seconds.
 */
final class WatchSession implements ApplicationStream.Listener, AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(WatchSession.class.getName());

    private static final Duration LIST_WITH_STREAM = Duration.ofSeconds(60);

    /**
     * An estimate: Argo CD sends the head of the response with the first event, so the client cannot see it earlier.
     */
    private static final Duration STREAM_ESTABLISHED_AFTER = Duration.ofSeconds(3);

    private static final Duration LIST_WITHOUT_STREAM = Duration.ofSeconds(10);

    /** The least time between the beginnings of two lists. */
    private static final Duration LEAST_DISTANCE = Duration.ofSeconds(3);

    /** Two lists begin at least this many times the duration of the first apart, since large lists load Argo CD. */
    private static final int LIST_DURATION_FACTOR = 5;

    /** As {@link #LIST_DURATION_FACTOR}, while a stream reports changes. */
    private static final int LIST_DURATION_FACTOR_WITH_STREAM = 30;

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(60);

    private final ArgoCdClient server;
    private final Clock clock;
    private final DelayedExecutor executor;
    private final QuietPeriod quiet;
    private final RefreshQueue refreshes;
    private final Runnable onNews;

    // All below is guarded by this.
    private boolean closed;
    private final ApplicationCache cache = new ApplicationCache();
    private boolean read;

    /** Why the last list failed, in a sentence; null after one that succeeded. */
    @CheckForNull
    private String trouble;

    /** Created when it is read; null after each change. */
    @CheckForNull
    private ServerSnapshot snapshot;

    private boolean listing;
    private boolean listAgain;
    private Instant earliestList = Instant.MIN;
    private final Backoff listBackoff = new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF);

    @CheckForNull
    private Future<?> nextList;

    /** The time of the next list; {@link Instant#MAX} while none is scheduled. */
    private Instant nextListAt = Instant.MAX;

    @CheckForNull
    private ApplicationStream stream;

    private Instant earliestStream = Instant.MIN;
    private final Backoff streamBackoff = new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF);

    /**
     * Creates a session without applications, which sends no request before {@link #pollNow}.
     *
     * @param onNews is called when the snapshot has changed, with the lock of the session held
     */
    WatchSession(ArgoCdClient server, Clock clock, DelayedExecutor executor, Runnable onNews) {
        this.server = server;
        this.clock = clock;
        this.executor = executor;
        this.onNews = onNews;
        this.quiet = new QuietPeriod(clock);
        this.refreshes = new RefreshQueue(server, clock, executor, quiet, this::refreshed);
    }

    /** Returns the applications as they were last seen. */
    synchronized ServerSnapshot snapshot() {
        if (snapshot == null) {
            snapshot = new ServerSnapshot(cache.applications(), read, Optional.ofNullable(trouble));
        }
        return snapshot;
    }

    private void publish(boolean isNews) {
        if (isNews) {
            snapshot = null;
            onNews.run();
        }
    }

    /** Lists the applications as soon as the server may be called, and once more if a list is being read. */
    synchronized void pollNow() {
        if (listing) {
            listAgain = true;
        } else {
            scheduleList(clock.instant());
        }
    }

    /** Schedules a list for this time, or for the earliest later time at which the server may be called. */
    private void scheduleList(Instant latest) {
        Instant at = later(later(latest, earliestList), quiet.end());
        if (closed || !at.isBefore(nextListAt)) {
            return;
        }
        if (nextList != null) {
            nextList.cancel(false);
        }
        nextListAt = at;
        nextList = executor.schedule(Duration.between(clock.instant(), at), this::list);
    }

    private void list() {
        Instant asked;
        synchronized (this) {
            nextListAt = Instant.MAX;
            asked = clock.instant();
            if (closed || listing) {
                return;
            }
            if (quiet.isNow()) {
                scheduleList(quiet.end());
                return;
            }
            listing = true;
            listAgain = false;
        }
        server.list().whenComplete((listed, failure) -> onList(asked, listed, failure));
    }

    private synchronized void onList(Instant asked, @Nullable ApplicationListing listed, @Nullable Throwable failure) {
        if (closed) {
            return;
        }
        listing = false;
        Instant now = clock.instant();
        Duration took = Duration.between(asked, now);
        earliestList = asked.plus(longer(LEAST_DISTANCE, took.multipliedBy(LIST_DURATION_FACTOR)));
        if (listed == null) {
            onListFailed((ArgoCdUnavailable) Futures.cause(failure));
            return;
        }
        listBackoff.reset();
        boolean isNews = cache.putAll(listed, asked, now) || !read || trouble != null;
        read = true;
        trouble = null;
        publish(isNews);
        Duration distance = LIST_WITHOUT_STREAM;
        if (stream != null) {
            distance = longer(LIST_WITH_STREAM, took.multipliedBy(LIST_DURATION_FACTOR_WITH_STREAM));
        } else if (server.settings().watch() && !now.isBefore(later(earliestStream, quiet.end()))) {
            stream = new ApplicationStream(server, clock, executor, this);
            stream.open(listed.resourceVersion());
            distance = STREAM_ESTABLISHED_AFTER;
        }
        scheduleList(listAgain ? now : now.plus(Backoff.jittered(distance)));
    }

    private void onListFailed(ArgoCdUnavailable why) {
        LOGGER.log(Level.FINE, "The applications were not listed", why);
        boolean isNews = !why.getMessage().equals(trouble);
        trouble = why.getMessage();
        why.retryAfter().ifPresent(quiet::extend);
        publish(isNews);
        scheduleList(clock.instant().plus(Backoff.jittered(listBackoff.next())));
    }

    @Override
    public synchronized void changed(ApplicationStream from, VersionedApplication application) {
        publish(stream == from && cache.put(application, clock.instant()));
    }

    @Override
    public synchronized void deleted(ApplicationStream from, VersionedApplication application) {
        publish(stream == from && cache.delete(application, clock.instant()));
    }

    @Override
    public synchronized void ended(ApplicationStream ended, Optional<ArgoCdUnavailable> why) {
        if (stream != ended) {
            return;
        }
        why.ifPresent(reason -> LOGGER.log(Level.FINE, "A stream has ended", reason));
        why.flatMap(ArgoCdUnavailable::retryAfter).ifPresent(quiet::extend);
        stream = null;
        Instant now = clock.instant();
        // The delay before the next stream only grows while streams break soon after they were opened.
        if (Duration.between(ended.opened(), now).compareTo(streamBackoff.last()) > 0) {
            streamBackoff.reset();
        }
        earliestStream = now.plus(Backoff.jittered(streamBackoff.next()));
        scheduleList(earlier(earliestStream, now.plus(LIST_WITHOUT_STREAM)));
    }

    /** Makes Argo CD compare an application with git again, later if that was done in the last seconds. */
    void refresh(ApplicationId id) {
        Optional<Application> known;
        synchronized (this) {
            known = cache.get(id);
        }
        known.ifPresent(refreshes::add);
    }

    private synchronized void refreshed(VersionedApplication application) {
        publish(!closed && cache.put(application, clock.instant()));
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
        ApplicationStream open;
        synchronized (this) {
            closed = true;
            if (nextList != null) {
                nextList.cancel(false);
            }
            open = stream;
            stream = null;
        }
        refreshes.close();
        if (open != null) {
            open.close();
        }
    }
}
