package io.jenkins.plugins.gitops.images;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/** What is known so far of an image. It refuses the second answer to a question that was answered otherwise before. */
public final class KnownImage implements Serializable {

    private static final long serialVersionUID = 1L;

    // The grammar of the distribution project's reference package.
    private static final Pattern REPOSITORY =
            Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?/)?"
                    + "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*+(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*+)*+");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final int MAX_REPOSITORY = 255;

    private final String service;

    @CheckForNull
    private String repository;

    @CheckForNull
    private String tag;

    @CheckForNull
    private String digest;

    private KnownImage(String service) {
        this.service = service;
    }

    /**
     * What a user says. Each part may be missing, bare, or a full reference.
     *
     * @throws InvalidImagesException if something is malformed or contradictory
     */
    public static KnownImage of(String service, @Nullable String image, @Nullable String tag, @Nullable String digest) {
        var known = new KnownImage(service);
        if (image != null && !image.isBlank()) {
            known.reference("image", image.strip());
        }
        if (tag != null && !tag.isBlank()) {
            if (tag.indexOf(':') >= 0 || tag.indexOf('/') >= 0 || tag.indexOf('@') >= 0) {
                known.reference("tag", tag.strip());
            } else {
                known.tag("tag", tag.strip());
            }
        }
        if (digest != null && !digest.isBlank()) {
            if (digest.indexOf('@') >= 0) {
                known.reference("digest", digest.strip());
            } else {
                known.digest("digest", digest.strip());
            }
        }
        return known;
    }

    /** Everything about an image, still to be confirmed. */
    public static KnownImage of(String service, ImageRef image) {
        return of(service, image.repository(), image.tag(), image.digest());
    }

    /** The service that the image is of. */
    public String service() {
        return service;
    }

    @CheckForNull
    public String repository() {
        return repository;
    }

    @CheckForNull
    public String tag() {
        return tag;
    }

    @CheckForNull
    public String digest() {
        return digest;
    }

    /**
     * Adds what a full reference says.
     *
     * @param field where it comes from, for the sentence of a refusal
     * @throws InvalidImagesException if it is malformed, or says otherwise than what is known
     */
    public void reference(String field, String text) {
        String rest = text;
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
        repository(field, rest);
    }

    private void repository(String field, String text) {
        if (text.length() > MAX_REPOSITORY || !REPOSITORY.matcher(text).matches()) {
            boolean cased = !text.equals(text.toLowerCase(Locale.ROOT));
            throw refuse(
                    field,
                    "\"" + SingleLine.excerpt(text)
                            + "\" is not an image repository such as docker.example.com/team/app"
                            + (cased ? ", which is written in lower case" : ""));
        }
        if (repository != null && !ImageRepositoryName.same(repository, text)) {
            throw disagreement(field, "repository", repository, text);
        }
        repository = repository == null ? text : repository;
    }

    /** Adds a bare tag, as {@link #reference} does. */
    public void tag(String field, String text) {
        if (!TAG.matcher(text).matches()) {
            throw refuse(field, "\"" + SingleLine.excerpt(text) + "\" is not a tag");
        }
        if (tag != null && !tag.equals(text)) {
            throw disagreement(field, "tag", tag, text);
        }
        tag = text;
    }

    /** Adds a bare digest, as {@link #reference} does. */
    public void digest(String field, String text) {
        if (!ImageRef.isDigest(text)) {
            throw refuse(
                    field,
                    "\"" + SingleLine.excerpt(text) + "\" is not a digest: give sha256: and 64 hexadecimal digits");
        }
        if (digest != null && !digest.equals(text)) {
            throw disagreement(field, "digest", digest, text);
        }
        digest = text;
    }

    /**
     * The image, all of which is known.
     *
     * @throws InvalidImagesException if something is missing
     */
    public ImageRef image() {
        checkNamed();
        if (digest == null) {
            throw refuse("digest", "the digest is missing");
        }
        return new ImageRef(Objects.requireNonNull(repository), Objects.requireNonNull(tag), digest);
    }

    /**
     * Makes sure that a registry could be asked.
     *
     * @throws InvalidImagesException if repository or tag are missing
     */
    public void checkNamed() {
        if (repository == null) {
            throw refuse("image", "the image repository is missing");
        }
        if (tag == null) {
            throw refuse("tag", "the tag is missing");
        }
    }

    private InvalidImagesException disagreement(String field, String what, String known, String said) {
        return refuse(
                field,
                "the " + what + " is " + SingleLine.excerpt(said) + " here and " + SingleLine.excerpt(known)
                        + " elsewhere");
    }

    private InvalidImagesException refuse(String field, String what) {
        return new InvalidImagesException(
                "Service " + SingleLine.excerpt(service) + ", field " + field + ": " + what + ".");
    }
}
