package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.delivery.Simulation.Fault;
import java.util.EnumSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** spike */
class SimulationTest {

    @Test
    void theInvariantsHoldWhateverHappens() throws Exception {
        long base = Long.getLong("simulation.seed", new Random().nextLong() >>> 20);
        int total = Integer.getInteger("simulation.total", 200_000);
        int each = Integer.getInteger("simulation.steps", 1500);
        long begin = System.nanoTime();
        long steps = 0;
        int seeds = 0;
        while (steps < total) {
            long seed = base + seeds++;
            try (var world = new Simulation(seed, EnumSet.noneOf(Fault.class))) {
                try {
                    world.run(each);
                    steps += world.steps();
                } catch (Throwable e) {
                    var t = world.trace();
                    t.subList(Math.max(0, t.size() - Integer.getInteger("simulation.tail", 80)), t.size())
                            .forEach(System.out::println);
                    throw new AssertionError("seed " + seed + " " + e.getMessage(), e);
                }
            }
        }
        System.out.println("Simulation: " + steps + " steps of " + seeds + " histories from seed " + base + " in "
                + (System.nanoTime() - begin) / 1_000_000 + " ms");
    }
}
