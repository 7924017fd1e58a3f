package io.jenkins.plugins.gitops.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The signed content of a signature of images.
 *
 * @param content the bytes that were signed
 * @param digests the digests of the images that it is about
 */
record SignedPayload(byte[] content, byte[] signature, Set<String> digests) {

    /** The type of a payload that names its image, as cosign signs it (containers/image, simple signing). */
    static final String SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";

    private static final String SIMPLE_TYPE = "cosign container image signature";
    private static final String STATEMENT = "application/vnd.in-toto+json";

    /** The predicate of a statement that says no more than that an image is signed. */
    private static final String SIGNED = "https://sigstore.dev/cosign/sign/v1";

    /**
     * Reads a payload of simple signing with its signature.
     *
     * @param signature in Base64, as the manifest has it
     * @throws IllegalArgumentException if it cannot be read
     */
    static SignedPayload ofSimpleSigning(byte[] payload, String signature) {
        JsonNode critical = Json.parse(payload).path("critical");
        if (!critical.path("type").asText().equals(SIMPLE_TYPE)) {
            throw new MalformedJsonException("is not a signature of an image");
        }
        return new SignedPayload(
                payload,
                Base64.getDecoder().decode(signature),
                Set.of(critical.path("image").path("docker-manifest-digest").asText()));
    }

    /**
     * Reads a bundle of Sigstore with a statement, as cosign writes it from version 3 on.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    static SignedPayload ofBundle(byte[] bundle) {
        JsonNode envelope = Json.parse(bundle).path("dsseEnvelope");
        JsonNode signatures = envelope.path("signatures");
        String type = envelope.path("payloadType").asText();
        byte[] statement = Base64.getDecoder().decode(envelope.path("payload").asText());
        JsonNode read = Json.parse(statement);
        if (!type.equals(STATEMENT)
                || signatures.size() != 1
                || !read.path("predicateType").asText().equals(SIGNED)) {
            throw new MalformedJsonException("is not a signature of an image");
        }
        var digests = new TreeSet<String>();
        for (JsonNode subject : read.path("subject")) {
            subject.path("digest")
                    .fields()
                    .forEachRemaining(digest -> digests.add(
                            digest.getKey() + ":" + digest.getValue().asText()));
        }
        return new SignedPayload(
                enveloped(type, statement),
                Base64.getDecoder().decode(signatures.get(0).path("sig").asText()),
                digests);
    }

    /** What is signed of an envelope (secure-systems-lab/dsse, pre-authentication encoding). */
    private static byte[] enveloped(String type, byte[] payload) {
        int length = type.getBytes(StandardCharsets.UTF_8).length;
        byte[] head = ("DSSEv1 " + length + " " + type + " " + payload.length + " ").getBytes(StandardCharsets.UTF_8);
        var all = new byte[head.length + payload.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    /** Why this does not make an image signed, as a clause that begins with a verb; empty if it does. */
    Optional<String> problem(String digest, List<CosignKey> keys) {
        if (keys.stream().noneMatch(key -> key.verifies(content, signature))) {
            return Optional.of("has a signature that is by none of the publicKeys, or of something else");
        }
        return digests.contains(digest)
                ? Optional.empty()
                : Optional.of("has a signature for another digest, " + SingleLine.excerpt(String.join(", ", digests)));
    }
}
