package io.jenkins.plugins.gitops.common;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Until when a server has asked not to be called, by {@code Retry-After}. May be used by several threads. */
public final class QuietPeriod {

    /** A server that asks for more is called again after this time nevertheless. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Clock clock;
    private Instant end = Instant.MIN;

    public QuietPeriod(Clock clock) {
        this.clock = clock;
    }

    /** Notes that the server has asked just now not to be called for this time. */
    public synchronized void extend(Duration asked) {
        Instant until = clock.instant().plus(asked.compareTo(LONGEST) < 0 ? asked : LONGEST);
        if (until.isAfter(end)) {
            end = until;
        }
    }

    /** Returns when the server may be called again; a time that has passed if it may be called now. */
    public synchronized Instant end() {
        return end;
    }

    /** Returns whether the server must not be called now. */
    public boolean isNow() {
        return clock.instant().isBefore(end());
    }
}
