package io.jenkins.plugins.gitops.world;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long a simulated application rests before each {@link SyncStep}.
 *
 * @param usual before any step that has no time of its own
 * @param others the times of their own
 */
public record SimulationPace(Duration usual, Map<SyncStep, Duration> others) {

    /** No step is ever due: whatever happens is done by hand. */
    public static final SimulationPace BY_HAND = every(Duration.ofDays(100_000));

    public SimulationPace(Duration usual, Map<SyncStep, Duration> others) {
        this.usual = usual;
        this.others = Map.copyOf(others);
    }

    /** The same time before every step. */
    public static SimulationPace every(Duration usual) {
        return new SimulationPace(usual, Map.of());
    }

    /** The same but for one step. Before {@link SyncStep#COMPARED}, it is how often git is looked at. */
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
