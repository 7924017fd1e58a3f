package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Duration;

/**
 * A source of check results did not answer, or answered with an error. The watch of the source requests again later.
 */
public final class ForgeUnavailable extends ServiceUnavailable {

    private static final long serialVersionUID = 1L;

    public ForgeUnavailable(String message) {
        this(message, null, null);
    }

    /**
     * Makes the exception.
     *
     * @param message a sentence that names the server
     * @param retryAfter how long the server asked not to be called, or null if it did not say
     */
    public ForgeUnavailable(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, retryAfter, cause);
    }
}
