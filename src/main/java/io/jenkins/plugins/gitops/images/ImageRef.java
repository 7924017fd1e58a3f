package io.jenkins.plugins.gitops.images;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.regex.Pattern;

/**
 * One image of one service.
 *
 * @param repository {@code docker.example.com/service1}, without tag and digest
 * @param tag bare, {@code 7d1043473d55}
 * @param digest {@code sha256:} and 64 hexadecimal digits, or {@code sha512:} and 128
 */
public record ImageRef(String repository, String tag, String digest) {

    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");

    /**
     * Puts an image together from what is known of it. Each part may be missing, bare, or a full reference
     * ({@code repository:tag}, {@code repository@digest}); what several of them say must agree.
     *
     * @param service whose image it is, for the sentence of a refusal
     * @throws InvalidImagesException if something is missing, malformed or contradictory
     */
    public static ImageRef of(String service, @Nullable String image, @Nullable String tag, @Nullable String digest) {
        return KnownImage.of(service, image, tag, digest).image();
    }

    /** {@code repository:tag}, which can be moved: it says which application commit runs. */
    public String tagReference() {
        return repository + ":" + tag;
    }

    /** {@code repository@digest}, which cannot be moved: it is what a pod runs. */
    public String digestReference() {
        return repository + "@" + digest;
    }

    /** Whether the text is a digest that this plugin takes. */
    public static boolean isDigest(String text) {
        return DIGEST.matcher(text).matches();
    }
}
