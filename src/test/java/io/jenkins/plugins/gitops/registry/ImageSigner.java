package io.jenkins.plugins.gitops.registry;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;

/** Signs images in the forms of cosign. */
public final class ImageSigner {

    private static final String ARTIFACT = "application/vnd.dev.cosign.artifact.sig.v1+json";
    private static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";

    private final KeyPair key;
    private final String algorithm;

    private ImageSigner(String kind, int size, String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        if (size > 0) {
            generator.initialize(size);
        }
        this.key = generator.generateKeyPair();
        this.algorithm = algorithm;
    }

    /** A signer with a key of a kind: {@code EC}, {@code RSA} or {@code Ed25519}. */
    public static ImageSigner of(String kind) throws GeneralSecurityException {
        return switch (kind) {
            case "EC" -> new ImageSigner(kind, 256, "SHA256withECDSA");
            case "RSA" -> new ImageSigner(kind, 2048, "SHA256withRSA");
            default -> new ImageSigner(kind, 0, "Ed25519");
        };
    }

    /** The key as cosign writes it. */
    public String publicKey() {
        return pem(key.getPublic().getEncoded());
    }

    static String pem(byte[] encoded) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n-----END PUBLIC KEY-----";
    }

    /** A payload of simple signing. */
    public static String payload(String digest) {
        return "{\"critical\":{\"identity\":{\"docker-reference\":\"docker.example.com/web\"},\"image\":{"
                + "\"docker-manifest-digest\":\"" + digest + "\"},\"type\":\"cosign container image signature\"},"
                + "\"optional\":null}";
    }

    String signature(byte[] content) throws GeneralSecurityException {
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key.getPrivate());
        signer.update(content);
        return Base64.getEncoder().encodeToString(signer.sign());
    }

    /** The manifest of a signature of simple signing, whose payload the registry has. */
    public String simple(FakeRegistry registry, String payload) throws GeneralSecurityException {
        return simple(registry, payload, signature(payload.getBytes(StandardCharsets.UTF_8)));
    }

    static String simple(FakeRegistry registry, String payload, String signature) {
        return manifest(
                ARTIFACT,
                "{\"mediaType\":\"" + SignedPayload.SIMPLE_SIGNING + "\",\"size\":1,\"digest\":\""
                        + registry.pushBlob(payload.getBytes(StandardCharsets.UTF_8))
                        + "\",\"annotations\":{\"dev.cosignproject.cosign/signature\":\"" + signature + "\"}}");
    }

    /** The manifest of a signature in a bundle. */
    public String bundle(FakeRegistry registry, String digest, String predicate) throws GeneralSecurityException {
        String statement = "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"digest\":{\"sha256\":\""
                + digest.substring("sha256:".length()) + "\"}}],\"predicateType\":\"" + predicate + "\"}";
        String type = "application/vnd.in-toto+json";
        String signed = "DSSEv1 " + type.length() + " " + type + " " + statement.length() + " " + statement;
        String bundle = "{\"mediaType\":\"" + BUNDLE + "\",\"dsseEnvelope\":{\"payload\":\""
                + Base64.getEncoder().encodeToString(statement.getBytes(StandardCharsets.UTF_8))
                + "\",\"payloadType\":\"" + type + "\",\"signatures\":[{\"sig\":\""
                + signature(signed.getBytes(StandardCharsets.UTF_8)) + "\"}]}}";
        return manifest(
                BUNDLE,
                "{\"mediaType\":\"" + BUNDLE + "\",\"size\":1,\"digest\":\""
                        + registry.pushBlob(bundle.getBytes(StandardCharsets.UTF_8)) + "\"}");
    }

    private static String manifest(String artifact, String layer) {
        return "{\"schemaVersion\":2,\"mediaType\":\"" + FakeRegistry.OCI_MANIFEST + "\",\"artifactType\":\"" + artifact
                + "\",\"layers\":[" + layer + "]}";
    }

    /** An index that lists one manifest that refers to an image. */
    public static String index(String digest, boolean bundle) {
        return "{\"schemaVersion\":2,\"mediaType\":\"" + FakeRegistry.OCI_INDEX + "\",\"manifests\":[{\"mediaType\":\""
                + FakeRegistry.OCI_MANIFEST + "\",\"digest\":\"" + digest + "\",\"size\":1,\"artifactType\":\""
                + (bundle ? BUNDLE : ARTIFACT) + "\"}]}";
    }
}
