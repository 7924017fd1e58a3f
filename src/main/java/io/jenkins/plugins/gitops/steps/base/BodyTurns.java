package io.jenkins.plugins.gitops.steps.base;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Run;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionList;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Runs the bodies of steps on this controller one at a time for each config repository, in the order in which their
 * steps started. A body that has its turn works on the tree to which its change is appended, so that changes of
 * generated files do not conflict. Turns are not saved: after a restart the resumed steps enter again, in any order, so
 * that only a step whose body runs has a turn until all builds are back.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class BodyTurns {

    /** The longest time that a step may keep its turn while others wait. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    private final Map<String, Line> lines = new HashMap<>();
    private final ResumedBuilds builds =
            new ResumedBuilds(() -> FlowExecutionList.get().isResumptionComplete());
    private long arrivals;

    private static final class Line {

        private final PriorityQueue<Turn> waiting = new PriorityQueue<>(
                Comparator.<Turn>comparingLong(turn -> turn.arrived).thenComparingLong(turn -> turn.number));
        private Optional<Turn> holder = Optional.empty();
    }

    /**
     * Tells whether builds from before a restart of Jenkins are still to be resumed. Pipeline resumes them in any
     * order, in seconds or, where there are hundreds, in minutes; and a build that something looks at even before.
     */
    static final class ResumedBuilds {

        /** The time in which the steps of builds come back once Jenkins has started and all builds are loaded. */
        static final Duration SETTLING = Duration.ofSeconds(15);

        /** The longest time for which they are awaited: there may be one that is never loaded. */
        static final Duration LONGEST = Duration.ofMinutes(10);

        private final BooleanSupplier allLoaded;
        private Instant lastIncomplete = Instant.MIN;
        private Optional<Instant> asked = Optional.empty();

        /** @param allLoaded whether Pipeline has loaded all builds that ran before */
        ResumedBuilds(BooleanSupplier allLoaded) {
            this.allLoaded = allLoaded;
        }

        /** Whether more of them may come. */
        synchronized boolean areAwaited() {
            Optional<Instant> start = DriverRegistry.get().resumption();
            if (start.isEmpty()) {
                return false;
            }
            Instant now = DriverRegistry.get().clock().instant();
            if (asked.isEmpty()) {
                asked = Optional.of(now);
            }
            if (!allLoaded.getAsBoolean()) {
                lastIncomplete = now;
            }
            Instant settling = start.get().isAfter(lastIncomplete) ? start.get() : lastIncomplete;
            return now.isBefore(settling.plus(SETTLING))
                    && now.isBefore(asked.get().plus(LONGEST));
        }
    }

    /** The place of a step in the line of a repository. */
    final class Turn {

        private final String repository;
        private final Run<?, ?> build;
        private final long arrived;
        private final long number;
        private final Runnable onTurn;
        private final Runnable onOverdue;
        private long came;

        private Turn(
                String repository, Run<?, ?> build, long arrived, long number, Runnable onTurn, Runnable onOverdue) {
            this.repository = repository;
            this.build = build;
            this.arrived = arrived;
            this.number = number;
            this.onTurn = onTurn;
            this.onOverdue = onOverdue;
        }

        /** Whether it is the turn of this step. */
        boolean hasCome() {
            synchronized (BodyTurns.this) {
                return line().holder.filter(holder -> holder == this).isPresent();
            }
        }

        /** The build whose turn it is instead. */
        Optional<String> waitsFor() {
            synchronized (BodyTurns.this) {
                return line().holder.filter(holder -> holder != this).map(Turn::nameOfBuild);
            }
        }

        private String nameOfBuild() {
            return build.getParent().getFullName() + " #" + build.getNumber();
        }

        /**
         * Gives the turn to the next step if no step has it, and has the one whose turn it is leave if it has had its
         * turn for too long. It leaves at once if its build has ended or was deleted: a build that was killed does not
         * stop its steps.
         */
        void checkHolder() {
            Optional<Turn> holder;
            boolean overdue;
            synchronized (BodyTurns.this) {
                next(line());
                holder = line().holder;
                overdue = holder.filter(turn -> now() - turn.came >= LONGEST.toMillis())
                        .isPresent();
            }
            if (holder.filter(Turn::isDead).isPresent()) {
                holder.get().leave();
            } else if (overdue) {
                callBack(holder.get().onOverdue);
            }
        }

        private boolean isDead() {
            return !build.isBuilding() || build.getParent().getBuildByNumber(build.getNumber()) == null;
        }

        /** Leaves the line, and gives the turn to the next step. Does nothing if the step has left already. */
        void leave() {
            synchronized (BodyTurns.this) {
                Line line = line();
                if (line.waiting.remove(this)) {
                    return;
                }
                if (line.holder.filter(holder -> holder == this).isPresent()) {
                    line.holder = Optional.empty();
                    next(line);
                }
            }
        }

        private Line line() {
            return lines.computeIfAbsent(repository, name -> new Line());
        }
    }

    /** The turns on this controller. */
    static BodyTurns get() {
        return ExtensionList.lookupSingleton(BodyTurns.class);
    }

    /**
     * Enters the line of a repository.
     *
     * @param build the build of the step
     * @param arrived when the step began, in milliseconds since the epoch
     * @param bodyRuns whether its body runs already, so that it has the turn before all that wait
     * @param onTurn is called on a thread for callbacks when it is the turn of the step
     * @param onOverdue is called on such a thread, maybe several times, when the step has had its turn for too long and
     *     others wait; it makes the step leave
     */
    synchronized Turn enter(
            String repository, Run<?, ?> build, long arrived, boolean bodyRuns, Runnable onTurn, Runnable onOverdue) {
        var turn = new Turn(repository, build, arrived, arrivals++, onTurn, onOverdue);
        Line line = turn.line();
        if (bodyRuns && line.holder.isEmpty()) {
            give(line, turn);
            return turn;
        }
        line.waiting.add(turn);
        next(line);
        return turn;
    }

    /** Gives the turn to the step that waits first, if no step has it and no build is awaited that may be before it. */
    private void next(Line line) {
        // Asked also while a step has the turn: steps come back for some time after builds were last awaited.
        boolean awaited = builds.areAwaited();
        Turn first = awaited || line.holder.isPresent() ? null : line.waiting.poll();
        if (first != null) {
            give(line, first);
        }
    }

    private static void give(Line line, Turn turn) {
        line.holder = Optional.of(turn);
        turn.came = now();
        callBack(turn.onTurn);
    }

    private static void callBack(Runnable called) {
        DriverRegistry.get().executors().callbacks().execute(called);
    }

    private static long now() {
        return DriverRegistry.get().clock().millis();
    }
}
