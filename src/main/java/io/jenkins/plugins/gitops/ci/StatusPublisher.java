package io.jenkins.plugins.gitops.ci;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.Backoff;
import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import io.jenkins.plugins.gitops.common.Futures;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Posts the statuses of the plugin to a forge, one after the other, since forges limit their rate. Only the newest
 * status of a commit is posted. A status whose requests fail four times is dropped, since git has the outcome.
 */
final class StatusPublisher {

    private static final Logger LOGGER = Logger.getLogger(StatusPublisher.class.getName());

    private static final Duration APART = Duration.ofSeconds(1);
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(20);
    private static final int BACKOFF_FACTOR = 4;
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    /** The delay before the next status after one was dropped. */
    private static final Duration AFTER_DROPPING = Duration.ofSeconds(5);

    private static final int TRIES = 4;
    private static final int MOST_WAITING = 500;
    private static final int MOST_REMEMBERED = 2000;

    private final StatusTarget forge;
    private final ScheduledExecutorService timer;

    // Guarded by this.
    private final Map<String, OutgoingStatus> waiting = new LinkedHashMap<>();
    private final Map<String, OutgoingStatus> posted = new LinkedHashMap<>();
    private final Backoff backoff = new Backoff(FIRST_BACKOFF, BACKOFF_FACTOR, () -> LONGEST_BACKOFF);
    private int failures;
    private boolean running;
    private boolean closed;

    StatusPublisher(StatusTarget forge, ScheduledExecutorService timer) {
        this.forge = forge;
        this.timer = timer;
    }

    /** Posts the statuses that were not posted before, by the SHAs of their commits. */
    void post(Map<String, OutgoingStatus> statuses) {
        synchronized (this) {
            statuses.forEach((sha, status) -> {
                if (status.equals(posted.get(sha))) {
                    waiting.remove(sha);
                } else {
                    waiting.put(sha, status);
                }
            });
            trim(waiting, MOST_WAITING);
            if (running || waiting.isEmpty() || closed) {
                return;
            }
            running = true;
        }
        next();
    }

    /** Drops unsent pending statuses of commits that are no longer queued. */
    synchronized void dropPending(Set<String> queued) {
        waiting.entrySet()
                .removeIf(entry -> entry.getValue().state() == CheckState.PENDING && !queued.contains(entry.getKey()));
    }

    private static void trim(Map<String, OutgoingStatus> statuses, int most) {
        Iterator<String> eldest = statuses.keySet().iterator();
        for (int more = statuses.size() - most; more > 0; more--) {
            eldest.next();
            eldest.remove();
        }
    }

    private void next() {
        String sha;
        OutgoingStatus status;
        synchronized (this) {
            if (closed || waiting.isEmpty()) {
                running = false;
                return;
            }
            Map.Entry<String, OutgoingStatus> first =
                    waiting.entrySet().iterator().next();
            sha = first.getKey();
            status = first.getValue();
        }
        forge.post(sha, status).whenComplete((done, failure) -> {
            ended(sha, status, failure)
                    .ifPresent(pause -> timer.schedule(this::next, pause.toMillis(), TimeUnit.MILLISECONDS));
        });
    }

    /** Handles the end of a request; returns the delay before the next one, or empty if the publisher was closed. */
    private synchronized Optional<Duration> ended(String sha, OutgoingStatus status, @CheckForNull Throwable failure) {
        if (closed) {
            return Optional.empty();
        }
        if (failure == null) {
            failures = 0;
            backoff.reset();
            waiting.remove(sha, status);
            posted.remove(sha);
            posted.put(sha, status);
            trim(posted, MOST_REMEMBERED);
            return Optional.of(APART);
        }
        failures++;
        if (failures < TRIES) {
            return Optional.of(longer(backoff.next(), failure));
        }
        failures = 0;
        backoff.reset();
        waiting.remove(sha, status);
        LOGGER.log(Level.WARNING, "The status of {0} was not posted to the forge: {1}", new Object[] {
            sha, Futures.cause(failure).getMessage()
        });
        return Optional.of(longer(AFTER_DROPPING, failure));
    }

    /** Returns the delay, or a longer one if the forge asked for it. */
    private static Duration longer(Duration pause, Throwable failure) {
        return Futures.cause(failure) instanceof ForgeUnavailable unavailable
                ? unavailable
                        .retryAfter()
                        .filter(wanted -> wanted.compareTo(pause) > 0)
                        .orElse(pause)
                : pause;
    }

    synchronized void close() {
        closed = true;
    }
}
