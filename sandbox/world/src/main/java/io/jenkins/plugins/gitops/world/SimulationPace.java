package io.jenkins.plugins.gitops.world;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long a simulated application waits before each {@link SyncStep}.
 *
 * @param usual the delay before each step that is not among the others
 * @param others the delays of single steps
 */
public record SimulationPace(Duration usual, Map<SyncStep, Duration> others) {

    /** No step is ever due: tests take every step themselves. */
    public static final SimulationPace BY_HAND = every(Duration.ofDays(100_000));

    public SimulationPace(Duration usual, Map<SyncStep, Duration> others) {
        this.usual = usual;
        this.others = Map.copyOf(others);
    }

    /** The same delay before every step. */
    public static SimulationPace every(Duration usual) {
        return new SimulationPace(usual, Map.of());
    }

    /**
     * The same with another delay before one step; before {@link SyncStep#COMPARED}, that is the interval of
     * polling git.
     */
    public SimulationPace with(SyncStep step, Duration time) {
        Map<SyncStep, Duration> changed = new EnumMap<>(SyncStep.class);
        changed.putAll(others);
        changed.put(step, time);
        return new SimulationPace(usual, changed);
    }

    Duration before(SyncStep step) {
        return others.getOrDefault(step, usual);
    }
}
