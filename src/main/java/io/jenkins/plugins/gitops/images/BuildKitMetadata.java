package io.jenkins.plugins.gitops.images;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.json.Json;
import io.jenkins.plugins.gitops.json.MalformedJsonException;

/**
 * The file that {@code docker buildx build --metadata-file} writes
 * (docker/buildx, docs/reference/buildx_build.md).
 */
public final class BuildKitMetadata {

    private static final String DIGEST = "containerimage.digest";

    private BuildKitMetadata() {}

    /**
     * Reads {@code containerimage.digest}, the digest a registry answers to. The file's
     * {@code containerimage.config.digest} is another thing and cannot be pulled.
     *
     * @param file the name of the file, for the sentence of a refusal
     * @throws InvalidImagesException if the file is not JSON or has no such digest
     */
    public static String digest(String file, String json) {
        JsonNode root;
        try {
            root = Json.parse(json);
        } catch (MalformedJsonException e) {
            throw new InvalidImagesException("The metadata file " + file + " " + e.getMessage() + ".");
        }
        JsonNode digest = root.path(DIGEST);
        if (!digest.isTextual()) {
            throw new InvalidImagesException("The metadata file " + file + " has no " + DIGEST
                    + ": build with --push (or an exporter that has a digest) and --metadata-file.");
        }
        return digest.asText();
    }
}
