package io.jenkins.plugins.gitops.steps;

import io.jenkins.plugins.gitops.common.GitOpsException;

/** An image set is not promoted to a wave now, because a condition of the promotion does not hold. */
final class NotPromotable extends GitOpsException {

    private static final long serialVersionUID = 1L;

    NotPromotable(String message) {
        super(message);
    }
}
