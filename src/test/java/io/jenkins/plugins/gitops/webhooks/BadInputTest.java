package io.jenkins.plugins.gitops.webhooks;

import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.bearer;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.signed;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What nobody should send, sent to each endpoint that takes bodies. */
@Tag("sandbox")
class BadInputTest {

    private static final String GIBBERISH = "payload-that-no-log-may-have";

    @RegisterExtension
    final EndpointFixture endpoints = new EndpointFixture();

    /** Each endpoint with its secret and the headers that lead there. */
    static Stream<Arguments> endpoints() {
        return Stream.of(
                Arguments.of("/deployed/cfg-app/staging", EndpointFixture.DEPLOYED, Map.of()),
                Arguments.of("/images/cfg-app", EndpointFixture.IMAGES, Map.of()),
                Arguments.of("/verify/cfg-app/staging", EndpointFixture.VERIFY, Map.of()),
                Arguments.of("/status/cfg-app", EndpointFixture.REPORTERS, Map.of()),
                Arguments.of("/status/cfg-app", EndpointFixture.FORGE, Map.of("X-GitHub-Event", "push")),
                Arguments.of("/status/cfg-app", EndpointFixture.FORGE, Map.of("X-Event-Key", "repo:push")),
                Arguments.of("/status/cfg-app", EndpointFixture.FORGE, Map.of("X-Gitea-Event", "push")));
    }

    /** Endpoints by kind: a new one is among these, or takes no body. */
    @Test
    void everyEndpointIsTried() {
        Set<String> known = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(WebEndpoint.class.getPackageName())
                        .stream()
                        .filter(type -> type.isAssignableTo(WebEndpoint.class) && !type.isInterface())
                        .map(type ->
                                type.getSimpleName().replace("Endpoint", "").toLowerCase(Locale.ROOT))
                        .collect(toSet());
        known.remove("state");

        assertThat(endpoints().map(each -> each.get()[0].toString().split("/")[1]))
                .containsAll(known)
                .isSubsetOf(known);
        assertThat(Arrays.stream(SecretScope.values()))
                .as("each with its secret")
                .hasSameSizeAs(endpoints().map(each -> each.get()[1]).distinct().toList());
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void whatIsNotProvenIsRefusedAndNothingFollows(String path, String secret, Map<String, String> headers)
            throws Exception {
        String body = "{\"application\": \"" + GIBBERISH + "\"}";

        assertThat(endpoints.post(path, body, headers).status()).isEqualTo(401);
        for (String signature : List.of("", "sha256=", "sha256=00", "sha1=" + "0".repeat(40), "sha256=" + GIBBERISH)) {
            assertThat(endpoints
                            .post(path, body, EndpointFixture.and(headers, "X-Hub-Signature-256", signature))
                            .status())
                    .as(signature)
                    .isIn(401, 403);
        }
        assertThat(endpoints
                        .post(path, body, proof(secret, path, body + " ", headers))
                        .status())
                .as("altered on the way")
                .isEqualTo(403);
        assertThat(endpoints
                        .post(path.replace("cfg-app", "other"), body, proof(secret, path, body, headers))
                        .status())
                .as("a repository that is not known")
                .isEqualTo(403);
        assertThat(endpoints.announced).isEmpty();
        assertThatNothingWasGivenAway();
    }

    /** The proof that the endpoint of a path takes: a forge signs its body, all others sign their request. */
    private static Map<String, String> proof(String secret, String path, String body, Map<String, String> headers) {
        if (headers.containsKey("X-Gitea-Event")) {
            return EndpointFixture.and(headers, "X-Gitea-Signature", EndpointFixture.hmac(secret, body));
        }
        Map<String, String> ofForge = headers.containsKey("X-Event-Key")
                ? Map.of(
                        "X-Hub-Signature",
                        EndpointFixture.bodySigned(secret, body).get("X-Hub-Signature-256"))
                : EndpointFixture.bodySigned(secret, body);
        return and(headers.isEmpty() ? signed(secret, path, body) : ofForge, headers);
    }

    private static Map<String, String> and(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = EndpointFixture.and(some);
        all.putAll(more);
        return all;
    }

    private void assertThatNothingWasGivenAway() {
        assertThat(endpoints.log())
                .doesNotContain(
                        GIBBERISH,
                        EndpointFixture.DEPLOYED,
                        EndpointFixture.IMAGES,
                        EndpointFixture.FORGE,
                        EndpointFixture.REPORTERS,
                        EndpointFixture.VERIFY,
                        "sha256=");
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void bodiesThatAreNoGoodAreBad(String path, String secret, Map<String, String> headers) throws Exception {
        for (String body : List.of(
                GIBBERISH,
                "{\"" + GIBBERISH,
                "{\"a\": \"" + GIBBERISH + "\"} trailing",
                "[\"" + GIBBERISH + "\"]",
                "\"" + GIBBERISH + "\"",
                "\u0000\u0001" + GIBBERISH,
                "[".repeat(60_000),
                "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000),
                "")) {
            WebResponse answer = endpoints.post(path, body, proof(secret, path, body, headers));

            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).hasSizeLessThan(500);
        }
        assertThat(endpoints.announced).isEmpty();
        assertThatNothingWasGivenAway();
    }

    /** A body that goes on for ever, and says how much of it was taken. */
    private static final class Endless extends InputStream {
        private long read;

        @Override
        public int read() {
            read++;
            return ' ';
        }
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void aHugeBodyIsNotRead(String path, String secret, Map<String, String> headers) throws Exception {
        Endless unsaid = new Endless();
        Endless said = new Endless();

        assertThat(endpoints
                        .ask("POST", path, proof(secret, path, "", headers), unsaid)
                        .status())
                .isEqualTo(413);
        assertThat(endpoints
                        .ask(
                                "POST",
                                path,
                                EndpointFixture.and(proof(secret, path, "", headers), "Content-Length", "1073741824"),
                                said)
                        .status())
                .isEqualTo(413);

        assertThat(unsaid.read).isLessThan(headers.isEmpty() ? 2 << 20 : 26 << 20);
        assertThat(said.read).isZero();
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void aBodyThatBreaksOffIsBad(String path, String secret, Map<String, String> headers) throws Exception {
        var broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the connection is gone");
            }
        };
        String body = "{}";

        assertThat(endpoints
                        .ask("POST", path, proof(secret, path, body, headers), broken)
                        .status())
                .isEqualTo(400);
        assertThat(endpoints
                        .post(
                                path,
                                body,
                                EndpointFixture.and(proof(secret, path, body, headers), "Content-Length", "100"))
                        .status())
                .isEqualTo(400);
        assertThat(endpoints
                        .post(
                                path,
                                body,
                                EndpointFixture.and(proof(secret, path, body, headers), "Content-Length", "x"))
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void aBodyThatTricklesIsGivenUp(String path, String secret, Map<String, String> headers) throws Exception {
        var trickle = new InputStream() {
            private int read;

            @Override
            public int read() {
                endpoints.pass(TimeUnit.SECONDS.toNanos(1));
                read++;
                return ' ';
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                into[offset] = (byte) read();
                return 1;
            }
        };

        assertThat(endpoints
                        .ask("POST", path, proof("guessed", path, "", headers), trickle)
                        .status())
                .isEqualTo(408);
        assertThat(trickle.read).isLessThanOrEqualTo(RequestBodyReader.MAX_SECONDS + 1);
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void withoutAProofOrWithAWrongSecretNothingOfTheBodyIsRead(String path, String secret, Map<String, String> headers)
            throws Exception {
        Endless body = new Endless();

        assertThat(endpoints.ask("POST", path, headers, body).status()).isEqualTo(401);
        assertThat(endpoints
                        .ask("POST", path, and(bearer("guessed"), headers), body)
                        .status())
                .isIn(401, 403);
        assertThat(endpoints
                        .ask("POST", path, EndpointFixture.and(headers, "X-Gitlab-Token", "guessed"), body)
                        .status())
                .isIn(401, 403);
        assertThat(body.read).isZero();
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void sendersThatTakeTheirTimeKeepNobodyOut(String path, String secret, Map<String, String> headers)
            throws Exception {
        for (boolean oneAddress : List.of(true, false)) {
            int senders = 70;
            var arrived = new CountDownLatch(senders);
            var goOn = new CountDownLatch(1);
            ExecutorService threads = Executors.newCachedThreadPool();
            try {
                List<Future<WebResponse>> slow = new ArrayList<>();
                for (int i = 0; i < senders; i++) {
                    endpoints.address = oneAddress ? "192.0.2.1" : "192.0.2." + i;
                    var there = new CountDownLatch(1);
                    slow.add(threads.submit(() ->
                            endpoints.ask("POST", path, proof("guessed", path, "{}", headers), waiting(there, goOn))));
                    assertThat(there.await(30, TimeUnit.SECONDS)).isTrue();
                    arrived.countDown();
                }
                assertThat(arrived.getCount()).isZero();
                endpoints.address = "192.0.2.1";
                String body = "no JSON";

                assertThat(endpoints
                                .post(path, body, proof(secret, path, body, headers))
                                .status())
                        .as("read and understood")
                        .isEqualTo(400);

                goOn.countDown();
                int lost = 0;
                for (Future<WebResponse> answer : slow) {
                    assertThat(answer.get().status()).isIn(403, 408);
                    lost += answer.get().status() == 408 ? 1 : 0;
                }
                assertThat(senders - lost)
                        .isEqualTo(oneAddress ? BodyReadingPlaces.MAX_PER_ADDRESS - 1 : BodyReadingPlaces.MAX - 1);
            } finally {
                goOn.countDown();
                threads.shutdown();
            }
        }
    }

    private static InputStream waiting(CountDownLatch arrived, CountDownLatch goOn) {
        return new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                arrived.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return super.read(into, offset, length);
            }
        };
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void anEndpointWithoutItsSecretRefusesAndSaysSoOnce(String path, String secret, Map<String, String> headers)
            throws Exception {
        endpoints.configure(repository -> {
            repository.setDeployedSecretId("");
            repository.setImagesSecretId("gone");
            repository.setForgeSecretId("");
            repository.setReportersSecretId("");
            repository.setVerifySecretId("");
        });
        String body = "{}";

        assertThat(endpoints
                        .post(path, body, proof(secret, path, body, headers))
                        .status())
                .isEqualTo(403);
        assertThat(endpoints
                        .post(path, body, proof("guessed", path, body, headers))
                        .status())
                .isEqualTo(403);
        assertThat(endpoints.warnings()).singleElement().asString().contains("cfg-app", "SecretId");
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void onlyPostIsTaken(String path, String secret, Map<String, String> headers) throws Exception {
        for (String method : List.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "post")) {
            WebResponse answer =
                    endpoints.ask(method, path, and(bearer(secret), headers), InputStream.nullInputStream());

            assertThat(answer.status()).as(method).isEqualTo(405);
            assertThat(answer.headers()).containsEntry("Allow", "POST");
        }
    }
}
