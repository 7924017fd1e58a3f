package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Duration;
import java.util.Optional;

/**
 * The config repository could not be read or written, and may be later: the driver runs its round again after a delay,
 * and steps ask again until their timeout.
 */
public class RepoUnavailable extends GitOpsException {

    private static final long serialVersionUID = 1L;

    @CheckForNull
    private final Duration retryAfter;

    public RepoUnavailable(String message) {
        this(message, null);
    }

    public RepoUnavailable(String message, @Nullable Throwable cause) {
        this(message, Optional.empty(), cause);
    }

    /**
     * Creates the exception.
     *
     * @param retryAfter how long the git server asked not to be called, if it did
     */
    public RepoUnavailable(String message, Optional<Duration> retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter.orElse(null);
    }

    /** Returns how long the git server asked not to be called, if it did. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
