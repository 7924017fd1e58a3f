package io.jenkins.plugins.gitops.argocd;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.mockito.MockSettings;

/** A clock that stands still until a test turns it, and a timer that goes by it. */
public final class ManualTime extends Clock {

    private record Task(Runnable what, Instant due) {}

    private final List<Task> tasks = new CopyOnWriteArrayList<>();
    private static final Instant BEGIN = Instant.parse("2026-11-23T09:00:00Z");

    private volatile Instant now = BEGIN;

    /** Does on the thread that turns the clock what is due. */
    public ScheduledExecutorService timer() {
        var timer = mock(ScheduledExecutorService.class, forLong());
        when(timer.schedule(any(Runnable.class), anyLong(), any())).thenAnswer(call -> {
            long delay = call.<TimeUnit>getArgument(2).toNanos(call.getArgument(1));
            var task = new Task(call.getArgument(0), now.plusNanos(delay));
            tasks.add(task);
            var planned = mock(ScheduledFuture.class, forLong());
            when(planned.cancel(false)).thenAnswer(cancel -> tasks.remove(task));
            return planned;
        });
        return timer;
    }

    /** Does not keep how it was called. */
    private static MockSettings forLong() {
        return withSettings().stubOnly();
    }

    /** Goes on by this, and does what becomes due at its time. */
    public void turn(Duration by) {
        Instant until = now.plus(by);
        Optional<Task> next = nextBy(until);
        while (next.isPresent()) {
            if (next.get().due.isAfter(now)) {
                now = next.get().due;
            }
            if (tasks.remove(next.get())) {
                next.get().what.run();
            }
            next = nextBy(until);
        }
        now = until;
    }

    /** How long it has gone on. */
    Duration elapsed() {
        return Duration.between(BEGIN, now);
    }

    /** How long until something is due, or a day. */
    Duration untilNext() {
        return Duration.between(
                now,
                tasks.stream().map(Task::due).min(Comparator.naturalOrder()).orElse(now.plus(Duration.ofDays(1))));
    }

    /** How long until nothing more is due, or a day if nothing is. */
    Duration untilLast() {
        return Duration.between(
                now,
                tasks.stream().map(Task::due).max(Comparator.naturalOrder()).orElse(now.plus(Duration.ofDays(1))));
    }

    private Optional<Task> nextBy(Instant until) {
        return tasks.stream().filter(task -> !task.due.isAfter(until)).min(Comparator.comparing(Task::due));
    }

    @Override
    public Instant instant() {
        return now;
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
