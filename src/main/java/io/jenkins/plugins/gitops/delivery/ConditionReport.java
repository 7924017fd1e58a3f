package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.waves.PromotionCondition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The conditions of one promotion, as they were when the driver checked them. */
public record ConditionReport(List<PromotionCondition> all) {

    /** No condition was checked. */
    public static final ConditionReport NONE = new ConditionReport(List.of());

    public ConditionReport {
        all = List.copyOf(all);
    }

    /** Whether all of them hold. */
    public boolean hold() {
        return all.stream().allMatch(PromotionCondition::met);
    }

    /** The conditions that do not hold, a sentence for each; empty text if all hold. */
    public String refusal() {
        return all.stream()
                .filter(condition -> !condition.met())
                .map(condition -> condition.name() + ": " + condition.seen())
                .collect(Collectors.joining(" "));
    }

    /** The earliest time at which a condition may begin to hold because of the time alone. */
    public Optional<Instant> nextLook() {
        return all.stream()
                .filter(condition -> !condition.met())
                .map(PromotionCondition::nextLook)
                .filter(Objects::nonNull)
                .min(Instant::compareTo);
    }
}
