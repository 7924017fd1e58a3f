package io.jenkins.plugins.gitops.flux;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.ServiceUnavailable;
import java.time.Duration;

/** A cluster did not answer, or answered with an error. Its watch requests again later. */
public final class ClusterUnavailable extends ServiceUnavailable {

    private static final long serialVersionUID = 1L;

    /** Creates the exception with a sentence that names the cluster. */
    public ClusterUnavailable(String message) {
        this(message, null, null);
    }

    ClusterUnavailable(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, retryAfter, cause);
    }
}
