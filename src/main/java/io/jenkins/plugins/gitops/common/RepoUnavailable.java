package io.jenkins.plugins.gitops.common;

/**
 * The config repository could not be read or written, and may be later: the driver runs its round again after a delay,
 * and steps ask again until their timeout.
 */
public class RepoUnavailable extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public RepoUnavailable(String message) {
        super(message);
    }

    public RepoUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
