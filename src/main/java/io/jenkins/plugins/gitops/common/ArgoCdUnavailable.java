package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Duration;

/** An Argo CD server did not answer, or answered with an error. The watch of the server requests again later. */
public final class ArgoCdUnavailable extends ServiceUnavailable {

    private static final long serialVersionUID = 1L;

    public ArgoCdUnavailable(String message) {
        this(message, null, null);
    }

    /**
     * Creates the exception.
     *
     * @param message a sentence that names the server
     * @param retryAfter how long the server asked not to be called, or null if it did not say
     */
    public ArgoCdUnavailable(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, retryAfter, cause);
    }
}
