package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.Nullable;

/** An error whose message is shown to users: a sentence, in a single line, that says what is wrong and what to do. */
public abstract class GitOpsException extends Exception {

    private static final long serialVersionUID = 1L;

    protected GitOpsException(String message) {
        super(SingleLine.whole(message));
    }

    protected GitOpsException(String message, @Nullable Throwable cause) {
        super(SingleLine.whole(message), cause);
    }
}
