package io.jenkins.plugins.gitops.images;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Reads the {@code RepoDigests} of {@code image inspect} of Docker and Podman:
 * {@code ["docker.example.com/app@sha256:…"]}, one reference for each repository that the image was pushed to or pulled
 * from; the list is empty before that.
 */
public final class RepoDigests {

    private RepoDigests() {}

    /** The command that prints the list as JSON. */
    public static List<String> command(String tool, KnownImage image) {
        return List.of(
                tool, "image", "inspect", "--format", "{{json .RepoDigests}}", image.repository() + ":" + image.tag());
    }

    /**
     * Adds to an image the digest that the list has for its repository.
     *
     * @param image has a repository and a tag
     * @param tool the command that printed the list, for error messages
     * @param json the output of the command
     * @throws InvalidImagesException if the list has no digest of the repository or several, or the image has another
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
        image.addDigest(tool + " image inspect", digests.first());
    }
}
