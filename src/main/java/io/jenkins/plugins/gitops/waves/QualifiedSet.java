package io.jenkins.plugins.gitops.waves;

import java.time.Instant;

/**
 * An image set that has soaked in one wave for the next. It may be promoted although the first wave runs another by
 * now.
 *
 * @param identity the {@link io.jenkins.plugins.gitops.images.ImageSet#identity} of the set
 * @param sha the config commit from which the set was deployed
 * @param at when the soak was found to be over
 */
public record QualifiedSet(String identity, String sha, Instant at) {}
