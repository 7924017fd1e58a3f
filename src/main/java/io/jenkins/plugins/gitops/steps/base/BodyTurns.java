package io.jenkins.plugins.gitops.steps.base;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Run;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Runs the bodies of steps on this controller one at a time for each config repository, in the order in which their
 * steps started. A body that has its turn works on the tree to which its change is appended, so that changes of
 * generated files do not conflict. Turns are not saved: after a restart the resumed steps enter again. Pipeline resumes
 * them in any order, so that for a while only a step whose body runs has a turn.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class BodyTurns {

    /** The longest time that a step may keep its turn while others wait. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    /** The time after a start of the controller in which steps are resumed; some are resumed before it. */
    static final Duration RESUMING = Duration.ofSeconds(15);

    private final Map<String, Line> lines = new HashMap<>();
    private long arrivals;

    private static final class Line {

        private final PriorityQueue<Turn> waiting = new PriorityQueue<>(
                Comparator.<Turn>comparingLong(turn -> turn.arrived).thenComparingLong(turn -> turn.number));
        private Optional<Turn> holder = Optional.empty();
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
                if (line().holder.isEmpty()) {
                    next(line());
                }
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
        if (line.holder.isEmpty()) {
            next(line);
        }
        return turn;
    }

    private static void next(Line line) {
        Turn first = isResuming() ? null : line.waiting.poll();
        if (first != null) {
            give(line, first);
        }
    }

    private static boolean isResuming() {
        return DriverRegistry.get()
                .resumption()
                .filter(start -> now() < start.plus(RESUMING).toEpochMilli())
                .isPresent();
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
