package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Images that are never promoted again.
 *
 * @param byDigest the rejections by the digests of the images ({@code sha256:…})
 */
public record RejectedImages(Map<String, Rejection> byDigest) {

    /** No image is rejected. */
    public static final RejectedImages NONE = new RejectedImages(Map.of());

    private static final String IMAGES = "images";

    /** Why an image is rejected. */
    public record Rejection(String reason, String by, String at) {

        /** Keeps texts as single lines. */
        public Rejection {
            reason = SingleLine.whole(reason);
            by = SingleLine.whole(by);
        }

        /**
         * Reads what {@link #toJson} wrote.
         *
         * @throws MalformedJsonException if it is something else
         */
        public static Rejection read(byte[] file) {
            JsonNode root = Json.parseStored(file);
            if (!root.isObject()) {
                throw new MalformedJsonException("is not an object");
            }
            return of(root);
        }

        private static Rejection of(JsonNode node) {
            return new Rejection(
                    node.path("reason").asText(),
                    node.path("by").asText(),
                    node.path("at").asText());
        }

        /** The file for an image that is rejected so. */
        public String toJson(String digest) {
            return Json.write(Json.object()
                    .put("at", at)
                    .put("by", by)
                    .put("digest", digest)
                    .put("reason", reason));
        }
    }

    public RejectedImages {
        byDigest = Map.copyOf(byDigest);
    }

    /**
     * The file that lists all but some, with whatever else it says.
     *
     * @throws MalformedJsonException if the file is malformed
     */
    public static String without(byte[] file, Set<String> digests) {
        JsonNode root = Json.parseStored(file);
        if (!(root.path(IMAGES) instanceof ArrayNode images)) {
            throw new MalformedJsonException("has no list of images");
        }
        for (Iterator<JsonNode> each = images.elements(); each.hasNext(); ) {
            if (digests.contains(each.next().path("digest").asText())) {
                each.remove();
            }
        }
        return Json.write(root);
    }

    /**
     * Reads a file that lists all rejected images.
     *
     * @throws MalformedJsonException if the file is malformed: a broken file must not allow promotions
     */
    public static RejectedImages read(byte[] file) {
        JsonNode images = Json.parseStored(file).path(IMAGES);
        if (!images.isArray()) {
            throw new MalformedJsonException("has no list of images");
        }
        var rejected = new TreeMap<String, Rejection>();
        images.forEach(node -> rejected.put(node.path("digest").asText(), Rejection.of(node)));
        return new RejectedImages(rejected);
    }
}
