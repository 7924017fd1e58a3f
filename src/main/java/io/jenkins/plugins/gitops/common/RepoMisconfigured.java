package io.jenkins.plugins.gitops.common;

/**
 * The config repository cannot be used until a user corrects something, such as its URL, credentials or permissions:
 * waiting does not help.
 */
public class RepoMisconfigured extends RepoUnavailable {

    private static final long serialVersionUID = 1L;

    public RepoMisconfigured(String message) {
        super(message);
    }

    public RepoMisconfigured(String message, Throwable cause) {
        super(message, cause);
    }
}
