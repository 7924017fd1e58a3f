package io.jenkins.plugins.gitops.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.registry.FakeRegistry.Login;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures of images in a registry: which count, and what is said of the others. */
class SignatureFinderTest {

    private static final String SIGNED = "https://sigstore.dev/cosign/sign/v1";
    private static final String OTHER = "sha256:" + "0".repeat(64);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private FakeRegistry registry;
    private RegistrySettings settings;
    private String digest;

    @BeforeEach
    void push() throws Exception {
        registry = new FakeRegistry();
        settings = registry.settings();
        digest = registry.push("web", "1", "a layer");
    }

    @AfterEach
    void close() {
        registry.close();
        timer.shutdownNow();
    }

    private ImageSignature find(ImageSigner... signers) {
        var resolver = new ImageResolver(HttpClient.newHttpClient(), Clock.systemUTC(), timer, name -> settings);
        var policy = new SignaturePolicy(
                List.of(signers).stream().map(ImageSigner::publicKey).toList(), List.of("production"));
        return resolver.findSignature(
                        new ImageRef(registry.host() + "/web", "1", digest),
                        policy,
                        new RegistryCredentials(FakeRegistry.USER, FakeRegistry.PASSWORD))
                .join();
    }

    private String tag(String ending) {
        return digest.replace(':', '-') + ending;
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void aSignatureUnderItsTagCounts(String kind) throws Exception {
        ImageSigner signer = ImageSigner.of(kind);
        registry.push(
                "web", tag(".sig"), FakeRegistry.OCI_MANIFEST, signer.simple(registry, ImageSigner.payload(digest)));

        assertThat(find(ImageSigner.of("EC"), signer)).isEqualTo(ImageSignature.VALID);
        assertThat(find(ImageSigner.of(kind)))
                .isEqualTo(new ImageSignature(
                        false, "has a signature that is by none of the publicKeys, or of something else"));
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void aManifestThatRefersToTheImageCounts(boolean bundle, boolean byTag) throws Exception {
        registry.login(Login.TOKEN);
        ImageSigner signer = ImageSigner.of("EC");
        String manifest =
                bundle ? signer.bundle(registry, digest, SIGNED) : signer.simple(registry, ImageSigner.payload(digest));
        String referring = registry.push("web", "any", FakeRegistry.OCI_MANIFEST, manifest);
        String index = ImageSigner.index(referring, bundle);
        if (byTag) {
            registry.push("web", tag(""), FakeRegistry.OCI_INDEX, index);
        } else {
            registry.refers(digest, index);
        }

        assertThat(find(signer)).isEqualTo(ImageSignature.VALID);
        assertThat(find(ImageSigner.of("EC")).signed()).isFalse();
    }

    @Test
    void anImageWithoutSignatureIsNotSigned() throws Exception {
        assertThat(find(ImageSigner.of("EC")))
                .isEqualTo(new ImageSignature(false, "has no signature of cosign in its registry"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSignatureForAnotherDigestDoesNotCount(boolean bundle) throws Exception {
        ImageSigner signer = ImageSigner.of("EC");
        String manifest =
                bundle ? signer.bundle(registry, OTHER, SIGNED) : signer.simple(registry, ImageSigner.payload(OTHER));
        registry.push("web", tag(".sig"), FakeRegistry.OCI_MANIFEST, manifest);

        assertThat(find(signer)).isEqualTo(new ImageSignature(false, "has a signature for another digest, " + OTHER));
    }

    @Test
    void aTamperedPayloadDoesNotCount() throws Exception {
        ImageSigner signer = ImageSigner.of("EC");
        String ofOther = signer.signature(ImageSigner.payload(OTHER).getBytes(StandardCharsets.UTF_8));
        registry.push(
                "web",
                tag(".sig"),
                FakeRegistry.OCI_MANIFEST,
                ImageSigner.simple(registry, ImageSigner.payload(digest), ofOther));

        assertThat(find(signer).seen()).contains("by none of the publicKeys, or of something else");
    }

    @Test
    void aStatementOfSomethingElseDoesNotCount() throws Exception {
        ImageSigner signer = ImageSigner.of("EC");
        registry.push(
                "web",
                tag(".sig"),
                FakeRegistry.OCI_MANIFEST,
                signer.bundle(registry, digest, "https://slsa.dev/provenance/v1"));

        assertThat(find(signer)).isEqualTo(new ImageSignature(false, "has a signature that cannot be read"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "no JSON", "{\"critical\": 1}"})
    void whatIsNoPayloadIsNoSignature(String payload) throws Exception {
        ImageSigner signer = ImageSigner.of("EC");
        registry.push("web", tag(".sig"), FakeRegistry.OCI_MANIFEST, signer.simple(registry, payload));

        assertThat(find(signer)).isEqualTo(new ImageSignature(false, "has a signature that cannot be read"));
    }

    @Test
    void oneValidSignatureIsEnough() throws Exception {
        ImageSigner signer = ImageSigner.of("EC");
        registry.push(
                "web", tag(".sig"), FakeRegistry.OCI_MANIFEST, signer.simple(registry, ImageSigner.payload(OTHER)));
        String referring = registry.push(
                "web", "any", FakeRegistry.OCI_MANIFEST, signer.simple(registry, ImageSigner.payload(digest)));
        registry.refers(digest, ImageSigner.index(referring, false));

        assertThat(find(signer)).isEqualTo(ImageSignature.VALID);
    }

    @Test
    void theLastOfManySignaturesCountsAndThatThereAreMoreThanAreReadIsSaid() throws Exception {
        ImageSigner old = ImageSigner.of("EC");
        ImageSigner signer = ImageSigner.of("EC");
        String last = signer.simple(registry, ImageSigner.payload(digest));
        String before = layer(old.simple(registry, ImageSigner.payload(digest)));
        registry.push(
                "web",
                tag(".sig"),
                FakeRegistry.OCI_MANIFEST,
                last.replace("\"layers\":[", "\"layers\":[" + (before + ",").repeat(120)));

        assertThat(find(signer)).isEqualTo(ImageSignature.VALID);
        assertThat(find(ImageSigner.of("EC")).seen()).isEqualTo("has 121 signatures, and none of the last 100 counts");
    }

    private static String layer(String manifest) {
        return manifest.replaceFirst(".*\"layers\":\\[", "").replaceFirst("\\]\\}$", "");
    }

    @Test
    void blobsAreReadWhereTheRegistryMayKeepThem() throws Exception {
        ImageSigner signer = ImageSigner.of("EC");
        String payload = ImageSigner.payload(digest);
        registry.push("web", tag(".sig"), FakeRegistry.OCI_MANIFEST, signer.simple(registry, payload));
        var sent = new AtomicReference<>("");
        HttpServer store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/", exchange -> {
            sent.set(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            exchange.sendResponseHeaders(200, payload.length());
            exchange.getResponseBody().write(payload.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        store.start();
        try {
            registry.login(Login.BASIC);
            registry.keepsBlobsAt("http://localhost:" + store.getAddress().getPort() + "/secret");

            assertThatThrownBy(() -> find(signer))
                    .hasCauseInstanceOf(RequestRefused.class)
                    .hasMessageContaining("keeps its blobs on http://localhost, which nobody has said may be asked")
                    .hasMessageNotContaining("secret");

            settings = new RegistrySettings(registry.url(), Set.of(), Set.of("localhost"), true);

            assertThat(find(signer)).isEqualTo(ImageSignature.VALID);
            assertThat(sent.get()).as("no credentials go there").isEqualTo("null");
        } finally {
            store.stop(0);
        }
    }

    @Test
    void aSignatureWithoutContentDoesNotCount() throws Exception {
        ImageSigner signer = ImageSigner.of("EC");
        registry.push(
                "web", tag(".sig"), FakeRegistry.OCI_MANIFEST, signer.simple(registry, ImageSigner.payload(digest)));
        registry.next(exchange -> {
            byte[] manifest = withoutPayload().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", FakeRegistry.OCI_MANIFEST);
            exchange.sendResponseHeaders(200, manifest.length);
            exchange.getResponseBody().write(manifest);
        });

        assertThat(find(signer))
                .isEqualTo(new ImageSignature(false, "has a signature whose content its registry lacks"));
    }

    /** A manifest whose payload the registry does not have. */
    private static String withoutPayload() {
        return "{\"layers\":[{\"mediaType\":\"" + SignedPayload.SIMPLE_SIGNING + "\",\"digest\":\"" + OTHER + "\"}]}";
    }

    @Test
    void onlyKeysThatCanVerifyAreTaken() throws Exception {
        KeyPairGenerator small = KeyPairGenerator.getInstance("RSA");
        small.initialize(1024);
        KeyPairGenerator other = KeyPairGenerator.getInstance("EC");
        other.initialize(384);

        for (String text : List.of(
                "",
                "cosign.pub",
                "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                ImageSigner.pem(small.generateKeyPair().getPublic().getEncoded()),
                ImageSigner.pem(other.generateKeyPair().getPublic().getEncoded()))) {
            assertThatThrownBy(() -> new SignaturePolicy(List.of(text), List.of("production")))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("public key");
        }
        assertThatThrownBy(() -> new SignaturePolicy(List.of(), List.of("production")))
                .hasMessageContaining("publicKeys is empty");
        assertThatThrownBy(
                        () -> new SignaturePolicy(List.of(ImageSigner.of("EC").publicKey()), List.of()))
                .hasMessageContaining("require is empty");
    }
}
