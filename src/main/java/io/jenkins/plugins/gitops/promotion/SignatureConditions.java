package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.registry.ImageSignature;
import io.jenkins.plugins.gitops.registry.SignatureLookup;
import io.jenkins.plugins.gitops.registry.SignaturePolicy;
import io.jenkins.plugins.gitops.registry.SignatureWatch;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.Wave;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;

/**
 * The condition that all images are signed, of the waves that want that.
 *
 * @param lookup says which images are signed
 */
public record SignatureConditions(SignaturePolicy policy, SignatureLookup lookup) {

    /** The number of images that are named of those that are not signed. */
    private static final int NAMED = 3;

    /** The condition for a set that would go into a wave; empty if the wave takes any. */
    public Optional<PromotionCondition> of(Wave to, ImageSet set, Instant now) {
        if (!policy.requires(to.name())) {
            return Optional.empty();
        }
        var problems = new ArrayList<String>();
        for (Map.Entry<String, ImageRef> image : set.images().entrySet()) {
            Optional<ImageSignature> signature = lookup.of(image.getValue());
            if (signature.filter(ImageSignature::signed).isEmpty()) {
                problems.add(image.getKey() + ": " + image.getValue().digestReference() + " "
                        + signature.map(ImageSignature::seen).orElse("is being looked at"));
            }
        }
        String more = problems.size() > NAMED ? "; and " + (problems.size() - NAMED) + " more" : "";
        return Optional.of(new PromotionCondition(
                PromotionCondition.SIGNED,
                problems.isEmpty(),
                "each image is signed by one of the publicKeys",
                problems.isEmpty()
                        ? "all images are signed."
                        : String.join("; ", problems.subList(0, Math.min(NAMED, problems.size()))) + more + ".",
                problems.isEmpty() ? null : now.plus(SignatureWatch.ASK_AGAIN)));
    }

    /** Whether it is not known yet of one of the images whether it is signed, although the wave wants to know. */
    public boolean isOpen(Wave to, ImageSet set) {
        return policy.requires(to.name())
                && set.images().values().stream()
                        .anyMatch(image -> lookup.of(image).isEmpty());
    }
}
