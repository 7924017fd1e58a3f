package io.jenkins.plugins.gitops.images;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/** The parts of an image reference that are known so far. A part that contradicts a known one is refused. Mutable. */
public final class KnownImage implements Serializable {

    private static final long serialVersionUID = 1L;

    // As in the grammar of the package reference of the distribution project.
    private static final Pattern REPOSITORY =
            Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?/)?"
                    + "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*+(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*+)*+");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final int MAX_REPOSITORY = 255;

    /** What tools call the id of an image: the digest of its configuration, without the algorithm. */
    private static final Pattern HEX_ID = Pattern.compile("[0-9a-f]{64}");

    /** A digest, whole or shortened, which otherwise reads as a tag of a repository that is called like its algorithm. */
    private static final Pattern DIGEST_LIKE = Pattern.compile("sha(?:256|512):[0-9a-f]+");

    private final String service;

    @CheckForNull
    private String repository;

    @CheckForNull
    private String tag;

    @CheckForNull
    private String digest;

    private boolean pushedByDigest;

    /** Null in what an earlier version has saved. */
    @CheckForNull
    private List<String> otherDigests;

    private KnownImage(String service) {
        this.service = service;
    }

    /**
     * Collects the parts that a user gives. Each may be null, blank, bare, or a full reference.
     *
     * @throws InvalidImagesException if a part is malformed or contradictory
     */
    public static KnownImage of(String service, @Nullable String image, @Nullable String tag, @Nullable String digest) {
        var known = new KnownImage(service);
        String givenImage = stripped(image);
        if (!givenImage.isEmpty()) {
            known.addReference("image", givenImage);
        }
        String givenTag = stripped(tag);
        if (givenTag.indexOf(':') >= 0 || givenTag.indexOf('@') >= 0) {
            known.addReference("tag", givenTag);
        } else if (!givenTag.isEmpty()) {
            known.addTag("tag", givenTag);
        }
        String givenDigest = stripped(digest);
        if (givenDigest.indexOf('@') >= 0) {
            known.addReference("digest", givenDigest);
        } else if (!givenDigest.isEmpty()) {
            known.addDigest("digest", givenDigest);
        }
        return known;
    }

    /** What a file of one line has, which may begin with a byte order mark. */
    private static String stripped(@Nullable String text) {
        return text == null ? "" : (text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
    }

    /** All parts of an image, to which further parts can be added to check them. */
    public static KnownImage of(String service, ImageRef image) {
        return of(service, image.repository(), image.tag(), image.digest());
    }

    /** The service of the image. */
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

    /** Whether the image is known to have been pushed by its digest alone, so that its registry may lack the tag. */
    public boolean isPushedByDigest() {
        return pushedByDigest;
    }

    void setPushedByDigest(boolean pushedByDigest) {
        this.pushedByDigest = pushedByDigest;
    }

    /**
     * The digests that a file names beside the one that is taken, as those of an index and its platforms in one list: if
     * the tag has one of these in its registry, that is meant.
     */
    public List<String> otherDigests() {
        return otherDigests == null ? List.of() : otherDigests;
    }

    void setOtherDigests(List<String> digests) {
        otherDigests = List.copyOf(digests);
    }

    /** Whether a text is the id of an image as tools print it, without an algorithm. */
    static boolean isHexId(String text) {
        return HEX_ID.matcher(text).matches();
    }

    /**
     * Adds the parts of a full reference.
     *
     * @param field the source of the reference, for error messages
     * @throws InvalidImagesException if the reference is malformed or contradicts a known part
     */
    public void addReference(String field, String text) {
        if (DIGEST_LIKE.matcher(text).matches()) {
            throw refuse(
                    field,
                    "\"" + SingleLine.excerpt(text)
                            + "\" is a digest: give it as digest:, beside the repository as image: and the tag as"
                            + " tag:");
        }
        String rest = text;
        int at = rest.indexOf('@');
        if (at >= 0) {
            addDigest(field, rest.substring(at + 1));
            rest = rest.substring(0, at);
        }
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            addTag(field, rest.substring(colon + 1));
            rest = rest.substring(0, colon);
        }
        addRepository(field, rest);
    }

    private void addRepository(String field, String text) {
        if (isHexId(text)) {
            throw refuse(
                    field,
                    "\"" + text + "\" is the id or the digest of an image, not a repository such as "
                            + "docker.example.com/team/app");
        }
        if (text.length() > MAX_REPOSITORY || !REPOSITORY.matcher(text).matches()) {
            boolean cased = !text.equals(text.toLowerCase(Locale.ROOT));
            throw refuse(
                    field,
                    "\"" + SingleLine.excerpt(text)
                            + "\" is not an image repository such as docker.example.com/team/app"
                            + (text.contains("://")
                                    ? ": leave out " + SingleLine.excerpt(text.substring(0, text.indexOf("://") + 3))
                                    : cased ? ": write it in lower case" : ""));
        }
        if (repository != null && !ImageRepositoryName.same(repository, text)) {
            throw contradiction(field, "repository", repository, text);
        }
        repository = repository == null ? text : repository;
    }

    /** Adds a bare tag, as {@link #addReference} does. */
    public void addTag(String field, String text) {
        if (!TAG.matcher(text).matches()) {
            throw refuse(
                    field,
                    "\"" + SingleLine.excerpt(text)
                            + "\" is not a tag: write letters, digits, '_', '.' and '-', at most 128, and begin with a"
                            + " letter, a digit or '_'");
        }
        if (tag != null && !tag.equals(text)) {
            throw contradiction(field, "tag", tag, text);
        }
        tag = text;
    }

    /** Adds a bare digest, as {@link #addReference} does. */
    public void addDigest(String field, String text) {
        if (!ImageRef.isDigest(text)) {
            throw refuse(
                    field,
                    "\"" + SingleLine.excerpt(text) + "\" is not a digest: give "
                            + (isHexId(text)
                                    ? "the one that the registry has; podman build, buildah build and docker images"
                                            + " print this form as the id of an image, by which it cannot be pulled"
                                    : ImageRef.digestForm(text)));
        }
        if (digest != null && !digest.equals(text)) {
            throw contradiction(field, "digest", digest, text);
        }
        digest = text;
    }

    /**
     * The complete reference.
     *
     * @throws InvalidImagesException if a part is missing
     */
    public ImageRef toImageRef() {
        requireRepositoryAndTag();
        if (digest == null) {
            throw refuse("digest", "the digest is missing; give sha256: and 64 hexadecimal digits");
        }
        return new ImageRef(Objects.requireNonNull(repository), Objects.requireNonNull(tag), digest);
    }

    /**
     * Checks that the repository and the tag are known, as a request to a registry needs them.
     *
     * @throws InvalidImagesException if one of them is missing
     */
    public void requireRepositoryAndTag() {
        if (repository == null) {
            throw refuse("image", "the image repository is missing; give one such as docker.example.com/team/app");
        }
        if (tag == null) {
            throw refuse("tag", "the tag is missing; give the one that the image was pushed with");
        }
    }

    private InvalidImagesException contradiction(String field, String what, String known, String given) {
        return refuse(
                field,
                "the " + what + " is " + SingleLine.excerpt(given) + " here, but another field says "
                        + SingleLine.excerpt(known) + "; make them agree, or leave one out");
    }

    private InvalidImagesException refuse(String field, String what) {
        return new InvalidImagesException(
                "Service " + SingleLine.excerpt(service) + ", field " + field + ": " + what + ".");
    }
}
