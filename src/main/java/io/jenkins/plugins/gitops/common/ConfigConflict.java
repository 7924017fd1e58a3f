package io.jenkins.plugins.gitops.common;

/** A change could not be laid on what main has become, or was lost: made again on the new base it may pass. */
public final class ConfigConflict extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public ConfigConflict(String message) {
        super(message);
    }
}
