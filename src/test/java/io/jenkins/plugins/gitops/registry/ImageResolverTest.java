package io.jenkins.plugins.gitops.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.jenkins.plugins.gitops.common.RegistryUnavailable;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageRepositoryName;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.registry.FakeRegistry.Login;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageResolverTest {

    private static final RegistryCredentials CREDENTIALS =
            new RegistryCredentials(FakeRegistry.USER, FakeRegistry.PASSWORD);
    private static final String NOWHERE = "sha256:" + "0".repeat(64);

    private final HurriedTimer timer = new HurriedTimer();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private FakeRegistry registry;
    private ImageResolver resolver;

    /** Waits for nothing but the end of calls, and says for how long it should have waited. */
    private static final class HurriedTimer extends ScheduledThreadPoolExecutor {

        private static final Duration CALL = Duration.ofSeconds(30);

        private final List<Duration> waits = new CopyOnWriteArrayList<>();

        HurriedTimer() {
            super(1);
        }

        @Override
        public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
            return super.schedule(task, hurried(delay, unit), unit);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            return super.schedule(task, hurried(delay, unit), unit);
        }

        private long hurried(long delay, TimeUnit unit) {
            Duration wanted = Duration.of(delay, unit.toChronoUnit());
            if (wanted.equals(CALL)) {
                return delay;
            }
            if (!wanted.isZero()) {
                waits.add(wanted);
            }
            return 0;
        }
    }

    @BeforeEach
    void start() throws IOException {
        registry = new FakeRegistry();
        resolver = resolver(registry.settings());
    }

    @AfterEach
    void stop() {
        registry.close();
        timer.shutdownNow();
    }

    private ImageResolver resolver(RegistrySettings settings) {
        Clock clock = mock(Clock.class);
        when(clock.instant()).thenAnswer(asked -> now.get());
        return new ImageResolver(HttpClient.newHttpClient(), clock, timer, name -> settings);
    }

    private ImageQuery wanted(String name, String digest, String platform) {
        return new ImageQuery(
                "shop",
                registry.host() + "/" + name,
                "1",
                Optional.ofNullable(digest),
                Optional.ofNullable(platform),
                false);
    }

    private ResolvedImage resolve(String digest, String platform, RegistryCredentials credentials) throws Exception {
        try {
            return resolver.resolve(wanted("team/shop", digest, platform), credentials)
                    .join();
        } catch (CompletionException e) {
            throw (Exception) e.getCause();
        }
    }

    private void refused(String digest, String platform, RegistryCredentials credentials, String... words) {
        assertThatThrownBy(() -> resolve(digest, platform, credentials))
                .isExactlyInstanceOf(RequestRefused.class)
                .hasMessageContainingAll(words)
                .satisfies(ImageResolverTest::isOneSentenceWithoutSecrets);
    }

    private static void isOneSentenceWithoutSecrets(Throwable failure) {
        assertThat(failure.getMessage()).endsWith(".").doesNotContain("\n", FakeRegistry.PASSWORD);
    }

    @Test
    void aTagIsResolvedByOneRequest() throws Exception {
        String digest = registry.push("team/shop", "1", "layer");

        ResolvedImage resolved = resolve(null, null, null);

        assertThat(resolved)
                .isEqualTo(new ResolvedImage(new ImageRef(registry.host() + "/team/shop", "1", digest), List.of()));
        assertThat(registry.requests()).containsExactly("HEAD /v2/team/shop/manifests/1");
    }

    @Test
    void aRegistryThatDoesNotNameTheDigestIsHashed() throws Exception {
        registry.namesNoDigests();
        String digest = registry.push("team/shop", "1", "layer");

        assertThat(resolve(null, null, null).image().digest()).isEqualTo(digest);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 405, 406, 415, 501})
    void aRegistryThatKnowsNoHeadIsAskedForAll(int status) throws Exception {
        String digest = registry.push("team/shop", "1", "layer");
        registry.next(FakeRegistry.status(status));

        assertThat(resolve(null, null, null).image().digest()).isEqualTo(digest);
    }

    /** As Nexus does. */
    @Test
    void aRegistryThatHasNothingForHeadIsAskedForAll() throws Exception {
        String digest = registry.push("team/shop", "1", "layer");
        registry.next(FakeRegistry.status(404));

        assertThat(resolve(null, null, null).image().digest()).isEqualTo(digest);
        assertThat(registry.requests())
                .containsExactly("HEAD /v2/team/shop/manifests/1", "GET /v2/team/shop/manifests/1");
    }

    @Test
    void theTokenServiceIsAskedForReadingThatRepositoryOnly() throws Exception {
        registry.login(Login.TOKEN);
        String digest = registry.push("team/shop", "1", "layer");

        assertThat(resolve(null, null, CREDENTIALS).image().digest()).isEqualTo(digest);
        assertThat(resolve(digest, null, CREDENTIALS).image().digest()).isEqualTo(digest);
        assertThat(registry.requests())
                .containsExactly(
                        "HEAD /v2/team/shop/manifests/1",
                        "GET /token?service=registry%2C+of+tests&scope=repository%3Ateam%2Fshop%3Apull",
                        "HEAD /v2/team/shop/manifests/1",
                        "HEAD /v2/team/shop/manifests/1");
    }

    @Test
    void aTokenIsAskedForAnewWhenItIsOverOrRefused() throws Exception {
        registry.login(Login.TOKEN);
        registry.push("team/shop", "1", "layer");

        resolve(null, null, CREDENTIALS);
        now.updateAndGet(at -> at.plusSeconds(289));
        resolve(null, null, CREDENTIALS);
        assertThat(registry.tokensGiven()).hasSize(1);
        now.updateAndGet(at -> at.plusSeconds(1));
        resolve(null, null, CREDENTIALS);
        assertThat(registry.tokensGiven()).hasSize(2);

        registry.forgetTokens();
        resolve(null, null, CREDENTIALS);
        assertThat(registry.tokensGiven()).hasSize(3);
    }

    @Test
    void basicAuthenticationIsSentOnceItIsAskedFor() throws Exception {
        registry.login(Login.BASIC);
        String digest = registry.push("team/shop", "1", "layer");

        assertThat(resolve(null, null, CREDENTIALS).image().digest()).isEqualTo(digest);
        refused(null, null, null, "does not let everybody read team/shop", "credentialsId");
        refused(
                null,
                null,
                new RegistryCredentials(FakeRegistry.USER, "wrong"),
                "does not let these credentials read team/shop",
                "401");
    }

    @Test
    void credentialsThatTheTokenServiceRefusesAreNamed() {
        registry.login(Login.TOKEN);

        refused(null, null, null, "The token service " + registry.host(), "without credentials", "credentialsId");
        refused(null, null, new RegistryCredentials("puller", "wrong"), "refuses the credentials", "401");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/token", "token", "no address", "https:///token"})
    void aTokenServiceWithoutAWholeAddressIsNamed(String realm) {
        registry.login(Login.TOKEN);
        registry.realm(realm);

        refused(null, null, CREDENTIALS, "names a token service whose address is none, \"" + realm + "\"");
        assertThat(resolver.discoverAuth(registry.settings()))
                .failsWithin(HurriedTimer.CALL)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(RequestRefused.class)
                .withMessageContaining("its administrator has to set the address");
    }

    @Test
    void aRegistrySaysWhereItsTokensComeFrom() {
        assertThat(resolver.discoverAuth(registry.settings()).join())
                .isEqualTo(new AuthDiscovery(Optional.empty(), true));
        registry.login(Login.BASIC);
        assertThat(resolver.discoverAuth(registry.settings()).join())
                .isEqualTo(new AuthDiscovery(Optional.empty(), true));
        registry.login(Login.TOKEN);
        assertThat(resolver.discoverAuth(registry.settings()).join())
                .isEqualTo(new AuthDiscovery(Optional.of(registry.url()), true));
        registry.realm("http://localhost:1/token");
        assertThat(resolver.discoverAuth(registry.settings()).join())
                .isEqualTo(new AuthDiscovery(Optional.of("http://localhost:1"), false));
        registry.realm("no address");
        assertThat(resolver.discoverAuth(registry.settings()))
                .failsWithin(HurriedTimer.CALL)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(RequestRefused.class)
                .withMessageContaining("whose address is none");
        registry.next(FakeRegistry.status(404));
        assertThat(resolver.discoverAuth(registry.settings()))
                .failsWithin(HurriedTimer.CALL)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(RequestRefused.class)
                .withMessageContaining("as no registry does");
    }

    @Test
    void credentialsGoToNoOtherHostThanAnAdministratorSays() throws Exception {
        try (FakeRegistry other = new FakeRegistry()) {
            registry.login(Login.TOKEN);
            registry.push("team/shop", "1", "layer");
            registry.realm(other.url().replace("127.0.0.1", "localhost") + "/token");

            refused(null, null, CREDENTIALS, "http://localhost", "tokenHosts");
            assertThat(other.requests()).isEmpty();
            registry.realm(registry.url() + "/token");
            resolve(null, null, CREDENTIALS);

            registry.realm(other.url().replace("127.0.0.1", "localhost") + "/token");
            resolver = resolver(new RegistrySettings(registry.url(), Set.of("localhost"), true));
            resolve(null, null, CREDENTIALS);
            assertThat(other.tokensGiven()).hasSize(1);

            assertThat(new RegistrySettings("https://r.example.com", Set.of(), false)
                            .trusts(URI.create("https://r.example.com:5001/token")))
                    .as("another port of the same host")
                    .isTrue();
            assertThat(new RegistrySettings("https://r.example.com", Set.of("localhost"), false)
                            .trusts(URI.create(other.url())))
                    .isFalse();
        }
    }

    @Test
    void whatWasLearnedOfTokensIsLearnedAgainWhenItStopsWorking() throws Exception {
        registry.login(Login.TOKEN);
        String digest = registry.push("team/shop", "1", "layer");
        registry.realm(registry.url() + "/token");
        try (FakeRegistry moved = new FakeRegistry()) {
            resolver = resolver(new RegistrySettings(registry.url(), Set.of("localhost"), true));
            registry.realm(moved.url().replace("127.0.0.1", "localhost") + "/token");
            resolve(null, null, CREDENTIALS);
        }
        registry.realm(registry.url() + "/token");
        now.updateAndGet(at -> at.plusSeconds(600));

        assertThat(resolve(null, null, CREDENTIALS).image().digest()).isEqualTo(digest);
        registry.login(Login.BASIC);
        assertThat(resolve(null, null, CREDENTIALS).image().digest()).isEqualTo(digest);
        registry.login(Login.NONE);
        registry.realm("http://127.0.0.1:1/token");
        assertThat(resolve(null, null, CREDENTIALS).image().digest()).isEqualTo(digest);
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        try (FakeRegistry other = new FakeRegistry()) {
            registry.next(FakeRegistry.status(307, "Location", other.url() + "/v2/team/shop/manifests/1?secret=x"));
            refused(null, null, CREDENTIALS, "redirects to http://127.0.0.1, which is not followed");

            registry.login(Login.TOKEN);
            registry.next(FakeRegistry.status(
                    401,
                    "WWW-Authenticate",
                    "Basic realm=\"a, \\\"b\\\"\", Bearer realm=\"" + registry.url() + "/token\""));
            registry.next(FakeRegistry.status(302, "Location", other.url()));
            refused(null, null, CREDENTIALS, "The token service", "redirects to http://127.0.0.1");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void aTagThatMovedIsRefused() {
        String ours = registry.push("team/shop", "1", "ours");
        String theirs = registry.push("team/shop", "1", "theirs");

        refused(ours, null, null, "/team/shop:1 is " + theirs + ", not " + ours, "moved");
    }

    @Test
    void aDigestThatNobodyPushedIsRefused() {
        refused(null, null, null, "has no " + registry.host() + "/team/shop:1", "push it before");
        refused(
                NOWHERE,
                null,
                null,
                "has no " + registry.host() + "/team/shop:1",
                "no " + NOWHERE + " either",
                "--load");
        String digest = registry.push("team/shop", "1", "layer");
        refused(NOWHERE, null, null, "is " + digest, "no " + NOWHERE + " either", "--load");
        registry.push("team/shop", "2", "other");
        assertThatThrownBy(() -> resolver.resolve(
                                new ImageQuery(
                                        "shop",
                                        registry.host() + "/team/shop",
                                        "3",
                                        Optional.of(digest),
                                        Optional.empty(),
                                        false),
                                null)
                        .join())
                .hasMessageContaining("only the tag is missing");
    }

    @Test
    void theDigestOfTheConfigurationIsNotTakenForTheImages() {
        String digest = registry.push("team/shop", "1", "layer");

        refused(
                FakeRegistry.configDigest("layer"),
                null,
                null,
                "is the digest of the configuration",
                digest,
                "containerimage.digest");
    }

    /** The distribution project's registry answers so, since a configuration is a blob that is no manifest. */
    @Test
    void theDigestOfAConfigurationIsExplainedThoughTheRegistryFailsOnIt() {
        String digest = registry.push("team/shop", "1", "layer");
        registry.failsOn(FakeRegistry.configDigest("layer"));
        registry.failsOn(FakeRegistry.configDigest("other"));

        refused(FakeRegistry.configDigest("layer"), null, null, "the id of the image", "own digest is " + digest);
        refused(FakeRegistry.configDigest("other"), null, null, "is " + digest, "--iidfile");
        String index = registry.push("team/shop", "1", FakeRegistry.OCI_INDEX, index(digest));
        refused(FakeRegistry.configDigest("layer"), null, null, "own digest is " + digest + ", in the index " + index);
    }

    @Test
    void anImageThatWasPushedByItsDigestNeedsNoTag() throws Exception {
        String digest = registry.push("team/shop", "other", "layer");
        var query = new ImageQuery(
                "shop", registry.host() + "/team/shop", "1", Optional.of(digest), Optional.empty(), true);

        ResolvedImage resolved = resolver.resolve(query, null).join();
        assertThat(resolved.image()).isEqualTo(new ImageRef(registry.host() + "/team/shop", "1", digest));
        assertThat(resolved.remarks()).singleElement().asString().contains("not the tag 1", "Push the tag too");
        refused(digest, null, null, "only the tag is missing");
    }

    @Test
    void anIndexWithoutPlatformsIsTakenWhole() throws Exception {
        String amd64 = registry.push("team/shop", "amd64", "amd64");
        String index = registry.push(
                "team/shop", "1", FakeRegistry.DOCKER_INDEX, """
                    {"schemaVersion": 2, "mediaType": "%s", "manifests": [{"digest": "%s"}]}
                    """.formatted(FakeRegistry.DOCKER_INDEX, amd64));

        assertThat(resolve(null, null, null).image().digest()).isEqualTo(index);
        assertThat(resolve(amd64, null, null).image().digest()).isEqualTo(amd64);
        refused(null, "linux/amd64", null, "names no platforms", "leave platform: out");
    }

    @Test
    void onePlatformOfAnIndexCanBePinned() throws Exception {
        String amd64 = registry.push("team/shop", "amd64", "amd64");
        String index = registry.push("team/shop", "1", FakeRegistry.OCI_INDEX, index(amd64));

        ResolvedImage whole = resolve(index, null, null);
        assertThat(whole.image().digest()).isEqualTo(index);
        assertThat(whole.remarks())
                .singleElement()
                .asString()
                .contains("attestations", "--provenance=false", "platform: 'linux/amd64'");
        assertThat(resolve(null, "linux/amd64", null))
                .isEqualTo(resolve(index, "linux/amd64", null))
                .isEqualTo(resolve(amd64, "linux/amd64", null))
                .isEqualTo(resolve(amd64, null, null))
                .isEqualTo(new ResolvedImage(new ImageRef(registry.host() + "/team/shop", "1", amd64), List.of()));
        refused(
                null,
                "windows/amd64",
                null,
                "no manifest for the platform windows/amd64",
                "linux/arm/v6, linux/arm/v7");
        refused(null, "linux/arm", null, "several manifests for the platform linux/arm");
        assertThatThrownBy(() -> wanted("team/shop", null, "amd64"))
                .isInstanceOf(InvalidImagesException.class)
                .hasMessage("Service shop, field platform: give it as linux/amd64 or linux/arm/v7.");
    }

    /** The digests of apko's --image-refs: those of the platforms, and the one of the index last. */
    @Test
    void ofSeveralDigestsThatOfTheTagIsMeant() {
        String amd64 = registry.push("team/shop", "amd64", "amd64");
        String index = registry.push("team/shop", "1", FakeRegistry.OCI_INDEX, index(amd64));

        for (List<String> others : List.of(List.of(NOWHERE, index), List.of(NOWHERE))) {
            var query = new ImageQuery(
                    "shop", registry.host() + "/team/shop", "1", Optional.of(amd64), others, Optional.empty(), false);
            assertThat(resolver.resolve(query, null).join().image().digest())
                    .isEqualTo(others.contains(index) ? index : amd64);
        }
    }

    private static String index(String amd64) {
        return """
            {"schemaVersion": 2, "mediaType": "%s", "manifests": [
             {"digest": "%s", "platform": {"os": "linux", "architecture": "amd64"}},
             {"digest": "sha256:6", "platform": {"os": "linux", "architecture": "arm", "variant": "v6"}},
             {"digest": "sha256:7", "platform": {"os": "linux", "architecture": "arm", "variant": "v7"}},
             {"digest": "sha256:8", "platform": {"os": "unknown", "architecture": "unknown"},
              "annotations": {"vnd.docker.reference.type": "attestation-manifest"}}]}
            """.formatted(FakeRegistry.OCI_INDEX, amd64);
    }

    @Test
    void aSingleManifestHasNoPlatformToChoose() throws Exception {
        String digest = registry.push("team/shop", "1", "layer");

        ResolvedImage resolved = resolve(null, "linux/amd64", null);
        assertThat(resolved.image().digest()).isEqualTo(digest);
        assertThat(resolved.remarks()).singleElement().asString().contains("one manifest");
    }

    @Test
    void whatIsNoManifestIsRefused() {
        registry.push("team/shop", "1", "text/html", "<h1>Sign in</h1>");
        registry.next(
                FakeRegistry.status(200, "Content-Type", "text/html; charset=utf-8", "Docker-Content-Digest", NOWHERE));
        refused(null, null, null, "web page");
        registry.next(FakeRegistry.status(200, "Content-Type", "text/html"));
        registry.next(FakeRegistry.status(200, "Content-Type", "text/html"));
        refused(null, null, null, "web page");
        registry.next(FakeRegistry.status(
                200,
                "Content-Type",
                "application/vnd.docker.distribution.manifest.v1+prettyjws",
                "Docker-Content-Digest",
                NOWHERE));
        refused(null, null, null, "schema 1");
        registry.next(FakeRegistry.status(200, "Content-Type", "text/plain", "Docker-Content-Digest", NOWHERE));
        refused(null, null, null, "text/plain");
        registry.next(
                FakeRegistry.status(200, "Content-Type", FakeRegistry.OCI_MANIFEST, "Docker-Content-Digest", "md5:1"));
        refused(null, null, null, "the digest \"md5:1\", which is none");
        registry.next(FakeRegistry.status(400));
        registry.next(FakeRegistry.status(400));
        refused(null, null, null, "status 400");
    }

    @Test
    void attestationsAreKnownByTheirPlatformToo() throws Exception {
        String amd64 = registry.push("team/shop", "amd64", "amd64");
        String index = registry.push(
                "team/shop",
                "1",
                FakeRegistry.OCI_INDEX,
                index(amd64).replace("\"vnd.docker.reference.type\": \"attestation-manifest\"", ""));

        assertThat(resolve(index, null, null).remarks())
                .singleElement()
                .asString()
                .contains("attestations");
        refused("sha256:8" + "0".repeat(63), null, null, "is " + index);
    }

    @Test
    void aManifestThatNeverEndsIsLeft() {
        registry.next(FakeRegistry.status(405));
        registry.next(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", FakeRegistry.OCI_MANIFEST);
            exchange.sendResponseHeaders(200, 3L << 30);
            byte[] piece = new byte[1 << 16];
            try (OutputStream out = exchange.getResponseBody()) {
                for (long sent = 0; sent < 3L << 30; sent += piece.length) {
                    out.write(piece);
                }
            }
        });

        refused(null, null, null, "over 4 MiB");
    }

    @Test
    void bytesThatAreNotWhatTheirDigestSaysAreRefused() {
        String index = registry.push("team/shop", "1", FakeRegistry.OCI_INDEX, index(NOWHERE));
        registry.next(FakeRegistry.status(200, "Content-Type", FakeRegistry.OCI_INDEX, "Docker-Content-Digest", index));
        registry.next(exchange -> {
            byte[] body = FakeRegistry.manifest("altered").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", FakeRegistry.OCI_MANIFEST);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        });

        refused(null, null, null, "other bytes", index);
    }

    @Test
    void tooManyRequestsAreMadeAgainWhenTheRegistrySays() throws Exception {
        String digest = registry.push("team/shop", "1", "layer");
        registry.next(FakeRegistry.status(429, "Retry-After", "7"));
        registry.next(FakeRegistry.status(503, "Retry-After", "Thu, 01 Jan 2026 00:00:09 GMT"));

        assertThat(resolve(null, null, null).image().digest()).isEqualTo(digest);
        assertThat(timer.waits).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(9));
    }

    @Test
    void aRegistryThatKeepsFailingIsLeft() {
        IntStream.range(0, 5).forEach(i -> registry.next(FakeRegistry.status(502)));
        unavailable("still fails with status 502 after 5 tries");
        assertThat(registry.requests()).hasSize(5);

        registry.next(FakeRegistry.status(429, "Retry-After", "3600"));
        unavailable("too many requests (429) and wants to be left alone for 3600 s");
        assertThat(registry.requests()).hasSize(6);
    }

    @Test
    void aRegistryThatIsNotThereIsNamed() {
        registry.close();
        unavailable("The registry " + registry.host() + " cannot be reached: nothing accepts connections there");
    }

    private void unavailable(String words) {
        assertThatThrownBy(() -> resolve(null, null, null))
                .isExactlyInstanceOf(RegistryUnavailable.class)
                .hasMessageContaining(words)
                .satisfies(ImageResolverTest::isOneSentenceWithoutSecrets);
    }

    /** The distribution project's registry, as every server of Go, answers a TLS handshake with a line of HTTP. */
    @Test
    void plainHttpBehindAnAddressWithHttpsIsNamed() throws Exception {
        try (var plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> answerInPlainHttp(plain));
            String url = "https://127.0.0.1:" + plain.getLocalPort();
            resolver = resolver(new RegistrySettings(url, Set.of(), false));

            unavailable("speaks plain http at this port, not https; put it behind TLS");
            unavailable("http:// and allowInsecure.");
            plain.close();
            answering.join();
        }
    }

    private static void answerInPlainHttp(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                connection.getInputStream().read();
                connection
                        .getOutputStream()
                        .write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                connection.getOutputStream().flush();
                connection.getInputStream().readAllBytes();
            } catch (IOException e) {
                // The client has gone, or the test is over.
            }
        }
    }

    @Test
    void whatIsKnownAlreadyCanBeBelievedWhereTheRegistryCannotBeAsked() {
        registry.login(Login.BASIC);
        refused(NOWHERE, null, null, "credentialsId", "say verify: false");
        registry.close();
        assertThatThrownBy(() -> resolve(NOWHERE, null, null))
                .isExactlyInstanceOf(RegistryUnavailable.class)
                .hasMessageContainingAll("nothing accepts connections", "say verify: false");
        assertThatThrownBy(() -> resolve(null, null, null)).hasMessageNotContaining("verify");
    }

    @Test
    void manyServicesAreAskedForAtOnceWithOneTokenForEachScope() {
        registry.login(Login.TOKEN);
        List<CompletableFuture<ResolvedImage>> answers = new ArrayList<>();
        IntStream.range(0, 4).forEach(i -> registry.push("team/shop-" + i, "1", "layer " + i));
        for (int i = 0; i < 200; i++) {
            answers.add(resolver.resolve(wanted("team/shop-" + i % 4, null, null), CREDENTIALS));
        }

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().image().digest()).startsWith("sha256:"));
        assertThat(registry.tokensGiven()).hasSize(4);
        assertThat(registry.mostUnderWay()).isLessThanOrEqualTo(32);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "app, docker.io, library/app",
                "team/app, docker.io, team/app",
                "index.docker.io/team/app, docker.io, team/app",
                "localhost/app, localhost, app",
                "localhost:5000/a/b, localhost:5000, a/b",
                "docker.example.com/a, docker.example.com, a"
            })
    void repositoriesAreFoundAsDockerFindsThem(String repository, String registryName, String name) {
        ImageRepositoryName address = ImageRepositoryName.of(repository);

        assertThat(address.registry()).isEqualTo(registryName);
        assertThat(address.name()).isEqualTo(name);
        assertThat(RegistrySettings.of(registryName).url()).startsWith("https://");
    }

    @Test
    void settingsThatCannotBeUsedAreRefused() {
        assertThatThrownBy(() -> new RegistrySettings("http://r.example.com", Set.of(), false))
                .hasMessageContaining("allowInsecure");
        assertThatThrownBy(() -> new RegistrySettings("https://user:secret@r.example.com", Set.of(), false))
                .hasMessageContaining("contains a user or password")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> RegistrySettings.of("r.example.com:99999"))
                .hasMessageContaining("names no port: write one from 1 to 65535");
        assertThatThrownBy(() -> new RegistrySettings("https://r.example.com/v2", Set.of(), false))
                .hasMessageContaining("more than host and port");
        assertThatThrownBy(() -> new RegistrySettings("https://r.example.com", Set.of("https://auth"), false))
                .hasMessageContaining("tokenHosts");
        assertThat(CREDENTIALS).hasToString("credentials of a registry");
    }
}
