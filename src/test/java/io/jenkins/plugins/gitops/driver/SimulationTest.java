package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.driver.SimulatedHistory.Fault;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The invariants of spec section 3.6 in many short histories, each from a seed that is new in every run. One that fails
 * is made smaller, and told with the command that replays it; {@code simulation.total} asks for more steps.
 */
class SimulationTest {

    private static final String SEED = "simulation.seed";
    private static final String STEPS = "simulation.steps";
    private static final String WITHOUT = "simulation.without";
    private static final int STEPS_OF_EACH = 1500;
    private static final int TRIES_TO_SHRINK = 12;

    /** A history that fails. */
    private record Failing(long seed, int steps, Set<Fault> without, AssertionError failure, List<String> trace) {}

    @Test
    void theInvariantsHoldWhateverHappens() throws Exception {
        if (Long.getLong(SEED) != null) {
            replay();
            return;
        }
        long total = Long.getLong("simulation.total", 200_000);
        long first = Long.getLong("simulation.first", new Random().nextInt(Integer.MAX_VALUE));
        long began = System.nanoTime();
        long steps = 0;
        long seed = first;
        for (; steps < total; seed++) {
            Failing failing = failing(seed, STEPS_OF_EACH, EnumSet.noneOf(Fault.class));
            if (failing != null) {
                throw told(shrunk(failing));
            }
            steps += lastSteps;
        }
        System.out.printf(
                "Tried: %,d steps of %d histories, seeds %d to %d, in %d s%n",
                steps, seed - first, first, seed - 1, (System.nanoTime() - began) / 1_000_000_000);
    }

    private int lastSteps;

    @CheckForNull
    private Failing failing(long seed, int steps, Set<Fault> without) throws Exception {
        try (var world = new SimulatedHistory(seed, without)) {
            try {
                world.run(steps);
                return null;
            } catch (AssertionError | RuntimeException e) {
                AssertionError failure =
                        e instanceof AssertionError known ? known : new AssertionError(e.toString(), e);
                return new Failing(seed, Math.min(steps, world.steps()), without, failure, world.trace());
            } finally {
                lastSteps = world.steps();
            }
        }
    }

    /** Fewer steps and fewer faults, in this or a neighbouring history, as long as something fails. */
    private Failing shrunk(Failing failing) throws Exception {
        Failing smallest = failing;
        for (Fault fault : Fault.values()) {
            var without = EnumSet.of(fault);
            without.addAll(smallest.without());
            for (int i = 0; i < TRIES_TO_SHRINK; i++) {
                Failing smaller = failing(failing.seed() + i, smallest.steps(), without);
                if (smaller != null) {
                    smallest = smaller;
                    break;
                }
            }
        }
        for (int i = 0; i < TRIES_TO_SHRINK * 10; i++) {
            Failing smaller = failing(failing.seed() + i, smallest.steps() - 1, smallest.without());
            smallest = smaller == null ? smallest : smaller;
        }
        return smallest;
    }

    private static AssertionError told(Failing failing) {
        failing.trace().forEach(System.out::println);
        String without = failing.without().isEmpty()
                ? ""
                : " -D" + WITHOUT + "="
                        + failing.without().stream().map(Fault::name).collect(Collectors.joining(","));
        return new AssertionError(
                failing.failure().getMessage() + "; to replay it: GITOPS_MVN_ARGS='-D" + SEED + "=" + failing.seed()
                        + " -D" + STEPS + "=" + failing.steps() + without + "' sandbox/gitops test -k SimulationTest",
                failing.failure());
    }

    private void replay() throws Exception {
        var without = EnumSet.noneOf(Fault.class);
        Stream.of(System.getProperty(WITHOUT, "").split(","))
                .filter(name -> !name.isEmpty())
                .map(Fault::valueOf)
                .forEach(without::add);
        Failing failing = failing(Long.getLong(SEED), Integer.getInteger(STEPS, STEPS_OF_EACH), without);
        if (failing != null) {
            throw told(failing);
        }
    }

    @Test
    void theSameSeedGivesTheSameHistory() throws Exception {
        assertThat(trace(7)).isEqualTo(trace(7)).isNotEqualTo(trace(8));
    }

    private static List<String> trace(long seed) throws Exception {
        try (var world = new SimulatedHistory(seed, EnumSet.noneOf(Fault.class))) {
            world.run(300);
            return world.trace();
        }
    }
}
