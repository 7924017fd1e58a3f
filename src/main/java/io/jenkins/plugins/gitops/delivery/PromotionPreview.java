package io.jenkins.plugins.gitops.delivery;

/**
 * What the driver would promote.
 *
 * @param result all conditions, and the differences between the image sets
 * @param diff against the tip of the auto branch, as {@code git diff} prints it; empty if nothing would be committed
 */
public record PromotionPreview(PromotionResult result, String diff) {}
