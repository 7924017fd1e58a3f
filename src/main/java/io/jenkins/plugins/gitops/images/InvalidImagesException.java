package io.jenkins.plugins.gitops.images;

/** Refused images; the message is one sentence that names the service and the field. */
public final class InvalidImagesException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public InvalidImagesException(String message) {
        super(message);
    }
}
