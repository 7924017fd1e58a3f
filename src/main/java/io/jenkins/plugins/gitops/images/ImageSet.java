package io.jenkins.plugins.gitops.images;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.HexDigest;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** An image for each of several services, which are changed as one unit. Immutable; equal sets have equal JSON. */
public final class ImageSet {

    /** The set without images. */
    public static final ImageSet EMPTY = new ImageSet(new TreeMap<>());

    // The name of a service is a key and the name of an artifact's file, so it must not lead out of the folder.
    private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Set<String> FIELDS = Set.of("Digest", "Tag");

    /** What {@code recordImage} returns for an image has these, and is sometimes taken for a set. */
    private static final Set<String> FIELDS_OF_AN_IMAGE = Set.of("service", "Digest", "Tag", "digest", "tag");

    private final SortedMap<String, ImageRef> images;

    /** Computed at the first use, since it takes a millisecond for hundreds of images. */
    @CheckForNull
    private volatile String identity;

    private ImageSet(TreeMap<String, ImageRef> images) {
        this.images = Collections.unmodifiableSortedMap(images);
    }

    /**
     * Creates a set of images by service.
     *
     * @throws InvalidImagesException if the name of a service is not valid, see {@link #checkService}
     */
    public static ImageSet of(Map<String, ImageRef> images) {
        images.keySet().forEach(ImageSet::checkService);
        return new ImageSet(new TreeMap<>(images));
    }

    /**
     * Parses the JSON form of announcements, {@code {"Service1": {"Digest": "repository@sha256:…", "Tag":
     * "repository:tag"}}}.
     *
     * @throws InvalidImagesException with one sentence naming service and field
     */
    public static ImageSet parse(String json) {
        try {
            return fromTree(Json.parse(json));
        } catch (MalformedJsonException e) {
            throw new InvalidImagesException("The image set " + e.getMessage() + ".");
        }
    }

    /**
     * Parses the JSON form of announcements in a file of the config repository, which may be larger than an
     * announcement.
     *
     * @throws InvalidImagesException with one sentence naming service and field
     */
    static ImageSet parseStored(byte[] json) {
        try {
            return fromTree(Json.parseStored(json));
        } catch (MalformedJsonException e) {
            throw new InvalidImagesException("The image set " + e.getMessage() + ".");
        }
    }

    /**
     * Converts the form of announcements as a Jenkinsfile passes it: a map of maps of strings.
     *
     * @throws InvalidImagesException with one sentence naming service and field
     */
    public static ImageSet fromMap(Map<?, ?> announced) {
        var root = Json.object();
        announced.forEach((service, fields) -> {
            if (!(fields instanceof Map<?, ?> map)) {
                throw shape(String.valueOf(service));
            }
            var node = root.putObject(String.valueOf(service));
            map.forEach((key, value) -> {
                if (!(value instanceof CharSequence)) {
                    throw notText(String.valueOf(service), String.valueOf(key));
                }
                node.put(String.valueOf(key), value.toString());
            });
        });
        return fromTree(root);
    }

    private static ImageSet fromTree(JsonNode root) {
        if (!root.isObject()) {
            throw new InvalidImagesException(
                    "The image set is not a JSON object of services, such as {\"Service1\": {\"Digest\": \"…\", "
                            + "\"Tag\": \"…\"}}.");
        }
        var images = new TreeMap<String, ImageRef>();
        root.properties()
                .forEach(entry -> images.put(checkService(entry.getKey()), image(entry.getKey(), entry.getValue())));
        return new ImageSet(images);
    }

    private static ImageRef image(String service, JsonNode fields) {
        if (!fields.isObject()) {
            throw shape(service);
        }
        fields.properties().forEach(field -> {
            if (!FIELDS.contains(field.getKey())) {
                throw new InvalidImagesException(
                        "Service " + SingleLine.excerpt(service) + ", field " + SingleLine.excerpt(field.getKey())
                                + ": not known; the fields are Digest and Tag, written like this.");
            }
            if (!field.getValue().isTextual()) {
                throw notText(service, field.getKey());
            }
        });
        return fromReferences(
                service, fields.path("Tag").asText(""), fields.path("Digest").asText(""));
    }

    /** Combines the two full references of an image. */
    static ImageRef fromReferences(String service, String tag, String digest) {
        if (!tag.isBlank() && tag.lastIndexOf(':') <= tag.lastIndexOf('/')) {
            throw new InvalidImagesException("Service " + SingleLine.excerpt(service) + ", field Tag: \""
                    + SingleLine.excerpt(tag) + "\" is not repository:tag, such as docker.example.com/team/app:1.");
        }
        if (!digest.isBlank() && digest.indexOf('@') < 0) {
            throw new InvalidImagesException(
                    "Service " + SingleLine.excerpt(service) + ", field Digest: \"" + SingleLine.excerpt(digest)
                            + "\" is not repository@digest, such as docker.example.com/team/app@sha256:….");
        }
        return ImageRef.of(service, null, tag, digest);
    }

    /**
     * Checks that the name of a service can be a key and a file name, and returns it.
     *
     * @throws InvalidImagesException if it cannot
     */
    public static String checkService(String service) {
        if (!SERVICE.matcher(service).matches()) {
            throw new InvalidImagesException("Service \"" + SingleLine.excerpt(service)
                    + "\": a service name begins with a letter or digit and goes on with letters, "
                    + "digits, '.', '_' and '-', 128 at most.");
        }
        return service;
    }

    private static InvalidImagesException shape(String service) {
        if (FIELDS_OF_AN_IMAGE.contains(service)) {
            return new InvalidImagesException("The image set has the field \"" + service
                    + "\" of one image where its service is expected; write {\"shop\": {\"Digest\": \"…\", \"Tag\":"
                    + " \"…\"}}, with the name of the service.");
        }
        return new InvalidImagesException("Service " + SingleLine.excerpt(service)
                + ": not an object; write {\"Digest\": \"…\", \"Tag\": \"…\"}.");
    }

    private static InvalidImagesException notText(String service, String field) {
        return new InvalidImagesException("Service " + SingleLine.excerpt(service) + ", field "
                + SingleLine.excerpt(field) + ": not a text; write it in quotes.");
    }

    /** The images by service, sorted. */
    public SortedMap<String, ImageRef> images() {
        return images;
    }

    /** The image of a service, if the set has one. */
    public Optional<ImageRef> get(String service) {
        return Optional.ofNullable(images.get(service));
    }

    /** The services that have different images here and in another set, or an image in only one of them. */
    public SortedSet<String> differingServices(ImageSet other) {
        var services = new TreeSet<>(images.keySet());
        services.addAll(other.images.keySet());
        services.removeIf(service -> get(service).equals(other.get(service)));
        return services;
    }

    public boolean isEmpty() {
        return images.isEmpty();
    }

    /** A copy of this set with an image added or replaced. */
    public ImageSet with(String service, ImageRef image) {
        var more = new TreeMap<>(images);
        more.put(checkService(service), image);
        return new ImageSet(more);
    }

    /** A copy of this set with all images of another set added or replaced. */
    public ImageSet mergedWith(ImageSet other) {
        var merged = new TreeMap<>(images);
        merged.putAll(other.images);
        return new ImageSet(merged);
    }

    /** A copy of this set with only the images of these services. */
    public ImageSet only(Set<String> services) {
        var some = new TreeMap<>(images);
        some.keySet().retainAll(services);
        return new ImageSet(some);
    }

    /** Whether both sets have the same services with the same digests, whatever their tags. */
    public boolean sameToDeploy(ImageSet other) {
        return digests().equals(other.digests());
    }

    private Map<String, String> digests() {
        var digests = new TreeMap<String, String>();
        images.forEach((service, image) -> digests.put(service, image.digestReference()));
        return digests;
    }

    /** The form of announcements as canonical JSON. */
    public String toJson() {
        var root = new TreeMap<String, Map<String, String>>();
        images.forEach((service, image) -> root.put(
                service, new TreeMap<>(Map.of("Digest", image.digestReference(), "Tag", image.tagReference()))));
        return Json.write(root);
    }

    /** The SHA-256 of {@link #toJson()} in hexadecimal: equal for equal sets in whatever layout or commit. */
    public String identity() {
        String known = identity;
        if (known == null) {
            known = HexDigest.sha256(toJson());
            identity = known;
        }
        return known;
    }

    @Override
    public boolean equals(Object other) {
        return other == this || other instanceof ImageSet set && images.equals(set.images);
    }

    @Override
    public int hashCode() {
        return images.hashCode();
    }

    @Override
    public String toString() {
        return images.toString();
    }
}
