package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.worktree.ConfigTree;

/** The answer to the request for the tree on which the body of a promotion works. */
public sealed interface PreparedPromotion {

    /**
     * A tree with the images of the promotion written into it.
     *
     * @param revision the SHA of the config commit whose image set is promoted
     */
    record Ready(ConfigTree tree, String revision) implements PreparedPromotion {}

    /** There is nothing to promote, or a condition does not hold. */
    record NotReady(PromotionResult result) implements PreparedPromotion {}
}
