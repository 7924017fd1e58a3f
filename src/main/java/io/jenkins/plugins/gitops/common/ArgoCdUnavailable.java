package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Duration;

/** An Argo CD server that does not say what it is asked. Whoever watches it asks again. */
public final class ArgoCdUnavailable extends GitOpsException {

    private static final long serialVersionUID = 1L;

    @CheckForNull
    private final Duration retryAfter;

    public ArgoCdUnavailable(String message) {
        this(message, null, null);
    }

    /**
     * Says what went wrong.
     *
     * @param retryAfter how long the server wants to be left alone, or null if it did not say
     */
    public ArgoCdUnavailable(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** How long the server wants to be left alone, or null if it did not say. */
    @CheckForNull
    public Duration retryAfter() {
        return retryAfter;
    }
}
