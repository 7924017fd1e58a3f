package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.images.ImageSet;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The images that are never promoted again, from the file {@code rejected.json} of the state ref.
 *
 * @param byDigest the rejections by the digests of the images ({@code sha256:…})
 */
public record RejectedImages(Map<String, Rejection> byDigest) {

    private static final String IMAGES = "images";

    /** Why an image is rejected, the name of the user or build that rejected it, and when, as ISO 8601. */
    public record Rejection(String reason, String by, String at) {}

    public RejectedImages {
        byDigest = Map.copyOf(byDigest);
    }

    /**
     * Reads the file; without a file no image is rejected.
     *
     * @throws MalformedJsonException if the file is malformed: a broken file must not allow promotions
     */
    public static RejectedImages read(Optional<byte[]> file) {
        var rejected = new TreeMap<String, Rejection>();
        if (file.isPresent()) {
            JsonNode images = Json.parseStored(file.get()).path(IMAGES);
            if (!images.isArray()) {
                throw new MalformedJsonException(
                        "rejected.json of the state ref is not what this plugin wrote: it has no"
                                + " list of images; find out who did, and put it right");
            }
            for (JsonNode node : images) {
                rejected.put(
                        node.path("digest").asText(),
                        new Rejection(
                                SingleLine.whole(node.path("reason").asText()),
                                SingleLine.whole(node.path("by").asText()),
                                node.path("at").asText()));
            }
        }
        return new RejectedImages(rejected);
    }

    /**
     * The file with further rejected images. Other fields and earlier rejections of the same images stay.
     *
     * @param before the present file, if there is one
     */
    public static String with(
            Optional<byte[]> before, Collection<String> digests, String reason, String by, Instant at) {
        ObjectNode root = before.isPresent() && Json.parseStored(before.get()) instanceof ObjectNode known
                ? known
                : Json.object();
        Set<String> present = read(before).byDigest().keySet();
        ArrayNode images = root.withArray(IMAGES);
        digests.stream()
                .filter(digest -> !present.contains(digest))
                .sorted()
                .forEach(digest -> images.addObject()
                        .put("digest", digest)
                        .put("reason", reason)
                        .put("by", by)
                        .put("at", at.toString()));
        return Json.write(root);
    }

    /** Why a set must not be promoted, a clause that names the first rejected image; empty if none is rejected. */
    public Optional<String> refusal(ImageSet set) {
        return set.images().entrySet().stream()
                .filter(image -> byDigest.containsKey(image.getValue().digest()))
                .map(image -> {
                    Rejection rejection = byDigest.get(image.getValue().digest());
                    return "the image of " + image.getKey() + " ("
                            + image.getValue().digest() + ") was rejected by " + rejection.by() + " at "
                            + rejection.at() + ": " + rejection.reason();
                })
                .findFirst();
    }
}
