package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Duration;

/** A source of check results that does not say what it is asked. Whoever watches it asks again. */
public final class ForgeUnavailable extends GitOpsException {

    private static final long serialVersionUID = 1L;

    @CheckForNull
    private final Duration retryAfter;

    public ForgeUnavailable(String message) {
        this(message, null, null);
    }

    /**
     * Says what went wrong.
     *
     * @param retryAfter how long the source wants to be left alone, or null if it did not say
     */
    public ForgeUnavailable(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** How long the source wants to be left alone, or null if it did not say. */
    @CheckForNull
    public Duration retryAfter() {
        return retryAfter;
    }
}
