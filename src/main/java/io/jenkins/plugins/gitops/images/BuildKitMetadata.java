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
 * The file that {@code docker buildx build --metadata-file} writes, and {@code docker buildx bake}, which has such an
 * object for each target (docker/buildx, docs/reference/buildx_build.md and buildx_bake.md).
 */
public final class BuildKitMetadata {

    private static final String DIGEST = "containerimage.digest";

    /** The digest of the image's configuration, by which nothing can be pulled. */
    private static final String CONFIG_DIGEST = "containerimage.config.digest";

    private final String file;
    private final Map<String, JsonNode> targets = new TreeMap<>();

    private BuildKitMetadata(String file) {
        this.file = file;
    }

    /**
     * Adds to an image what its metadata say: the digest, and repository and tag where they are not known.
     *
     * @param file the name of the file, for the sentence of a refusal
     * @return whether what was built is an index
     * @throws InvalidImagesException if the file has no digest that a registry could know, has another image, or does
     *     not agree with what is known
     */
    public static boolean addTo(KnownImage image, String file, String json) {
        JsonNode root;
        try {
            root = Json.parse(json);
        } catch (MalformedJsonException e) {
            throw new InvalidImagesException("The metadata file " + file + " " + e.getMessage() + ".");
        }
        var metadata = new BuildKitMetadata(file);
        if (isOfImage(root)) {
            metadata.targets.put("", root);
        }
        root.properties().forEach(target -> {
            if (isOfImage(target.getValue())) {
                metadata.targets.put(target.getKey(), target.getValue());
            }
        });
        return metadata.addTo(image);
    }

    private static boolean isOfImage(JsonNode node) {
        return node.path(DIGEST).isTextual() || node.path(CONFIG_DIGEST).isTextual();
    }

    private boolean addTo(KnownImage image) {
        JsonNode target = target(image);
        String digest = target.path(DIGEST).asText();
        if (digest.isEmpty() || digest.equals(target.path(CONFIG_DIGEST).asText())) {
            throw refuse(" is of a build that only loaded its image, so no registry has it: build with --push.");
        }
        String field = "metadataFile " + file;
        image.digest(field, digest);
        List<String> names = names(target);
        String repository = image.repository();
        List<String> fitting = names.stream()
                .filter(name -> repository == null || isOf(name, repository))
                .toList();
        if (!names.isEmpty() && fitting.isEmpty()) {
            throw refuse(" is of " + String.join(", ", names) + ", not of " + repository + ".");
        }
        if (repository == null) {
            fitting.stream().map(BuildKitMetadata::repository).forEach(name -> image.reference(field, name));
        }
        List<String> tags =
                fitting.stream().map(BuildKitMetadata::tag).distinct().toList();
        boolean known = image.tag() != null && tags.contains(image.tag());
        if (!known && !tags.isEmpty()) {
            if (image.tag() == null && tags.size() > 1) {
                throw refuse(" has the tags " + String.join(", ", tags) + "; say with tag: which one is recorded.");
            }
            image.tag(field, tags.get(0));
        }
        return MediaTypes.isIndex(
                target.path("containerimage.descriptor").path("mediaType").asText());
    }

    /** What was built for the image: the target with its name, or called like its service, or the only one. */
    private JsonNode target(KnownImage image) {
        if (targets.isEmpty()) {
            throw refuse(" has no " + DIGEST + ": build with --push (or an exporter that has a digest) and "
                    + "--metadata-file.");
        }
        JsonNode called = targets.get(image.service());
        List<JsonNode> fitting = new ArrayList<>(targets.values());
        if (targets.size() > 1) {
            String repository = image.repository();
            fitting.removeIf(
                    target -> repository == null || names(target).stream().noneMatch(name -> isOf(name, repository)));
            if (called != null && (fitting.isEmpty() || fitting.contains(called))) {
                return called;
            }
        }
        if (fitting.stream().map(target -> target.path(DIGEST)).distinct().count() != 1) {
            throw refuse(" has the targets " + SingleLine.excerpt(String.join(", ", targets.keySet()))
                    + ", and it is not clear which one is " + image.service()
                    + ": call it like one, or give the image: that only one of them was pushed as.");
        }
        return fitting.get(0);
    }

    /** {@code image.name}, which holds several with commas in between. */
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

    /** Docker's default where there is none. */
    private static String tag(String name) {
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(colon + 1) : "latest";
    }

    private InvalidImagesException refuse(String what) {
        return new InvalidImagesException("The metadata file " + file + what);
    }
}
