package io.jenkins.plugins.gitops.images;

/** An image or image set is not valid. The message is a sentence that names the service or the file, and the fault. */
public final class InvalidImagesException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public InvalidImagesException(String message) {
        super(message);
    }
}
