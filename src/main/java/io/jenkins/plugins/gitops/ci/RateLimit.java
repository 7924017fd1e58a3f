package io.jenkins.plugins.gitops.ci;

import io.jenkins.plugins.gitops.common.ConcurrencyLimiter;
import io.jenkins.plugins.gitops.common.RetryAfter;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What one API grants to one account, shared by all repositories that ask it with the same credentials. It is known by
 * the headers of the answers: {@code Retry-After}, and {@code X-RateLimit-*} or {@code RateLimit-*}.
 */
public final class RateLimit {

    private static final int MOST_AT_ONCE = 8;

    private static final int FIRST_ERROR = 400;
    private static final int FIRST_SERVER_ERROR = 500;

    /** The part of what is granted, one in so many, that is left to others who use the same credentials. */
    private static final int LEFT_TO_OTHERS = 10;

    private static final Duration MOST_PATIENCE = Duration.ofHours(2);

    private final Clock clock;
    private final ConcurrencyLimiter turns = new ConcurrencyLimiter(MOST_AT_ONCE);

    // Guarded by this.
    private Instant blockedUntil = Instant.EPOCH;
    private Duration pause = Duration.ZERO;
    private int users;
    private Usage usage = new Usage(0, 0, -1);

    /**
     * What was asked so far.
     *
     * @param answers how many requests were answered
     * @param refused how many of these with an error or a wish to be left alone
     * @param remaining how many more are granted, by the last answer that said so; -1 if none did
     */
    public record Usage(long answers, long refused, long remaining) {}

    /** Makes a budget of which nothing is known yet. */
    public RateLimit(Clock clock) {
        this.clock = clock;
    }

    ConcurrencyLimiter turns() {
        return turns;
    }

    synchronized void join() {
        users++;
    }

    synchronized void leave() {
        users--;
    }

    /** Returns how long no request may be sent; nothing if one may be sent now. */
    synchronized Optional<Duration> blockedFor() {
        Instant now = clock.instant();
        return blockedUntil.isAfter(now) ? Optional.of(Duration.between(now, blockedUntil)) : Optional.empty();
    }

    /** How far apart the requests of one user have to be, so that what is granted lasts. */
    synchronized Duration pause() {
        return pause.multipliedBy(Math.max(1, users));
    }

    /**
     * Learns from an answer.
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
            long ours = remaining - limit / LEFT_TO_OTHERS;
            pause = ours > 0 ? left.dividedBy(ours) : left;
            boolean usedUp = ours <= 0 || status == ForgeHttpClient.FORBIDDEN && remaining == 0;
            if (usedUp && wanted == null) {
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

    /** What was asked so far. */
    public synchronized Usage usage() {
        return usage;
    }

    private static Duration atMost(Duration asked) {
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(MOST_PATIENCE) < 0 ? asked : MOST_PATIENCE;
    }

    /** -1 if it is not there or no number. */
    private static long number(HttpHeaders headers, String name) {
        String value = headers.firstValue("X-RateLimit-" + name)
                .or(() -> headers.firstValue("RateLimit-" + name))
                .orElse("")
                .strip();
        return value.matches("\\d{1,12}") ? Long.parseLong(value) : -1;
    }
}
