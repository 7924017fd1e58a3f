package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.git.ConfigTree;
import java.util.Optional;

/**
 * The tree on which the body of a promotion works.
 *
 * @param source the tree, and where its images come from; empty if there is nothing to promote or a condition does not
 *     hold
 * @param result the conditions, and the result where there is no tree
 */
public record PreparedPromotion(Optional<Source> source, PromotionResult result) {

    /**
     * A tree with the images of the promotion written into it.
     *
     * @param revision the SHA of the config commit whose image set is promoted
     */
    public record Source(ConfigTree tree, String revision) {}
}
