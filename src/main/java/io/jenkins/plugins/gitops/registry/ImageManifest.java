package io.jenkins.plugins.gitops.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.images.MediaTypes;
import java.util.ArrayList;
import java.util.List;

/**
 * What a registry has under a tag or digest.
 *
 * @param digest {@code sha256:…}, what pods pull it by
 * @param isIndex whether it lists manifests rather than being one
 * @param entries what an index lists; empty where only the digest was asked for
 * @param configDigest of the image's configuration, which cannot be pulled; empty where it was not asked for
 */
record ImageManifest(String digest, boolean isIndex, List<Entry> entries, String configDigest) {

    /**
     * One manifest that an index lists.
     *
     * @param platform {@code linux/amd64} or {@code linux/arm/v7}
     * @param isAttestation whether BuildKit put it there to say how the image was built; nothing runs it
     */
    record Entry(String digest, String platform, boolean isAttestation) {}

    /** What a response without a body says. */
    static ImageManifest of(String digest, String mediaType) {
        return new ImageManifest(digest, MediaTypes.isIndex(mediaType), List.of(), "");
    }

    /** What a body says; a field that is absent or odd is empty. */
    static ImageManifest of(String digest, JsonNode body) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : body.path("manifests")) {
            JsonNode platform = entry.path("platform");
            String variant = platform.path("variant").asText();
            String os = platform.path("os").asText();
            entries.add(new Entry(
                    entry.path("digest").asText(),
                    os + "/" + platform.path("architecture").asText() + (variant.isEmpty() ? "" : "/" + variant),
                    entry.path("annotations")
                            .path("vnd.docker.reference.type")
                            .asText()
                            .equals("attestation-manifest")));
        }
        return new ImageManifest(
                digest,
                body.path("manifests").isArray(),
                List.copyOf(entries),
                body.path("config").path("digest").asText());
    }

    boolean hasAttestations() {
        return entries.stream().anyMatch(Entry::isAttestation);
    }

    /** What an index lists that can run. */
    List<Entry> images() {
        return entries.stream().filter(entry -> !entry.isAttestation()).toList();
    }

    /** The manifests for a platform; {@code linux/arm} fits every variant of it. */
    List<Entry> fitting(String platform) {
        return images().stream()
                .filter(entry ->
                        entry.platform().equals(platform) || entry.platform().startsWith(platform + "/"))
                .toList();
    }

    boolean lists(String digest) {
        return images().stream().anyMatch(entry -> entry.digest().equals(digest));
    }
}
