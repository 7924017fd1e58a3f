package io.jenkins.plugins.gitops.common;

import java.time.Instant;

/** A wave takes no newer set for a while, since one soaks there. Whoever wants to write asks again. */
public final class WaveFrozen extends GitOpsException {

    private static final long serialVersionUID = 1L;

    private final Instant until;

    /**
     * Says why.
     *
     * @param until when it ends if nothing else happens
     */
    public WaveFrozen(String message, Instant until) {
        super(message);
        this.until = until;
    }

    /** When it ends if nothing else happens. */
    public Instant until() {
        return until;
    }
}
