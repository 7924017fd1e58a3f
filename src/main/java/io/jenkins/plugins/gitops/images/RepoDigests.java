package io.jenkins.plugins.gitops.images;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What Docker and Podman know of the digests of an image: {@code ["docker.example.com/app@sha256:…"]}, one for each
 * repository that it was pushed to or pulled from, and none before that.
 */
public final class RepoDigests {

    private RepoDigests() {}

    /** What makes a tool print them. */
    public static List<String> command(String tool, KnownImage image) {
        return List.of(
                tool, "image", "inspect", "--format", "{{json .RepoDigests}}", image.repository() + ":" + image.tag());
    }

    /**
     * Adds to an image the digest that it has in its repository.
     *
     * @param tool that printed them, for the sentence of a refusal
     * @throws InvalidImagesException if there is none, or more than one, or another one is known
     */
    public static void addTo(KnownImage image, String tool, String json) {
        JsonNode printed;
        try {
            printed = Json.parse(json);
        } catch (MalformedJsonException e) {
            throw new InvalidImagesException(
                    "What " + tool + " image inspect prints of " + image.repository() + " " + e.getMessage() + ".");
        }
        String repository = Objects.requireNonNull(image.repository());
        var digests = new TreeSet<String>();
        for (JsonNode reference : printed) {
            String text = reference.asText();
            int at = text.indexOf('@');
            if (at > 0 && ImageRepositoryName.same(text.substring(0, at), repository)) {
                digests.add(text.substring(at + 1));
            }
        }
        if (digests.size() != 1) {
            throw new InvalidImagesException(
                    digests.isEmpty()
                            ? tool + " knows no digest of " + image.repository() + ":" + image.tag()
                                    + ": push it from this agent before it is recorded."
                            : tool + " knows more than one digest of " + image.repository() + ":" + image.tag()
                                    + " (" + SingleLine.excerpt(String.join(", ", digests))
                                    + "); say with digest: which one is meant.");
        }
        image.digest(tool + " image inspect", digests.first());
    }
}
