package io.jenkins.plugins.gitops.steps.base;

import hudson.AbortException;
import io.jenkins.plugins.gitops.common.Durations;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;

/**
 * The end of a wait, which is saved with its step. A restart of the controller extends it by the time in which Jenkins
 * was down, and leaves a minute at least: in it the drivers ask git, CI and Argo CD, so that what happened meanwhile is
 * known.
 */
final class StepDeadline implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final long LEAST_MILLIS_AFTER_RESTART = 60_000;

    /** As written in the Jenkinsfile. */
    private final String timeout;

    /** In milliseconds since the epoch. */
    private final long began;

    /** Whether the controller was restarted since the wait began. */
    private transient boolean resumed;

    private StepDeadline(String timeout, long began) {
        this.timeout = timeout;
        this.began = began;
    }

    /**
     * Begins a wait now.
     *
     * @param timeout the longest time of the wait, as written in the Jenkinsfile
     * @throws AbortException if that is no duration
     */
    static StepDeadline begin(String timeout) throws AbortException {
        StepArguments.duration(timeout, "timeout:");
        return new StepDeadline(timeout, ResumableExecution.now());
    }

    /** Begins another wait of the same length now. */
    StepDeadline again() {
        return new StepDeadline(timeout, ResumableExecution.now());
    }

    @Serial
    private Object readResolve() {
        resumed = true;
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

    /** The milliseconds after which the wait is given up. */
    long untilGivenUp() {
        return Math.max(left(), resumed ? LEAST_MILLIS_AFTER_RESTART : 0);
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
