package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.Nullable;

/** Something that went wrong and can be told to people: the message is a sentence that says what and what to do. */
public abstract class GitOpsException extends Exception {

    private static final long serialVersionUID = 1L;

    protected GitOpsException(String message) {
        super(message);
    }

    protected GitOpsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
