package io.jenkins.plugins.gitops.delivery;

/**
 * The preview of a change: the commit that the driver would append.
 *
 * @param submitted the result, with empty id and SHA if the change would become a commit
 * @param diff against the tip of the auto branch, as {@code git diff} prints it; empty if nothing would be committed
 */
public record ChangePreview(SubmittedChange submitted, String diff) {}
