package io.jenkins.plugins.gitops.common;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Delays between attempts that fail one after the other; each is a multiple of the one before, up to a longest. */
public final class Backoff {

    /** The largest share of a delay that {@link #jittered} adds, as one in so many. */
    private static final int JITTER_DIVISOR = 10;

    private final Duration first;
    private final int factor;
    private final Supplier<Duration> longest;
    private Duration last = Duration.ZERO;

    /** Doubles the delay after each failure. */
    public Backoff(Duration first, Duration longest) {
        this(first, 2, () -> longest);
    }

    /**
     * Multiplies the delay after each failure.
     *
     * @param longest is asked each time, since it may depend on settings that change
     */
    public Backoff(Duration first, int factor, Supplier<Duration> longest) {
        this.first = first;
        this.factor = factor;
        this.longest = longest;
    }

    /** Returns how long to wait after one more failure, without jitter. */
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

    /** Returns what {@link #next} returned last; zero if nothing has failed since the beginning or {@link #reset}. */
    public Duration last() {
        return last;
    }

    /** Begins with the first delay again, after a success. */
    public void reset() {
        last = Duration.ZERO;
    }

    /** Adds up to a tenth at random, so that several controllers, or several servers, are not asked in step. */
    public static Duration jittered(Duration delay) {
        long most = delay.toMillis() / JITTER_DIVISOR;
        return most <= 0 ? delay : delay.plusMillis(ThreadLocalRandom.current().nextLong(most));
    }
}
