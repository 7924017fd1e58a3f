package io.jenkins.plugins.gitops.ci;

import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.Optional;

/**
 * A commit status that the plugin sets on a forge.
 *
 * @param state pending, success or failure
 * @param description a sentence; a longer one is cut at the length that all forges accept
 * @param url the address of a page with details, if there is one
 */
public record OutgoingStatus(CheckState state, String description, Optional<String> url) {

    /** The name of the status on the forge. No required check may have this name, since it would wait for itself. */
    public static final String CONTEXT = "gitops-waves";

    /** In characters; the limit of GitHub, which is the lowest. */
    private static final int MAX_DESCRIPTION = 140;

    public OutgoingStatus {
        description = SingleLine.of(description, MAX_DESCRIPTION);
    }
}
