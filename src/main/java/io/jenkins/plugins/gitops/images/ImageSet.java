package io.jenkins.plugins.gitops.images;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The images that change as one unit, by service. Immutable; equal sets have equal bytes and identities. */
public final class ImageSet {

    /** The set of no images. */
    public static final ImageSet EMPTY = new ImageSet(new TreeMap<>());

    // A service becomes a key and, as an artifact, a file name, so it must not be able to leave its folder.
    private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Set<String> FIELDS = Set.of("Digest", "Tag");

    private final SortedMap<String, ImageRef> images;

    /** Computed when it is first asked for: it is asked for often, and of hundreds of images it costs a millisecond. */
    @CheckForNull
    private volatile String identity;

    private ImageSet(TreeMap<String, ImageRef> images) {
        this.images = Collections.unmodifiableSortedMap(images);
    }

    /**
     * Makes a set of images by service.
     *
     * @throws InvalidImagesException if a service name could not be a file name
     */
    public static ImageSet of(Map<String, ImageRef> images) {
        images.keySet().forEach(ImageSet::checkService);
        return new ImageSet(new TreeMap<>(images));
    }

    /**
     * Reads the announced form, {@code {"Service1": {"Digest": "repository@sha256:…", "Tag": "repository:tag"}}}.
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
     * Reads a set that is kept in the config repository, where sets of many announcements are merged.
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
     * Reads the announced form as Groovy hands it over: a map of maps of strings.
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
                    "The image set is not a JSON object of services, such as {\"Service1\": {\"Digest\": \"…\", \"Tag\": \"…\"}}.");
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
                throw new InvalidImagesException("Service " + SingleLine.excerpt(service) + ", field "
                        + SingleLine.excerpt(field.getKey()) + ": not known, only Digest and Tag are.");
            }
            if (!field.getValue().isTextual()) {
                throw notText(service, field.getKey());
            }
        });
        return fromReferences(
                service, fields.path("Tag").asText(""), fields.path("Digest").asText(""));
    }

    /** Puts an image together from its two full references. */
    static ImageRef fromReferences(String service, String tag, String digest) {
        if (!tag.isBlank() && tag.lastIndexOf(':') <= tag.lastIndexOf('/')) {
            throw new InvalidImagesException("Service " + SingleLine.excerpt(service) + ", field Tag: \""
                    + SingleLine.excerpt(tag) + "\" is not repository:tag.");
        }
        if (!digest.isBlank() && digest.indexOf('@') < 0) {
            throw new InvalidImagesException("Service " + SingleLine.excerpt(service) + ", field Digest: \""
                    + SingleLine.excerpt(digest) + "\" is not repository@sha256:….");
        }
        return ImageRef.of(service, null, tag, digest);
    }

    /**
     * Checks that a service name can be a key and a file name.
     *
     * @throws InvalidImagesException if it cannot
     */
    public static String checkService(String service) {
        if (!SERVICE.matcher(service).matches()) {
            throw new InvalidImagesException(
                    "Service \"" + SingleLine.excerpt(service)
                            + "\": a service name begins with a letter or digit and goes on with letters, digits, '.', '_' and '-', 128 at most.");
        }
        return service;
    }

    private static InvalidImagesException shape(String service) {
        return new InvalidImagesException(
                "Service " + SingleLine.excerpt(service) + ": not an object with the fields Digest and Tag.");
    }

    private static InvalidImagesException notText(String service, String field) {
        return new InvalidImagesException(
                "Service " + SingleLine.excerpt(service) + ", field " + SingleLine.excerpt(field) + ": not a text.");
    }

    /** The images by service, sorted. */
    public SortedMap<String, ImageRef> images() {
        return images;
    }

    /** The image of a service, if the set has one. */
    @CheckForNull
    public ImageRef get(String service) {
        return images.get(service);
    }

    public boolean isEmpty() {
        return images.isEmpty();
    }

    /** This set with one more or another image. */
    public ImageSet with(String service, ImageRef image) {
        var more = new TreeMap<>(images);
        more.put(checkService(service), image);
        return new ImageSet(more);
    }

    /** This set with all images of another; what the other does not name stays. */
    public ImageSet mergedWith(ImageSet other) {
        var merged = new TreeMap<>(images);
        merged.putAll(other.images);
        return new ImageSet(merged);
    }

    /** Only the images of these services. */
    public ImageSet only(Set<String> services) {
        var some = new TreeMap<>(images);
        some.keySet().retainAll(services);
        return new ImageSet(some);
    }

    /** Whether both sets deploy the same: the same services with the same digests, whatever their tags. */
    public boolean sameToDeploy(ImageSet other) {
        return digests().equals(other.digests());
    }

    private Map<String, String> digests() {
        var digests = new TreeMap<String, String>();
        images.forEach((service, image) -> digests.put(service, image.digestReference()));
        return digests;
    }

    /** The canonical announced form. */
    public String toJson() {
        var root = new TreeMap<String, Map<String, String>>();
        images.forEach((service, image) -> root.put(
                service, new TreeMap<>(Map.of("Digest", image.digestReference(), "Tag", image.tagReference()))));
        return Json.write(root);
    }

    /** SHA-256 of {@link #toJson()}, in hexadecimal: the same whatever the layout and the commit. */
    public String identity() {
        String known = identity;
        if (known == null) {
            known = computeIdentity();
            identity = known;
        }
        return known;
    }

    private String computeIdentity() {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(toJson().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
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
