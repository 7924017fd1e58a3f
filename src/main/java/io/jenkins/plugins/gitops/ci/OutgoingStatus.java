package io.jenkins.plugins.gitops.ci;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.SingleLine;

/**
 * A status of ours for a forge to show on a commit.
 *
 * @param state pending, success or failure
 * @param description a sentence
 * @param url where there is more, or null
 */
public record OutgoingStatus(
        CheckState state, String description, @CheckForNull String url) {

    /** The name that it has on the forge. It can be required by nobody: it would wait for itself. */
    public static final String CONTEXT = "gitops-waves";

    /** The longest description that all forges take. */
    private static final int MOST = 140;

    public OutgoingStatus(CheckState state, String description, @Nullable String url) {
        this.state = state;
        this.description = SingleLine.of(description, MOST);
        this.url = url;
    }
}
