package io.jenkins.plugins.gitops.images;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Locale;

/**
 * A reference to a container image: repository, tag and digest.
 *
 * @param repository {@code docker.example.com/service1}, without tag and digest
 * @param tag without the repository, {@code 7d1043473d55}
 * @param digest {@code sha256:} and 64 hexadecimal digits, or {@code sha512:} and 128
 */
public record ImageRef(String repository, String tag, String digest) {

    private static final int PREFIX_LENGTH = "sha256:".length();

    /**
     * Combines parts of a reference. Each part may be null, bare, or a full reference ({@code repository:tag},
     * {@code repository@digest}); together they must give all parts without a contradiction.
     *
     * @param service the service of the image, for error messages
     * @throws InvalidImagesException if a part is missing, malformed or contradictory
     */
    public static ImageRef of(String service, @Nullable String image, @Nullable String tag, @Nullable String digest) {
        return KnownImage.of(service, image, tag, digest).toImageRef();
    }

    /** {@code repository:tag}. A tag can be moved; it tells people which application commit runs. */
    public String tagReference() {
        return repository + ":" + tag;
    }

    /** {@code repository@digest}, which always names the same image; pods run it. */
    public String digestReference() {
        return repository + "@" + digest;
    }

    /** Whether the text is a sha256 or sha512 digest, with the algorithm before it. */
    public static boolean isDigest(String text) {
        return text.startsWith("sha256:") && isHex(text, 64) || text.startsWith("sha512:") && isHex(text, 128);
    }

    /** What a text that is not a digest has to be instead, as the end of a sentence that says "give". */
    public static String digestForm(String text) {
        return isDigest(text.toLowerCase(Locale.ROOT))
                ? "it in lower case, as the registry does"
                : "sha256: and 64 hexadecimal digits";
    }

    /** Whether a known prefix is followed by so many digits; patterns and streams take long for thousands of images. */
    private static boolean isHex(String text, int digits) {
        if (text.length() != PREFIX_LENGTH + digits) {
            return false;
        }
        for (int i = PREFIX_LENGTH; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }
}
