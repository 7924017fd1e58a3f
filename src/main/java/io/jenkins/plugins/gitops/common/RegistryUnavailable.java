package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Duration;

/** An image registry that does not answer now. It has been asked more than once. */
public final class RegistryUnavailable extends GitOpsException {

    private static final long serialVersionUID = 1L;

    @CheckForNull
    private final Duration retryAfter;

    /**
     * Says what went wrong.
     *
     * @param retryAfter how long the registry wants to be left alone, or null if it did not say
     */
    public RegistryUnavailable(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** How long the registry wants to be left alone, or null if it did not say. */
    @CheckForNull
    public Duration retryAfter() {
        return retryAfter;
    }
}
