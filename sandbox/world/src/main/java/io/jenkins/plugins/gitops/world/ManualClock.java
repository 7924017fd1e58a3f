package io.jenkins.plugins.gitops.world;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A clock that stands still until a test turns it, and a timer that goes by it. */
public final class ManualClock extends Clock {

    private static final Instant BEGIN = Instant.parse("2026-11-23T09:00:00Z");

    private final List<Task<?>> tasks = new CopyOnWriteArrayList<>();

    private volatile Instant now = BEGIN;

    /** A task of a timer, pending until it is removed from {@link #tasks}. */
    private final class Task<T> extends FutureTask<T> implements ScheduledFuture<T> {

        private final Instant due;

        Task(Callable<T> action, Instant due) {
            super(action);
            this.due = due;
        }

        Instant due() {
            return due;
        }

        /** Fails the test that turns the clock. */
        @Override
        protected void setException(Throwable failure) {
            throw new IllegalStateException("a task of the timer failed", failure);
        }

        @Override
        protected void done() {
            tasks.remove(this);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(Duration.between(now, due));
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    /** Returns a timer whose single tasks run on the thread that turns the clock, at the time at which they are due. */
    public ScheduledExecutorService timer() {
        return new ScheduledThreadPoolExecutor(0) {
            @Override
            public ScheduledFuture<?> schedule(Runnable action, long delay, TimeUnit unit) {
                return schedule(Executors.callable(action), delay, unit);
            }

            @Override
            public <T> ScheduledFuture<T> schedule(Callable<T> action, long delay, TimeUnit unit) {
                var task = new Task<>(action, now.plus(Duration.of(delay, unit.toChronoUnit())));
                tasks.add(task);
                return task;
            }
        };
    }

    /** Advances the clock, and runs each task that becomes due at the time at which it is due. */
    public void turn(Duration by) {
        Instant until = now.plus(by);
        Optional<Task<?>> next = nextUntil(until);
        while (next.isPresent()) {
            if (next.get().due.isAfter(now)) {
                now = next.get().due;
            }
            if (tasks.remove(next.get())) {
                next.get().run();
            }
            next = nextUntil(until);
        }
        now = until;
    }

    private Optional<Task<?>> nextUntil(Instant until) {
        return tasks.stream().filter(task -> !task.due.isAfter(until)).min(Comparator.comparing(Task::due));
    }

    /** Returns by how much the clock was advanced since it was made. */
    public Duration elapsed() {
        return Duration.between(BEGIN, now);
    }

    /** Returns how long it is until the first pending task is due; a day if there is none. */
    public Duration untilNext() {
        return until(tasks.stream().map(Task::due).min(Comparator.naturalOrder()));
    }

    /** Returns how long it is until the last pending task is due; a day if there is none. */
    public Duration untilLast() {
        return until(tasks.stream().map(Task::due).max(Comparator.naturalOrder()));
    }

    private Duration until(Optional<Instant> due) {
        return due.map(time -> Duration.between(now, time)).orElse(Duration.ofDays(1));
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
