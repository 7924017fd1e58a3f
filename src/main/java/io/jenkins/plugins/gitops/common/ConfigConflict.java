package io.jenkins.plugins.gitops.common;

/**
 * A change conflicts with what main or the auto branch has become, or is no longer on the auto branch. A new change
 * that is made on the present base may be accepted.
 */
public final class ConfigConflict extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public ConfigConflict(String message) {
        super(message);
    }
}
