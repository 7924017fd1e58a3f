package io.jenkins.plugins.gitops.common;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The time until which a server asked not to be called, by {@code Retry-After}. Thread-safe. */
public final class QuietPeriod {

    /** The longest period; a server that asks for more is called again after this time. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Clock clock;
    private Instant end = Instant.MIN;

    public QuietPeriod(Clock clock) {
        this.clock = clock;
    }

    /** Records that the server asks not to be called for this time from now on. */
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
