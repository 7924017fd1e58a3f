package io.jenkins.plugins.gitops.waves;

import java.time.Instant;

/**
 * A set that ran long enough in one wave to be promoted to the next, whatever runs there since.
 *
 * @param identity the image set's
 * @param sha the config commit it was deployed from
 * @param at when that was seen
 */
public record QualifiedSet(String identity, String sha, Instant at) {}
