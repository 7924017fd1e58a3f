package io.jenkins.plugins.gitops.images;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One image of one service.
 *
 * @param repository {@code docker.example.com/service1}, without tag and digest
 * @param tag bare, {@code 7d1043473d55}
 * @param digest {@code sha256:} and 64 hexadecimal digits, or {@code sha512:} and 128
 */
public record ImageRef(String repository, String tag, String digest) {

    // The grammar of the distribution project's reference package.
    private static final Pattern REPOSITORY =
            Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?/)?"
                    + "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");
    private static final int MAX_REPOSITORY = 255;

    /**
     * Puts an image together from what is known of it. Each part may be missing, bare, or a full reference
     * ({@code repository:tag}, {@code repository@digest}); what several of them say must agree.
     *
     * @param service whose image it is, for the sentence of a refusal
     * @throws InvalidImagesException if something is missing, malformed or contradictory
     */
    public static ImageRef of(String service, @Nullable String image, @Nullable String tag, @Nullable String digest) {
        var parts = new Parts(service);
        parts.reference("image", image);
        if (tag != null && !tag.isBlank()) {
            if (tag.indexOf(':') >= 0 || tag.indexOf('/') >= 0 || tag.indexOf('@') >= 0) {
                parts.reference("tag", tag);
            } else {
                parts.tag("tag", tag.strip());
            }
        }
        if (digest != null && !digest.isBlank()) {
            if (digest.indexOf('@') >= 0) {
                parts.reference("digest", digest);
            } else {
                parts.digest("digest", digest.strip());
            }
        }
        return parts.image();
    }

    /** {@code repository:tag}, which can be moved: it says which application commit runs. */
    public String tagReference() {
        return repository + ":" + tag;
    }

    /** {@code repository@digest}, which cannot be moved: it is what a pod runs. */
    public String digestReference() {
        return repository + "@" + digest;
    }

    /** What is known so far, refusing the second answer to a question that was answered otherwise before. */
    private static final class Parts {
        private final String service;

        @CheckForNull
        private String repository;

        @CheckForNull
        private String tag;

        @CheckForNull
        private String digest;

        Parts(String service) {
            this.service = service;
        }

        void reference(String field, @Nullable String text) {
            if (text == null || text.isBlank()) {
                return;
            }
            String rest = text.strip();
            int at = rest.indexOf('@');
            if (at >= 0) {
                digest(field, rest.substring(at + 1));
                rest = rest.substring(0, at);
            }
            int colon = rest.lastIndexOf(':');
            if (colon > rest.lastIndexOf('/')) {
                tag(field, rest.substring(colon + 1));
                rest = rest.substring(0, colon);
            }
            if (rest.length() > MAX_REPOSITORY || !REPOSITORY.matcher(rest).matches()) {
                boolean cased = !rest.equals(rest.toLowerCase(Locale.ROOT));
                throw refuse(
                        field,
                        "\"" + shown(rest) + "\" is not an image repository such as docker.example.com/team/app"
                                + (cased ? ", which is written in lower case" : ""));
            }
            repository = agreed(field, "repository", repository, rest);
        }

        void tag(String field, String text) {
            if (!TAG.matcher(text).matches()) {
                throw refuse(field, "\"" + shown(text) + "\" is not a tag");
            }
            tag = agreed(field, "tag", tag, text);
        }

        void digest(String field, String text) {
            if (!isDigest(text)) {
                throw refuse(field, "\"" + shown(text) + "\" is not a digest: give sha256: and 64 hexadecimal digits");
            }
            digest = agreed(field, "digest", digest, text);
        }

        ImageRef image() {
            if (repository == null) {
                throw refuse("image", "the image repository is missing");
            }
            if (tag == null) {
                throw refuse("tag", "the tag is missing");
            }
            if (digest == null) {
                throw refuse("digest", "the digest is missing");
            }
            return new ImageRef(repository, tag, digest);
        }

        private String agreed(String field, String what, @CheckForNull String known, String said) {
            if (known != null && !known.equals(said)) {
                throw refuse(field, "the " + what + " is " + shown(said) + " here and " + shown(known) + " elsewhere");
            }
            return said;
        }

        private InvalidImagesException refuse(String field, String what) {
            return new InvalidImagesException("Service " + shown(service) + ", field " + field + ": " + what + ".");
        }
    }

    /** Whether the text is a digest that this plugin takes. */
    public static boolean isDigest(String text) {
        return DIGEST.matcher(text).matches();
    }

    /** Text from outside, short and on one line. */
    public static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= 120 ? line : line.substring(0, 120) + "…";
    }
}
