package io.jenkins.plugins.gitops.steps.base;

import hudson.AbortException;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;

/**
 * The end of a wait, which is saved with its step. The time in which Jenkins was down, or stood still, does not count,
 * and afterwards the wait has a minute at least: in it the drivers ask git, CI and Argo CD, so that what happened
 * meanwhile is known.
 */
final class StepDeadline implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final long LEAST_MILLIS_AFTER_DOWNTIME = 60_000;

    /** As written in the Jenkinsfile. */
    private final String timeout;

    /** In milliseconds since the epoch. */
    private final long began;

    /** The time at which the step was resumed, in milliseconds since the epoch; 0 if it was not. */
    private transient long resumed;

    /** The milliseconds of {@link #down} when it was told how long the wait may take. */
    private transient long knownDown;

    private StepDeadline(String timeout, long began) {
        this.timeout = timeout;
        this.began = began;
    }

    /**
     * Begins a wait now.
     *
     * @param timeout the longest time of the wait, as written in the Jenkinsfile
     * @throws AbortException if that is no duration, or none in which anything could be done
     */
    static StepDeadline begin(String timeout) throws AbortException {
        if (StepArguments.duration(timeout, "timeout:").isZero()) {
            throw new AbortException("timeout: \"" + timeout
                    + "\" is over before anything can be done; give a longer one, such as 10m.");
        }
        return new StepDeadline(timeout, ResumableExecution.now());
    }

    /** Begins another wait of the same length now. */
    StepDeadline again() {
        return new StepDeadline(timeout, ResumableExecution.now());
    }

    @Serial
    private Object readResolve() {
        resumed = ResumableExecution.now();
        return this;
    }

    /** The time at which the wait began, in milliseconds since the epoch. */
    long began() {
        return began;
    }

    /** The milliseconds until the deadline; negative when it has passed. */
    long left() {
        return began + Durations.parse(timeout).toMillis() + down() - ResumableExecution.now();
    }

    /** The milliseconds after which the wait is given up, unless {@link #found} tells otherwise then. */
    long untilGivenUp() {
        knownDown = down();
        return Math.max(left(), untilLookedAt());
    }

    /**
     * Returns how long the wait goes on when the time of {@link #untilGivenUp} has passed, in milliseconds: 0, unless
     * Jenkins has stood still in that time. It is no longer than that was, also if the clock was put back.
     */
    long found() {
        long found = down() - knownDown;
        knownDown += found;
        return found <= 0 ? 0 : Math.max(0, Math.max(Math.min(left(), found), untilLookedAt()));
    }

    /** The milliseconds of the minute after a downtime in which the drivers ask what has happened. */
    private long untilLookedAt() {
        long up = DriverRegistry.get()
                .lastDowntimeEnd()
                .map(Instant::toEpochMilli)
                .filter(end -> end > began)
                .orElse(0L);
        return Math.max(up, resumed) + LEAST_MILLIS_AFTER_DOWNTIME - ResumableExecution.now();
    }

    private long down() {
        return ResumableExecution.downSince(began);
    }

    /** The length of the wait, for people: as written in the Jenkinsfile, with the time that was not counted. */
    String describe() {
        long down = down();
        return timeout
                + (down == 0
                        ? ""
                        : " (not counting " + Durations.format(Duration.ofSeconds((down + 999) / 1000))
                                + " in which Jenkins was down)");
    }
}
