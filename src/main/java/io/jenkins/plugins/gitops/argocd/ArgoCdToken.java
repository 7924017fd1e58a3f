package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.common.ArgoCdUnavailable;

/** Provides the token of an Argo CD server. It is called before each request, and may block. */
@FunctionalInterface
public interface ArgoCdToken {

    /**
     * Returns the present token.
     *
     * @throws ArgoCdUnavailable if there is no token, with a sentence that says what to do
     */
    String get() throws ArgoCdUnavailable;
}
