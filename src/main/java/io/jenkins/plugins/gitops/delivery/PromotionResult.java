package io.jenkins.plugins.gitops.delivery;

import java.util.Optional;

/**
 * The result of a promotion.
 *
 * @param submitted the change that it became; empty if a condition does not hold
 * @param conditions what was checked; none if the change had been appended before
 */
public record PromotionResult(Optional<SubmittedChange> submitted, ConditionReport conditions) {

    public static PromotionResult of(SubmittedChange submitted, ConditionReport conditions) {
        return new PromotionResult(Optional.of(submitted), conditions);
    }

    public static PromotionResult refused(ConditionReport conditions) {
        return new PromotionResult(Optional.empty(), conditions);
    }
}
