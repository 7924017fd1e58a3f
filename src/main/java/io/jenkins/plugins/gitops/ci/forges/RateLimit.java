package io.jenkins.plugins.gitops.ci.forges;

import io.jenkins.plugins.gitops.remote.ConcurrencyLimiter;
import io.jenkins.plugins.gitops.remote.RetryAfter;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The rate limit of one API for one account, shared by all repositories that use the same credentials. It is read from
 * the headers of responses: {@code Retry-After}, and {@code X-RateLimit-*} or {@code RateLimit-*}.
 * Thread-safe.
 */
public final class RateLimit {

    private static final int MOST_AT_ONCE = 8;

    private static final int FIRST_ERROR = 400;
    private static final int FIRST_SERVER_ERROR = 500;

    /** The limit divided by this is left to other programs that use the same credentials. */
    private static final int RESERVE_DIVISOR = 10;

    private static final Duration MOST_PATIENCE = Duration.ofHours(2);

    private final Clock clock;
    private final ConcurrencyLimiter turns = new ConcurrencyLimiter(MOST_AT_ONCE);

    // Guarded by this.
    private Instant blockedUntil = Instant.EPOCH;
    private Duration pause = Duration.ZERO;
    private int users;
    private Usage usage = new Usage(0, 0, -1);

    /**
     * Counts of requests, for metrics.
     *
     * @param answers the number of responses
     * @param refused the number of responses with an error
     * @param remaining the number of requests that are left, by the last response with that header; -1 if there was
     *     none
     */
    public record Usage(long answers, long refused, long remaining) {}

    /** Creates a rate limit without known values. */
    public RateLimit(Clock clock) {
        this.clock = clock;
    }

    /** Returns the limit of requests at a time. */
    ConcurrencyLimiter turns() {
        return turns;
    }

    /** Adds a client that shares the limit. */
    synchronized void join() {
        users++;
    }

    /** Removes a client. */
    synchronized void leave() {
        users--;
    }

    /** Returns how long no request may be sent; empty if one may be sent now. */
    synchronized Optional<Duration> blockedFor() {
        Instant now = clock.instant();
        return blockedUntil.isAfter(now) ? Optional.of(Duration.between(now, blockedUntil)) : Optional.empty();
    }

    /** Returns the time between two requests of one client that keeps within the limit. */
    synchronized Duration pause() {
        return pause.multipliedBy(Math.max(1, users));
    }

    /**
     * Reads the headers of a response.
     *
     * @return how long the API asks not to be called, if it does
     */
    synchronized Optional<Duration> learn(int status, HttpHeaders headers) {
        boolean refused = status >= FIRST_ERROR;
        long remaining = number(headers, "Remaining");
        usage = new Usage(
                usage.answers() + 1,
                usage.refused() + (refused ? 1 : 0),
                remaining < 0 ? usage.remaining() : remaining);
        Instant now = RetryAfter.serverTime(headers, clock);
        boolean mayAskForRest = status == ForgeHttpClient.TOO_MANY_REQUESTS
                || status == ForgeHttpClient.FORBIDDEN
                || status >= FIRST_SERVER_ERROR;
        Duration wanted = mayAskForRest
                ? RetryAfter.of(headers, now).map(RateLimit::atMost).orElse(null)
                : null;
        long limit = Math.max(1, number(headers, "Limit"));
        long reset = number(headers, "Reset");
        if (remaining >= 0 && reset >= 0) {
            Duration left = atMost(Duration.between(now, Instant.ofEpochSecond(reset)));
            long ours = remaining - limit / RESERVE_DIVISOR;
            pause = ours > 0 ? left.dividedBy(ours) : left;
            if (ours <= 0 && wanted == null) {
                wanted = left;
            }
        }
        if (wanted == null && status == ForgeHttpClient.TOO_MANY_REQUESTS) {
            wanted = Duration.ofMinutes(1);
        }
        if (wanted != null) {
            Instant until = clock.instant().plus(wanted);
            blockedUntil = until.isAfter(blockedUntil) ? until : blockedUntil;
        }
        return Optional.ofNullable(wanted);
    }

    /** Returns the counts so far. */
    public synchronized Usage usage() {
        return usage;
    }

    private static Duration atMost(Duration asked) {
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(MOST_PATIENCE) < 0 ? asked : MOST_PATIENCE;
    }

    /** Returns the number in a header of the rate limit; -1 if it is missing or malformed. */
    private static long number(HttpHeaders headers, String name) {
        String value = headers.firstValue("X-RateLimit-" + name)
                .or(() -> headers.firstValue("RateLimit-" + name))
                .orElse("")
                .strip();
        return value.matches("\\d{1,12}") ? Long.parseLong(value) : -1;
    }
}
