package io.jenkins.plugins.gitops.images;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads the metadata files that tools write as JSON. Each kind is known by a field that no other kind has. */
final class MetadataJson {

    private static final String DIGEST = "containerimage.digest";

    /** A descriptor of the image, which a file may have in the place of the digest alone. */
    private static final String DESCRIPTOR = "containerimage.descriptor";

    /** The digest of the image's configuration, by which the image cannot be pulled. */
    private static final String CONFIG_DIGEST = "containerimage.config.digest";

    private MetadataJson() {}

    static MetadataContent read(String json) {
        JsonNode root = Json.parse(json);
        if (root.isArray() && root.path(0).has("RepoDigests") || root.has("RepoDigests")) {
            return inspection(root);
        }
        if (root.has("imageDigest")) {
            return jib(root);
        }
        if (root.path("builds").isArray()) {
            return skaffold(root);
        }
        if (root.has("results") || root.has("projectId")) {
            return cloudBuild(root);
        }
        if (root.has("Name") && root.has("Digest")) {
            return skopeo(root);
        }
        if (root.has("FromImageID")) {
            return MetadataContent.none(
                    "is what buildah inspect prints, which does not know the digest that a registry "
                            + "has: give the file of buildah push --digestfile");
        }
        if (isDescriptor(root)) {
            return descriptor("", root);
        }
        if (isDescriptor(root.path("manifest"))) {
            return descriptor(text(root, "name"), root.path("manifest"));
        }
        if (root.has("schemaVersion")) {
            return MetadataContent.none("is a manifest or an index itself, which does not have its own digest: give "
                    + "what crane digest, or skopeo inspect docker://…, prints of the image");
        }
        return buildKit(root);
    }

    /**
     * One object of {@code docker buildx build --metadata-file}, or an object for each target of {@code docker buildx
     * bake} (docker/buildx, docs/reference/buildx_build.md and buildx_bake.md). What was pushed by its digest has a name
     * without a tag (moby/buildkit, exporter/containerimage).
     */
    private static MetadataContent buildKit(JsonNode root) {
        List<DescribedImage> images = new ArrayList<>();
        if (isBuildKit(root)) {
            images.add(buildKitTarget("", root));
        }
        root.properties().stream()
                .filter(target -> isBuildKit(target.getValue()))
                .map(target -> buildKitTarget(target.getKey(), target.getValue()))
                .forEach(images::add);
        return new MetadataContent(
                images,
                images.isEmpty()
                        ? "has no " + DIGEST
                                + ": build with docker buildx build --push --metadata-file, or give a file "
                                + "in which another tool says the digest that it pushed"
                        : "is of a build that only loaded its image, so no registry has it: build with --push",
                true);
    }

    private static boolean isBuildKit(JsonNode node) {
        return node.path(DIGEST).isTextual()
                || node.path(CONFIG_DIGEST).isTextual()
                || isDescriptor(node.path(DESCRIPTOR));
    }

    private static DescribedImage buildKitTarget(String name, JsonNode target) {
        JsonNode descriptor = target.path(DESCRIPTOR);
        String digest = text(target.has(DIGEST) ? target : descriptor, target.has(DIGEST) ? DIGEST : "digest");
        return new DescribedImage(
                name,
                Arrays.stream(text(target, "image.name").split(","))
                        .map(String::strip)
                        .filter(reference -> !reference.isEmpty())
                        .toList(),
                digest.equals(text(target, CONFIG_DIGEST)) ? "" : digest,
                MediaTypes.isIndex(text(descriptor, "mediaType")));
    }

    /** A manifest or an index described by its digest; neither has its own digest in it. */
    private static boolean isDescriptor(JsonNode node) {
        return node.path("digest").isTextual() && MediaTypes.isKnown(text(node, "mediaType"));
    }

    /**
     * What {@code docker buildx imagetools inspect} prints as {@code {{json .Manifest}}}, or with the name of the image
     * as {@code {{json .}}} (docker/buildx, docs/reference/buildx_imagetools_inspect.md).
     */
    private static MetadataContent descriptor(String name, JsonNode node) {
        String digest = text(node, "digest");
        return new MetadataContent(
                List.of(
                        name.isEmpty()
                                ? new DescribedImage("", List.of(), digest, false)
                                : DescribedImage.of(name, digest)),
                "has no digest");
    }

    /** What {@code image inspect} of Docker, Podman and nerdctl prints. */
    private static MetadataContent inspection(JsonNode root) {
        Stream<JsonNode> inspected = root.isArray() ? elements(root) : Stream.of(root);
        return new MetadataContent(
                inspected
                        .flatMap(image -> elements(image.path("RepoDigests")))
                        .map(JsonNode::asText)
                        .filter(reference -> reference.indexOf('@') > 0)
                        .map(MetadataJson::pinned)
                        .toList(),
                "is what image inspect prints of an image that was not pushed: push it before it is inspected");
    }

    /** What {@code skopeo inspect} prints; the name is empty for an image that is in no registry. */
    private static MetadataContent skopeo(JsonNode root) {
        String name = text(root, "Name");
        return new MetadataContent(
                name.isEmpty() ? List.of() : List.of(DescribedImage.of(name, text(root, "Digest"))),
                "is what skopeo inspect prints of an image that is in no registry: inspect docker://…, or give the "
                        + "file of skopeo copy --digestfile");
    }

    /** The file {@code jib-image.json} (GoogleContainerTools/jib, docs of jib.outputPaths.imageJson). */
    private static MetadataContent jib(JsonNode root) {
        String repository = DescribedImage.repository(text(root, "image"));
        List<String> tags = elements(root.path("tags"))
                .map(tag -> repository + ":" + tag.asText())
                .toList();
        boolean pushed = root.path("imagePushed").asBoolean(true);
        DescribedImage image = new DescribedImage(
                "",
                tags.isEmpty() ? List.of(text(root, "image")) : tags,
                pushed ? text(root, "imageDigest") : "",
                false);
        return new MetadataContent(
                List.of(image),
                "is of a build in which Jib pushed nothing: build with mvn jib:build or gradle jib, not with "
                        + "dockerBuild or buildTar");
    }

    /** What {@code skaffold build --file-output} writes; the tag of a pushed image ends in its digest. */
    private static MetadataContent skaffold(JsonNode root) {
        return new MetadataContent(
                elements(root.path("builds"))
                        .map(build -> text(build, "tag"))
                        .map(MetadataJson::pinned)
                        .toList(),
                "has no digest of this image, since Skaffold did not push it: build with skaffold build --push "
                        + "--file-output");
    }

    /** What {@code gcloud builds submit} or {@code describe} prints with {@code --format=json}. */
    private static MetadataContent cloudBuild(JsonNode root) {
        return new MetadataContent(
                elements(root.path("results").path("images"))
                        .map(image -> DescribedImage.of(text(image, "name"), text(image, "digest")))
                        .toList(),
                "is of a Google Cloud Build that names no image which it pushed: list the image under images: in "
                        + "cloudbuild.yaml, and print the build with gcloud builds describe --format=json when it has "
                        + "ended");
    }

    /** An image of a reference that may end in {@code @} and its digest. */
    private static DescribedImage pinned(String reference) {
        int at = reference.indexOf('@');
        return at < 0
                ? DescribedImage.of(reference, "")
                : DescribedImage.of(reference.substring(0, at), reference.substring(at + 1));
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText();
    }
}
