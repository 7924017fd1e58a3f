package io.jenkins.plugins.gitops.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A failed connection to a git server, and its explanation for users, without the secrets of the connection. */
public final class GitTransportException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String sentence;
    private final boolean retryable;
    private final boolean lasting;
    private final boolean unsupported;

    @CheckForNull
    private final Duration retryAfter;

    GitTransportException(String url, SecretRedaction redaction, IOException cause) {
        super(redaction.redact(cause));
        var failure = new TransportFailure(url, redaction, cause);
        this.sentence = redaction.redact(failure.sentence());
        this.retryable = failure.isRetryable();
        this.lasting = failure.isLasting();
        this.unsupported = failure.isUnsupported();
        this.retryAfter = failure.retryAfter().orElse(null);
    }

    /** Whether an attempt at once may succeed. */
    public boolean isRetryable() {
        return retryable;
    }

    /** Whether the repository is of a kind that cannot be used. */
    public boolean isUnsupported() {
        return unsupported;
    }

    /** The error with a message for users. */
    public RepoUnavailable explained() {
        return lasting
                ? new RepoMisconfigured(sentence, this)
                : new RepoUnavailable(sentence, Optional.ofNullable(retryAfter), this);
    }
}
