package io.jenkins.plugins.gitops.common;

/** A document is no JSON, or has not the expected fields. The message ends a sentence that begins with its name. */
public final class MalformedJsonException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public MalformedJsonException(String message) {
        super(message);
    }
}
