package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.Wave;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The image set that a promotion would write.
 *
 * @param from the wave that has it
 * @param qualifiedIn the names of the previous waves in which it is qualified
 * @param sha the config commit that is deployed, or empty
 * @param set its set, if there is one to promote
 * @param superseded whether a newer set took the place of the one that was asked for
 */
record PromotionSource(
        Wave from,
        List<String> qualifiedIn,
        String sha,
        Optional<ImageSet> set,
        boolean superseded,
        List<PromotionCondition> conditions) {

    PromotionSource {
        qualifiedIn = List.copyOf(qualifiedIn);
        conditions = List.copyOf(conditions);
    }

    /** A copy with one more condition. */
    PromotionSource with(PromotionCondition condition) {
        var more = new ArrayList<>(conditions);
        more.add(condition);
        return new PromotionSource(from, qualifiedIn, sha, set, superseded, more);
    }
}
