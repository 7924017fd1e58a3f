package io.jenkins.plugins.gitops.common;

/** A request is invalid or not allowed: the same request would be refused again. */
public final class RequestRefused extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public RequestRefused(String message) {
        super(message);
    }
}
