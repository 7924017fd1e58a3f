package io.jenkins.plugins.gitops.common;

import java.time.Instant;

/** A change was not appended, since a set soaks in its wave and newer sets have to wait. The step submits it again. */
public final class WaveFrozen extends GitOpsException {

    private static final long serialVersionUID = 1L;

    private final Instant until;

    /**
     * Creates the error.
     *
     * @param until the time at which the freeze may end although nothing else changes
     */
    public WaveFrozen(String message, Instant until) {
        super(message);
        this.until = until;
    }

    /** The time at which the freeze may end although nothing else changes. */
    public Instant until() {
        return until;
    }
}
