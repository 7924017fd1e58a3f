package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Duration;

/** An image registry could not be reached, or answered 429 or a server error, also after the retries that it allows. */
public final class RegistryUnavailable extends ServiceUnavailable {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message a sentence that names the server
     * @param retryAfter how long the server asked not to be called, or null if it did not say
     */
    public RegistryUnavailable(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, retryAfter, cause);
    }
}
