package io.jenkins.plugins.gitops.common;

/** A document that is not the JSON it should be; the message completes a sentence that begins with its name. */
public final class MalformedJsonException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public MalformedJsonException(String message) {
        super(message);
    }
}
