package io.jenkins.plugins.gitops.changes;

import java.util.Locale;

/** How a change ends; every change ends once. */
public enum Outcome {
    /** Main contains it. */
    MERGED,
    /** Main has its content already, by another commit. */
    SATISFIED,
    /** A newer set of the same origin took its place. */
    SUPERSEDED,
    /** It was taken off the auto branch: a required check failed, it conflicts, or somebody asked for it. */
    EVICTED,
    /** It vanished from the auto branch without this plugin's doing. */
    LOST;

    /** Whether a build that made the change may go on. */
    public boolean isSuccess() {
        return this == MERGED || this == SATISFIED || this == SUPERSEDED;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
