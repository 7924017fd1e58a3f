package io.jenkins.plugins.gitops.errors;

/** Required checks failed on a change, so it was evicted. */
public final class ChecksFailed extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public ChecksFailed(String message) {
        super(message);
    }
}
