package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.IOException;
import java.time.Duration;

/** An answer that is not what was asked for. Its message is Argo CD's own, or empty. */
final class ArgoCdHttpException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String location;

    @CheckForNull
    private final Duration retryAfter;

    /**
     * Keeps what the server said.
     *
     * @param message Argo CD's own short message, or empty if the answer is none of Argo CD's
     * @param location where a redirect leads, or empty
     * @param retryAfter how long the server wants to be left alone, or null if it did not say
     */
    ArgoCdHttpException(int status, String message, String location, @Nullable Duration retryAfter) {
        super(message);
        this.status = status;
        this.location = location;
        this.retryAfter = retryAfter;
    }

    /** Whether it is this status, and Argo CD itself says so. */
    boolean isOfArgoCd(int status) {
        return this.status == status && !getMessage().isEmpty();
    }

    int status() {
        return status;
    }

    String location() {
        return location;
    }

    @CheckForNull
    Duration retryAfter() {
        return retryAfter;
    }
}
