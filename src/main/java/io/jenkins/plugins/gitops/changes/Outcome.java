package io.jenkins.plugins.gitops.changes;

import java.util.Locale;

/** The outcome of a change; each change has one. */
public enum Outcome {
    /** Main contains the commit of the change. */
    MERGED,
    /** Main has the content of the change by another commit. */
    SATISFIED,
    /** A newer change of the same job or the same previous wave replaces it. */
    SUPERSEDED,
    /** The change was removed from the auto branch, see the causes of {@link DecidedChange}. */
    EVICTED,
    /** The commit of the change disappeared from the auto branch, and no driver had removed it. */
    LOST;

    /** Whether a build that waits for the change continues; otherwise it fails. */
    public boolean isSuccess() {
        return this == MERGED || this == SATISFIED || this == SUPERSEDED;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
