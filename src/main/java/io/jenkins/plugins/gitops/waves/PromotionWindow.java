package io.jenkins.plugins.gitops.waves;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * A time again and again in which promotions may happen. It opens when clocks in its zone show the time, and stays open
 * for its duration, however clocks are turned meanwhile. A time that a turned clock leaves out opens it when the clock
 * has been turned; one that comes twice opens it the first time.
 */
public final class PromotionWindow {

    /** Long enough for 29 February to come on each day of the week, also over a century without leap year. */
    private static final int DAYS_AHEAD = 40 * 366;

    private final String cron;
    private final Duration duration;
    private final ZoneId zone;
    private final CronExpression times;

    /**
     * Makes a window.
     *
     * @param cron when it opens, in cron's five fields
     * @param zone as the time zone database names it, such as Europe/Berlin
     * @throws IllegalArgumentException with a sentence, also if it never opens
     */
    public PromotionWindow(String cron, Duration duration, ZoneId zone) {
        this.cron = cron;
        this.duration = duration;
        this.zone = zone;
        this.times = new CronExpression(cron);
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException("The window \"" + cron + "\" has to stay open longer than nothing.");
        }
        if (next(Instant.EPOCH.atZone(ZoneOffset.UTC).plusYears(50).toInstant()).isEmpty()) {
            throw new IllegalArgumentException("The window \"" + cron + "\" never opens: no day matches it.");
        }
    }

    /** Until when it is open at a time, if it is. */
    public Optional<Instant> openUntil(Instant now) {
        Instant last = null;
        LocalDate today = LocalDate.ofInstant(now, zone);
        for (LocalDate day = LocalDate.ofInstant(now.minus(duration), zone);
                !day.isAfter(today);
                day = day.plusDays(1)) {
            if (times.matches(day)) {
                for (LocalTime time : times.times()) {
                    Instant opens = opens(day, time);
                    last = opens.isAfter(now) ? last : opens;
                }
            }
        }
        return Optional.ofNullable(last).map(opens -> opens.plus(duration)).filter(now::isBefore);
    }

    /** When it opens next after a time; nothing if it never does. */
    public Optional<Instant> next(Instant after) {
        LocalDate day = LocalDate.ofInstant(after, zone);
        for (int i = 0; i < DAYS_AHEAD; i++, day = day.plusDays(1)) {
            if (times.matches(day)) {
                for (LocalTime time : times.times()) {
                    Instant opens = opens(day, time);
                    if (opens.isAfter(after)) {
                        return Optional.of(opens);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Instant opens(LocalDate day, LocalTime time) {
        var gap = zone.getRules().getTransition(day.atTime(time));
        return gap != null && gap.isGap()
                ? gap.getInstant()
                : day.atTime(time).atZone(zone).toInstant();
    }

    public ZoneId zone() {
        return zone;
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

    /** As people wrote it. */
    @Override
    public String toString() {
        return cron + " (" + zone + ")";
    }
}
