package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What became of a wish to promote.
 *
 * @param appended what became of the change, or null if a condition does not hold, or nothing was to be done but look
 * @param conditions all that was asked, and what was seen; empty if the change had been appended before
 * @param differences what it changes, a sentence for each service; empty if a condition does not hold
 */
public record PromotionResult(@CheckForNull SubmittedChange appended, List<PromotionCondition> conditions, List<String> differences) {

    public PromotionResult(@Nullable SubmittedChange appended, List<PromotionCondition> conditions, List<String> differences) {
        this.appended = appended;
        this.conditions = List.copyOf(conditions);
        this.differences = List.copyOf(differences);
    }

    public PromotionResult(@Nullable SubmittedChange appended, List<PromotionCondition> conditions) {
        this(appended, conditions, List.of());
    }

    /** What does not hold, in a sentence for each. */
    public String refusal() {
        return conditions.stream()
                .filter(condition -> !condition.met())
                .map(condition -> condition.name() + ": " + condition.seen())
                .collect(Collectors.joining(" "));
    }

    /** When time alone may change what does not hold; nothing if it takes something else. */
    public Optional<Instant> nextLook() {
        return conditions.stream()
                .filter(condition -> !condition.met())
                .map(PromotionCondition::nextLook)
                .filter(Objects::nonNull)
                .min(Instant::compareTo);
    }
}
