package io.jenkins.plugins.gitops.registry;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Finds a valid signature of an image in its registry: under the tag that cosign gives it, and among the manifests that
 * refer to the image (distribution specification 1.1).
 */
final class SignatureFinder {

    /** The number of signatures of one list that are looked at: the last ones, since cosign appends to a list. */
    private static final int MOST_SIGNATURES = 100;

    /** The same of a manifest that refers to the image, of which there may be many. */
    private static final int MOST_OF_ONE = 16;

    private static final String ANNOTATION = "dev.cosignproject.cosign/signature";
    private static final String BUNDLE = "application/vnd.dev.sigstore.bundle";
    private static final Set<String> ARTIFACTS =
            Set.of("application/vnd.dev.cosign.artifact.sig.v1+json", "application/vnd.oci.image.manifest.v1+json");

    private final RegistryClient registry;
    private final String name;
    private final String digest;
    private final List<CosignKey> keys;

    @Nullable
    private final RegistryCredentials credentials;

    SignatureFinder(
            RegistryClient registry,
            String name,
            String digest,
            List<CosignKey> keys,
            @Nullable RegistryCredentials credentials) {
        this.registry = registry;
        this.name = name;
        this.digest = digest;
        this.keys = keys;
        this.credentials = credentials;
    }

    /** Looks for a signature; fails if the registry cannot be asked or refuses. */
    CompletableFuture<ImageSignature> find() {
        return registry.document(name, digest.replace(':', '-') + ".sig", credentials)
                .thenCompose(tagged -> tagged.isPresent() ? ofManifest(tagged.get(), MOST_SIGNATURES) : none())
                .thenCompose(byTag -> byTag.stream().anyMatch(Optional::isEmpty)
                        ? CompletableFuture.completedFuture(byTag)
                        : referring().thenApply(referring -> joined(byTag, referring)))
                .thenApply(SignatureFinder::result);
    }

    private static ImageSignature result(List<Optional<String>> problems) {
        if (problems.stream().anyMatch(Optional::isEmpty)) {
            return ImageSignature.VALID;
        }
        return new ImageSignature(
                false,
                problems.stream()
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElse("has no signature of cosign in its registry"));
    }

    private CompletableFuture<List<Optional<String>>> referring() {
        return registry.referrers(name, digest, credentials).thenCompose(index -> {
            var referring = new ArrayList<JsonNode>();
            for (JsonNode entry : index.path("manifests")) {
                String type = entry.path("artifactType").asText();
                if (ARTIFACTS.contains(type) || type.startsWith(BUNDLE)) {
                    referring.add(entry);
                }
            }
            var found = new ArrayList<CompletableFuture<List<Optional<String>>>>();
            for (JsonNode entry : last(referring, MOST_SIGNATURES)) {
                found.add(registry.document(name, entry.path("digest").asText(), credentials)
                        .thenCompose(
                                manifest -> manifest.isPresent() ? ofManifest(manifest.get(), MOST_OF_ONE) : none()));
            }
            return all(found).thenApply(lists -> {
                List<Optional<String>> joined = tooMany(referring, MOST_SIGNATURES);
                for (List<Optional<String>> each : lists) {
                    joined = joined(joined, each);
                }
                return joined;
            });
        });
    }

    /** The problem of each signature of a manifest; empty for one that is valid. */
    private CompletableFuture<List<Optional<String>>> ofManifest(JsonNode manifest, int most) {
        var signatures = new ArrayList<JsonNode>();
        for (JsonNode layer : manifest.path("layers")) {
            String type = layer.path("mediaType").asText();
            if (type.equals(SignedPayload.SIMPLE_SIGNING) || type.startsWith(BUNDLE)) {
                signatures.add(layer);
            }
        }
        var found = new ArrayList<CompletableFuture<Optional<String>>>();
        for (JsonNode layer : last(signatures, most)) {
            boolean simple = layer.path("mediaType").asText().equals(SignedPayload.SIMPLE_SIGNING);
            String signature = layer.path("annotations").path(ANNOTATION).asText();
            found.add(registry.blob(name, layer.path("digest").asText(), credentials)
                    .thenApply(blob -> blob.isEmpty()
                            ? Optional.of("has a signature whose content its registry lacks")
                            : problem(blob.get(), simple ? Optional.of(signature) : Optional.empty())));
        }
        return all(found).thenApply(problems -> joined(tooMany(signatures, most), problems));
    }

    private static List<JsonNode> last(List<JsonNode> all, int most) {
        return all.subList(Math.max(0, all.size() - most), all.size());
    }

    /** That some of these are not looked at. */
    private static List<Optional<String>> tooMany(List<JsonNode> all, int most) {
        return all.size() <= most
                ? List.of()
                : List.of(Optional.of("has " + all.size() + " signatures, and none of the last " + most + " counts"));
    }

    private Optional<String> problem(byte[] content, Optional<String> signature) {
        try {
            SignedPayload payload = signature.isPresent()
                    ? SignedPayload.ofSimpleSigning(content, signature.get())
                    : SignedPayload.ofBundle(content);
            return payload.problem(digest, keys);
        } catch (IllegalArgumentException e) {
            return Optional.of("has a signature that cannot be read");
        }
    }

    private static CompletableFuture<List<Optional<String>>> none() {
        return CompletableFuture.completedFuture(List.of());
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> each) {
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .thenApply(done -> each.stream()
                        .map(CompletableFuture::join)
                        .map(Objects::requireNonNull)
                        .toList());
    }
}
