package io.jenkins.plugins.gitops.controller;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The time of the machine, put forward or back. */
final class ShiftedClock extends Clock {

    private volatile Duration shift = Duration.ZERO;

    /** Is ahead of the machine by this from now on. */
    void shift(Duration ahead) {
        shift = ahead;
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(shift);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
