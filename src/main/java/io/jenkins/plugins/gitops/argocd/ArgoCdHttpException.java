package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** An error response of Argo CD or of a proxy before it. The message is that of Argo CD, or empty. */
final class ArgoCdHttpException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;

    @CheckForNull
    private final String location;

    @CheckForNull
    private final Duration retryAfter;

    /**
     * Creates the exception.
     *
     * @param message Argo CD's own short message, or empty if the response is not one of Argo CD's
     * @param location scheme and host that a redirect leads to, or null if it is none
     * @param retryAfter how long the server asked not to be called, or null if it did not say
     */
    ArgoCdHttpException(int status, String message, @Nullable String location, @Nullable Duration retryAfter) {
        super(message);
        this.status = status;
        this.location = location;
        this.retryAfter = retryAfter;
    }

    /** Returns whether the response has this status and comes from Argo CD itself, not from a proxy before it. */
    boolean isOfArgoCd(int status) {
        return this.status == status && !getMessage().isEmpty();
    }

    int status() {
        return status;
    }

    Optional<String> location() {
        return Optional.ofNullable(location);
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
