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
 * Posts the plugin's statuses to a forge, one after the other, since forges limit how fast statuses may be made. Of a
 * commit only the newest status is posted. A status that fails several times is given up: git has the outcome.
 */
final class StatusPublisher {

    private static final Logger LOGGER = Logger.getLogger(StatusPublisher.class.getName());

    private static final Duration APART = Duration.ofSeconds(1);
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(20);
    private static final int BACKOFF_FACTOR = 4;
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    /** Before the next status is posted after one was given up. */
    private static final Duration AFTER_GIVING_UP = Duration.ofSeconds(5);

    private static final int TRIES = 4;
    private static final int MOST_WAITING = 500;
    private static final int MOST_REMEMBERED = 2000;

    private final ForgeClient forge;
    private final ScheduledExecutorService timer;

    // Guarded by this.
    private final Map<String, OutgoingStatus> waiting = new LinkedHashMap<>();
    private final Map<String, OutgoingStatus> posted = new LinkedHashMap<>();
    private final Backoff backoff = new Backoff(FIRST_BACKOFF, BACKOFF_FACTOR, () -> LONGEST_BACKOFF);
    private int failures;
    private boolean running;
    private boolean closed;

    StatusPublisher(ForgeClient forge, ScheduledExecutorService timer) {
        this.forge = forge;
        this.timer = timer;
    }

    /** Posts the statuses that the forge does not have already, by the names of their commits. */
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

    /** Drops pending statuses that wait to be posted, but for those of commits that are still queued. */
    synchronized void forgetPending(Set<String> queued) {
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

    /** Notes the end of a request; returns after what pause the next one may begin, or nothing if this was closed. */
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
        return Optional.of(longer(AFTER_GIVING_UP, failure));
    }

    /** Returns the pause, or a longer one if the forge asked for it. */
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
        waiting.clear();
    }
}
