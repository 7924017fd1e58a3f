package io.jenkins.plugins.gitops.common;

/** The config repository could not be read or written. The driver runs its round again after a delay. */
public final class RepoUnavailable extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public RepoUnavailable(String message) {
        super(message);
    }

    public RepoUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
