package io.jenkins.plugins.gitops.registry;

/**
 * Whether an image is signed.
 *
 * @param signed whether one of the keys signed it
 * @param seen what was found, as a clause that begins with a verb
 */
public record ImageSignature(boolean signed, String seen) {

    public static final ImageSignature VALID = new ImageSignature(true, "is signed");

    /** What is known of an image whose registry could not be asked. */
    public static ImageSignature unknown(Throwable failure) {
        return new ImageSignature(false, "may be signed or not: " + failure.getMessage());
    }
}
