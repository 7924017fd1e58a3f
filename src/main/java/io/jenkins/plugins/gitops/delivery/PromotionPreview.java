package io.jenkins.plugins.gitops.delivery;

import java.util.List;

/**
 * The preview of a promotion.
 *
 * @param differences what it would change, a sentence for each service; empty if there is nothing to promote
 * @param diff against the tip of the auto branch, as {@code git diff} prints it; empty if nothing would be committed
 */
public record PromotionPreview(ConditionReport conditions, List<String> differences, String diff) {

    public PromotionPreview {
        differences = List.copyOf(differences);
    }
}
