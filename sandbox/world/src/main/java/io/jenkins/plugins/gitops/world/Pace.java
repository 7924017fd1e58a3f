package io.jenkins.plugins.gitops.world;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long a simulated application rests before each {@link Step}.
 *
 * @param usual before any step that has no time of its own
 * @param others the times of their own
 */
public record Pace(Duration usual, Map<Step, Duration> others) {

    /** No step is ever due: whatever happens is done by hand. */
    public static final Pace BY_HAND = every(Duration.ofDays(100_000));

    public Pace(Duration usual, Map<Step, Duration> others) {
        this.usual = usual;
        this.others = Map.copyOf(others);
    }

    /** The same time before every step. */
    public static Pace every(Duration usual) {
        return new Pace(usual, Map.of());
    }

    /** The same but for one step. Before {@link Step#COMPARED}, it is how often git is looked at. */
    public Pace with(Step step, Duration time) {
        Map<Step, Duration> changed = new EnumMap<>(Step.class);
        changed.putAll(others);
        changed.put(step, time);
        return new Pace(usual, changed);
    }

    Duration before(Step step) {
        return others.getOrDefault(step, usual);
    }
}
