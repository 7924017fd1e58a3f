package io.jenkins.plugins.gitops.common;

/** A request that can never be carried out as it was made. */
public final class RequestRefused extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public RequestRefused(String message) {
        super(message);
    }
}
