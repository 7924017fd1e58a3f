package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.common.ArgoCdUnavailable;

/** Where the token of an Argo CD server comes from. It is asked for anew at each call, and may take its time. */
@FunctionalInterface
public interface ArgoCdToken {

    /**
     * The token as it is now.
     *
     * @throws ArgoCdUnavailable if there is none, with a sentence that says what to do
     */
    String get() throws ArgoCdUnavailable;
}
