package io.jenkins.plugins.gitops.flux;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** An API server answered with an error, as the status of a response or in a watch. The message is its own. */
final class KubernetesHttpException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;

    @Nullable
    private final transient Duration retryAfter;

    KubernetesHttpException(int status, String message, @Nullable Duration retryAfter) {
        super(message);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    int status() {
        return status;
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
