package io.jenkins.plugins.gitops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.images.ImageRef;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the signing code of cosign 3.1.3, called by a small program, wrote into the distribution project's registry when
 * it signed an image: under its tag, as a manifest that refers to the image, and as a bundle, with keys of each kind.
 * The keys were made for that, and nothing else was ever signed with them.
 */
class RecordedSignatureTest {

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private FakeRegistry registry;

    @BeforeEach
    void start() throws IOException {
        registry = new FakeRegistry();
    }

    @AfterEach
    void stop() {
        registry.close();
        timer.shutdownNow();
    }

    private static JsonNode recorded(String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(
                RecordedSignatureTest.class.getResourceAsStream("/cosign/" + name + ".json"), name)) {
            return Json.parse(file.readAllBytes());
        }
    }

    /** Pushes what was recorded, with something replaced in the contents of signatures. */
    private void push(JsonNode recorded, String replaced, String by) {
        recorded.path("manifests").properties().forEach(manifest -> {
            String body = manifest.getValue().path("body").asText();
            for (var blob : recorded.path("blobs").properties()) {
                String content = blob.getValue().asText().replace(replaced, by);
                body = body.replace(blob.getKey(), registry.pushBlob(content.getBytes(StandardCharsets.UTF_8)));
            }
            String tag = manifest.getKey().startsWith("sha256:") ? "any" : manifest.getKey();
            registry.push("web", tag, manifest.getValue().path("type").asText(), body);
        });
    }

    private ImageSignature find(String digest, String publicKey) {
        var resolver =
                new ImageResolver(HttpClient.newHttpClient(), Clock.systemUTC(), timer, name -> registry.settings());
        return resolver.findSignature(
                        new ImageRef(registry.host() + "/web", "1", digest),
                        new SignaturePolicy(List.of(publicKey), List.of("production")),
                        null)
                .join();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tag-ec", "referrers-ec", "bundle-ec", "tag-rsa", "bundle-rsa", "tag-ed25519", "bundle-ed25519"})
    void countsWithItsKeyAndNoOther(String name) throws Exception {
        JsonNode recorded = recorded(name);
        push(recorded, "nothing", "nothing");
        String digest = recorded.path("digest").asText();

        assertThat(find(digest, recorded.path("publicKey").asText())).isEqualTo(ImageSignature.VALID);
        assertThat(find(digest, ImageSigner.of("EC").publicKey()).seen())
                .isEqualTo("has a signature that is by none of the publicKeys, or of something else");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tag-ec", "tag-rsa", "tag-ed25519"})
    void doesNotCountWhenItsPayloadIsTamperedWith(String name) throws Exception {
        JsonNode recorded = recorded(name);
        push(recorded, "\"optional\":null", "\"optional\":{}");

        assertThat(find(
                                recorded.path("digest").asText(),
                                recorded.path("publicKey").asText())
                        .seen())
                .isEqualTo("has a signature that is by none of the publicKeys, or of something else");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tag-ec", "bundle-ec"})
    void doesNotCountForAnotherImage(String name) throws Exception {
        JsonNode recorded = recorded(name);
        push(recorded, "nothing", "nothing");
        String other = registry.push("web", "2", "another layer");
        String ending = name.startsWith("tag") ? ".sig" : "";
        String digest = recorded.path("digest").asText();
        JsonNode manifest = recorded.path("manifests").path(digest.replace(':', '-') + ending);
        registry.push(
                "web",
                other.replace(':', '-') + ending,
                manifest.path("type").asText(),
                manifest.path("body").asText());

        assertThat(find(other, recorded.path("publicKey").asText()))
                .isEqualTo(new ImageSignature(false, "has a signature for another digest, " + digest));
    }
}
