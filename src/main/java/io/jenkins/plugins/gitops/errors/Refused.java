package io.jenkins.plugins.gitops.errors;

/** A request that can never be carried out as it was made. */
public final class Refused extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public Refused(String message) {
        super(message);
    }
}
