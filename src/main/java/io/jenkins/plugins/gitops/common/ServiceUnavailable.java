package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Duration;
import java.util.Optional;

/** A server did not answer, or answered with an error. A later attempt may succeed. */
public abstract class ServiceUnavailable extends GitOpsException {

    private static final long serialVersionUID = 1L;

    @CheckForNull
    private final Duration retryAfter;

    /**
     * Creates the exception.
     *
     * @param retryAfter how long the server asked not to be called, or null if it did not say
     */
    protected ServiceUnavailable(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** Returns how long the server asked not to be called, if it did. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
