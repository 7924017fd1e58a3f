package io.jenkins.plugins.gitops.images;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the metadata file of BuildKit: one object from {@code docker buildx build --metadata-file}, or an object for
 * each target from {@code docker buildx bake} (docker/buildx, docs/reference/buildx_build.md and buildx_bake.md).
 */
public final class BuildKitMetadata {

    private static final String DIGEST = "containerimage.digest";

    /** The digest of the image's configuration, by which the image cannot be pulled. */
    private static final String CONFIG_DIGEST = "containerimage.config.digest";

    private final String file;
    private final Map<String, JsonNode> targets = new TreeMap<>();

    private BuildKitMetadata(String file) {
        this.file = file;
    }

    /**
     * Adds the digest of the metadata to an image, and the repository and the tag where the image has none.
     *
     * @param file the name of the file, for error messages
     * @param json the content of the file
     * @return whether the digest is that of an image index
     * @throws InvalidImagesException if the file has no digest that a registry can have, is of another image, or
     *     contradicts the image
     */
    public static boolean addTo(KnownImage image, String file, String json) {
        JsonNode root;
        try {
            root = Json.parse(json);
        } catch (MalformedJsonException e) {
            throw new InvalidImagesException("The metadata file " + file + " " + e.getMessage() + ".");
        }
        var metadata = new BuildKitMetadata(file);
        if (describesImage(root)) {
            metadata.targets.put("", root);
        }
        root.properties().forEach(target -> {
            if (describesImage(target.getValue())) {
                metadata.targets.put(target.getKey(), target.getValue());
            }
        });
        return metadata.addTo(image);
    }

    private static boolean describesImage(JsonNode node) {
        return node.path(DIGEST).isTextual() || node.path(CONFIG_DIGEST).isTextual();
    }

    private boolean addTo(KnownImage image) {
        JsonNode target = target(image);
        String digest = target.path(DIGEST).asText();
        if (digest.isEmpty() || digest.equals(target.path(CONFIG_DIGEST).asText())) {
            throw refuse(" is of a build that only loaded its image, so no registry has it: build with --push.");
        }
        String field = "metadataFile " + file;
        image.addDigest(field, digest);
        List<String> names = names(target);
        String repository = image.repository();
        List<String> fitting = names.stream()
                .filter(name -> repository == null || isOf(name, repository))
                .toList();
        if (!names.isEmpty() && fitting.isEmpty()) {
            throw refuse(" is of " + String.join(", ", names) + ", not of " + repository + ".");
        }
        if (repository == null) {
            fitting.stream().map(BuildKitMetadata::repository).forEach(name -> image.addReference(field, name));
        }
        List<String> tags =
                fitting.stream().map(BuildKitMetadata::tag).distinct().toList();
        boolean known = image.tag() != null && tags.contains(image.tag());
        if (!known && !tags.isEmpty()) {
            if (image.tag() == null && tags.size() > 1) {
                throw refuse(" has the tags " + String.join(", ", tags) + "; say with tag: which one is recorded.");
            }
            image.addTag(field, tags.get(0));
        }
        return MediaTypes.isIndex(
                target.path("containerimage.descriptor").path("mediaType").asText());
    }

    /**
     * The target of the image: the only one, the one pushed to the image's repository, or among several the one with
     * the name of its service. Several targets that have the same digest count as one.
     */
    private JsonNode target(KnownImage image) {
        if (targets.isEmpty()) {
            throw refuse(" has no " + DIGEST + ": build with --push (or an exporter that has a digest) and "
                    + "--metadata-file.");
        }
        JsonNode namedLikeService = targets.get(image.service());
        List<JsonNode> fitting = new ArrayList<>(targets.values());
        if (targets.size() > 1) {
            String repository = image.repository();
            fitting.removeIf(
                    target -> repository == null || names(target).stream().noneMatch(name -> isOf(name, repository)));
            if (namedLikeService != null && (fitting.isEmpty() || fitting.contains(namedLikeService))) {
                return namedLikeService;
            }
        }
        if (fitting.stream().map(target -> target.path(DIGEST)).distinct().count() != 1) {
            throw refuse(" has the targets " + SingleLine.excerpt(String.join(", ", targets.keySet()))
                    + ", and it is not clear which one is " + image.service()
                    + ": call it like one, or give the image: that only one of them was pushed as.");
        }
        return fitting.get(0);
    }

    /** The names in {@code image.name}, which are separated by commas. */
    private static List<String> names(JsonNode target) {
        return Arrays.stream(target.path("image.name").asText().split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static boolean isOf(String name, String repository) {
        return ImageRepositoryName.same(repository(name), repository);
    }

    private static String repository(String name) {
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    }

    /** The tag of a name; {@code latest} if it has none, as Docker assumes. */
    private static String tag(String name) {
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(colon + 1) : "latest";
    }

    private InvalidImagesException refuse(String what) {
        return new InvalidImagesException("The metadata file " + file + what);
    }
}
