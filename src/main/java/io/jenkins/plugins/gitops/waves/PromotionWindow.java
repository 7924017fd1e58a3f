package io.jenkins.plugins.gitops.waves;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * A recurring time window in which promotions are allowed. It opens at local times of its zone and stays open for its
 * duration, whatever changes of daylight saving time happen meanwhile. If a local time is skipped by such a change, the
 * window opens at the change; if it occurs twice, the window opens at the first occurrence.
 */
public final class PromotionWindow {

    /** In 40 years 29 February falls on each day of the week, also around a century year that is no leap year. */
    private static final int DAYS_AHEAD = 40 * 366;

    private final String cron;
    private final Duration duration;
    private final ZoneId zone;
    private final CronExpression times;

    /**
     * Creates a window.
     *
     * @param cron when the window opens, in the five fields of cron
     * @param duration how long the window stays open; positive
     * @param zone the time zone of the cron fields
     * @throws IllegalArgumentException with a sentence for users, also if the window never opens
     */
    public PromotionWindow(String cron, Duration duration, ZoneId zone) {
        this.cron = cron;
        this.duration = duration;
        this.zone = zone;
        this.times = new CronExpression(cron);
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(
                    "The window \"" + cron + "\" never opens: its duration must be longer than 0s.");
        }
        if (next(Instant.EPOCH.atZone(ZoneOffset.UTC).plusYears(50).toInstant()).isEmpty()) {
            throw new IllegalArgumentException("The window \"" + cron
                    + "\" never opens: no day has all of its fields; correct the day or the month.");
        }
    }

    /** The end of the window if it is open at a time; empty if it is closed. */
    public Optional<Instant> openUntil(Instant now) {
        Instant last = null;
        LocalDate today = LocalDate.ofInstant(now, zone);
        for (LocalDate day = LocalDate.ofInstant(now.minus(duration), zone);
                !day.isAfter(today);
                day = day.plusDays(1)) {
            if (times.matches(day)) {
                for (LocalTime time : times.times()) {
                    Instant opens = openingTime(day, time);
                    last = opens.isAfter(now) ? last : opens;
                }
            }
        }
        return Optional.ofNullable(last).map(opens -> opens.plus(duration)).filter(now::isBefore);
    }

    /** The first time after another at which the window opens; empty if that is more than 40 years away. */
    public Optional<Instant> next(Instant after) {
        LocalDate day = LocalDate.ofInstant(after, zone);
        for (int i = 0; i < DAYS_AHEAD; i++, day = day.plusDays(1)) {
            if (times.matches(day)) {
                for (LocalTime time : times.times()) {
                    Instant opens = openingTime(day, time);
                    if (opens.isAfter(after)) {
                        return Optional.of(opens);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Instant openingTime(LocalDate day, LocalTime time) {
        var gap = zone.getRules().getTransition(day.atTime(time));
        return gap != null && gap.isGap()
                ? gap.getInstant()
                : day.atTime(time).atZone(zone).toInstant();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PromotionWindow that
                && cron.equals(that.cron)
                && duration.equals(that.duration)
                && zone.equals(that.zone);
    }

    @Override
    public int hashCode() {
        return cron.hashCode() * 31 + duration.hashCode();
    }

    /** The cron fields and the zone, for messages. */
    @Override
    public String toString() {
        return cron + " (" + zone + ")";
    }
}
