package io.jenkins.plugins.gitops.common;

/** An image set is not promoted to a wave now, since a condition of the promotion does not hold. */
public final class NotPromotable extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public NotPromotable(String message) {
        super(message);
    }
}
