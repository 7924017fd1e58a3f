package io.jenkins.plugins.gitops.common;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** The delays between attempts that fail one after the other: exponential, up to a longest delay. Not thread-safe. */
public final class Backoff {

    /** {@link #jittered} adds at most the delay divided by this. */
    private static final int JITTER_DIVISOR = 10;

    private final Duration first;
    private final int factor;
    private final Supplier<Duration> longest;
    private Duration last = Duration.ZERO;

    /** Creates a backoff that doubles the delay after each failure. */
    public Backoff(Duration first, Duration longest) {
        this(first, 2, () -> longest);
    }

    /**
     * Creates a backoff that multiplies the delay by a factor after each failure.
     *
     * @param longest the longest delay; read each time, since settings may change it
     */
    public Backoff(Duration first, int factor, Supplier<Duration> longest) {
        this.first = first;
        this.factor = factor;
        this.longest = longest;
    }

    /** Returns the delay after one more failure, without jitter. */
    public Duration next() {
        if (last.isZero()) {
            last = first;
        } else {
            Duration next = last.multipliedBy(factor);
            Duration most = longest.get();
            last = next.compareTo(most) < 0 ? next : most;
        }
        return last;
    }

    /** Returns the delay that {@link #next} returned last; zero if it was not called since {@link #reset}. */
    public Duration last() {
        return last;
    }

    /** Starts again with the first delay; called after a success. */
    public void reset() {
        last = Duration.ZERO;
    }

    /** Returns the delay plus up to a tenth of it at random, so that several clients do not send at the same time. */
    public static Duration jittered(Duration delay) {
        long most = delay.toMillis() / JITTER_DIVISOR;
        return most <= 0 ? delay : delay.plusMillis(ThreadLocalRandom.current().nextLong(most));
    }
}
