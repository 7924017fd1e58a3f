package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Duration;

/**
 * A source of check results did not answer, or answered with an error. The watch of the source requests again later.
 */
public final class ForgeUnavailable extends ServiceUnavailable {

    private static final long serialVersionUID = 1L;

    private final boolean refused;

    public ForgeUnavailable(String message) {
        this(message, null, null);
    }

    /**
     * Creates the exception.
     *
     * @param message a sentence that names the server
     * @param retryAfter how long the server asked not to be called, or null if it did not say
     */
    public ForgeUnavailable(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        this(message, retryAfter, cause, false);
    }

    private ForgeUnavailable(
            String message, @Nullable Duration retryAfter, @Nullable Throwable cause, boolean refused) {
        super(message, retryAfter, cause);
        this.refused = refused;
    }

    /** Creates the exception of a forge that does not let the token read this, or says that it is not there. */
    public static ForgeUnavailable refusing(String message) {
        return new ForgeUnavailable(message, null, null, true);
    }

    /** Returns whether the forge has answered that the token may not read this, or that it is not there. */
    public boolean isRefused() {
        return refused;
    }
}
