package io.jenkins.plugins.gitops.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.images.MediaTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The manifest that a registry has under a tag or digest.
 *
 * @param digest {@code sha256:…}, by which pods pull the image
 * @param isIndex whether it lists manifests of several platforms rather than describing one image
 * @param entries the manifests that an index lists; empty if only the digest was requested
 * @param configDigest the digest of the image's configuration, by which the image cannot be pulled; empty for an index,
 *     or if only the digest was requested
 */
record ImageManifest(String digest, boolean isIndex, List<ListedManifest> entries, Optional<String> configDigest) {

    /** The platform that BuildKit gives to attestations; tools that copy an index may leave their annotations out. */
    private static final String NO_PLATFORM = "unknown/unknown";

    /**
     * One manifest that an index lists.
     *
     * @param platform {@code linux/amd64} or {@code linux/arm/v7}; empty if the index does not say
     * @param isAttestation whether BuildKit added the manifest to describe the build; it is no image
     */
    record ListedManifest(String digest, String platform, boolean isAttestation) {}

    /** Returns the manifest of a response to {@code HEAD}. */
    static ImageManifest of(String digest, String mediaType) {
        return new ImageManifest(digest, MediaTypes.isIndex(mediaType), List.of(), Optional.empty());
    }

    /** Reads the manifest from the body of a response; missing or malformed fields are empty. */
    static ImageManifest of(String digest, JsonNode body) {
        List<ListedManifest> entries = new ArrayList<>();
        for (JsonNode entry : body.path("manifests")) {
            String platform = platform(entry.path("platform"));
            boolean annotated = entry.path("annotations")
                    .path("vnd.docker.reference.type")
                    .asText()
                    .equals("attestation-manifest");
            entries.add(new ListedManifest(
                    entry.path("digest").asText(), platform, annotated || platform.equals(NO_PLATFORM)));
        }
        return new ImageManifest(
                digest,
                body.path("manifests").isArray(),
                List.copyOf(entries),
                Optional.of(body.path("config").path("digest").asText()).filter(config -> !config.isEmpty()));
    }

    private static String platform(JsonNode platform) {
        return Stream.of("os", "architecture", "variant")
                .map(part -> platform.path(part).asText())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("/"));
    }

    /** Whether the image has the configuration of a digest. */
    boolean isConfiguredBy(String config) {
        return configDigest.filter(config::equals).isPresent();
    }

    boolean hasAttestations() {
        return entries.stream().anyMatch(ListedManifest::isAttestation);
    }

    /** Returns the images that an index lists, without attestations. */
    List<ListedManifest> images() {
        return entries.stream().filter(entry -> !entry.isAttestation()).toList();
    }

    /** Returns the manifests for a platform; {@code linux/arm} matches all its variants. */
    List<ListedManifest> fitting(String platform) {
        return images().stream()
                .filter(entry ->
                        entry.platform().equals(platform) || entry.platform().startsWith(platform + "/"))
                .toList();
    }

    boolean lists(String digest) {
        return images().stream().anyMatch(entry -> entry.digest().equals(digest));
    }
}
