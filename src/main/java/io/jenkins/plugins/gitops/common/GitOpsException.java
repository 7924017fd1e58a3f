package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.Nullable;

/** An error whose message is shown to users: a sentence that says what is wrong and what to do. */
public abstract class GitOpsException extends Exception {

    private static final long serialVersionUID = 1L;

    protected GitOpsException(String message) {
        super(message);
    }

    protected GitOpsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
