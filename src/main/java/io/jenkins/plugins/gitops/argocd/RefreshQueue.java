package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.ApplicationListing.VersionedApplication;
import io.jenkins.plugins.gitops.common.ArgoCdUnavailable;
import io.jenkins.plugins.gitops.common.DelayedExecutor;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.QuietPeriod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The queue of applications that Argo CD is asked to compare with git again. An application is refreshed at most every
 * ten seconds unless another operation of it has ended, and eight are refreshed at a time. While the server asks not to
 * be called, requests are dropped: callers repeat them as long as they need a refresh.
 */
final class RefreshQueue {

    private static final Logger LOGGER = Logger.getLogger(RefreshQueue.class.getName());

    /** The least time between two refreshes of one application after the same operation. */
    private static final Duration LEAST_DISTANCE = Duration.ofSeconds(10);

    /**
     * Times of Argo CD are in whole seconds, so that a refresh in the second in which an operation ended proves
     * nothing.
     */
    private static final Duration DELAY = Duration.ofSeconds(1);

    /** Limited, since a refresh keeps a connection until Argo CD has done it. */
    private static final int MOST_AT_A_TIME = 8;

    private final ArgoCdClient server;
    private final Clock clock;
    private final DelayedExecutor executor;
    private final QuietPeriod quiet;
    private final Consumer<VersionedApplication> onRefreshed;

    // All below is guarded by this.
    private boolean closed;
    private final Map<ApplicationId, EarliestRefresh> earliest = new HashMap<>();

    /** The applications that wait for their time, for a free connection or for the response. */
    private final Set<ApplicationId> requested = new HashSet<>();

    private final Queue<Application> due = new ArrayDeque<>();
    private int running;

    /**
     * The time from which an application may be refreshed again.
     *
     * @param finished when the operation ended after which the application was refreshed last; empty if there was none
     */
    private record EarliestRefresh(Instant time, Optional<Instant> finished) {}

    /**
     * Creates an empty queue.
     *
     * @param quiet the period in which the server is not called; extended if a response has {@code Retry-After}
     * @param onRefreshed receives each refreshed application; called without a lock of this queue
     */
    RefreshQueue(
            ArgoCdClient server,
            Clock clock,
            DelayedExecutor executor,
            QuietPeriod quiet,
            Consumer<VersionedApplication> onRefreshed) {
        this.server = server;
        this.clock = clock;
        this.executor = executor;
        this.quiet = quiet;
        this.onRefreshed = onRefreshed;
    }

    /** Requests a refresh of an application, as it is known now; does nothing if one is requested already. */
    synchronized void add(Application known) {
        Instant now = clock.instant();
        earliest.values().removeIf(next -> !now.isBefore(next.time()));
        if (closed || !requested.add(known.id())) {
            return;
        }
        EarliestRefresh next = earliest.get(known.id());
        Instant at = now.plus(DELAY);
        if (next != null
                && next.finished().equals(finished(known))
                && next.time().isAfter(at)) {
            at = next.time();
        }
        executor.schedule(Duration.between(now, at), () -> enqueueDue(known));
    }

    private static Optional<Instant> finished(Application application) {
        return application.operation().flatMap(Application.SyncOperation::finishedAt);
    }

    private synchronized void enqueueDue(Application application) {
        if (!closed) {
            due.add(application);
            startNext();
        }
    }

    private synchronized void startNext() {
        if (quiet.isNow()) {
            for (Application dropped : due) {
                earliest.put(dropped.id(), new EarliestRefresh(quiet.end(), finished(dropped)));
                requested.remove(dropped.id());
            }
            due.clear();
        }
        while (running < MOST_AT_A_TIME && !due.isEmpty()) {
            Application next = due.remove();
            running++;
            executor.execute(() -> server.get(next.id(), next.project(), true)
                    .whenComplete((refreshed, failure) -> onAnswer(next, refreshed, failure)));
        }
    }

    private void onAnswer(
            Application asked, @Nullable Optional<VersionedApplication> refreshed, @Nullable Throwable failure) {
        if (refreshed == null) {
            LOGGER.log(Level.FINE, "An application was not refreshed", failure);
            ((ArgoCdUnavailable) Futures.cause(failure)).retryAfter().ifPresent(quiet::extend);
        }
        synchronized (this) {
            if (!closed) {
                running--;
                requested.remove(asked.id());
                earliest.put(asked.id(), new EarliestRefresh(clock.instant().plus(LEAST_DISTANCE), finished(asked)));
                startNext();
            }
        }
        // Told last: whoever learns of it may request the next refresh at once.
        if (refreshed != null) {
            refreshed.ifPresent(onRefreshed);
        }
    }

    /** Starts no more refreshes. */
    synchronized void close() {
        closed = true;
        due.clear();
    }
}
