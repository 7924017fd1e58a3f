package io.jenkins.plugins.gitops.common;

/** A set may not be taken to another wave now: a condition of the promotion does not hold. */
public final class NotPromotable extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public NotPromotable(String message) {
        super(message);
    }
}
