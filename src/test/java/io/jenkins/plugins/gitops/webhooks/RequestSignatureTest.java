package io.jenkins.plugins.gitops.webhooks;

import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.IMAGES;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.and;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.bearer;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.bodySigned;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.signed;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody who overhears signed requests can do with them: nothing that was not done already. */
@Tag("sandbox")
class RequestSignatureTest {

    private static final String SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";
    private static final String TARGET = "/images/cfg-app?appSha=" + SHA + "&order=17";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String BODY = """
        {"shop": {"Digest": "docker.example.com/shop@sha256:%s", "Tag": "docker.example.com/shop:1"}}
        """.formatted("a".repeat(64));

    @RegisterExtension
    final EndpointFixture endpoints = new EndpointFixture();

    @BeforeEach
    void stopTheClock() {
        at(NOW);
    }

    private static void at(Instant now) {
        DriverRegistry.get().setClock(Clock.fixed(now, ZoneOffset.UTC));
    }

    private static Map<String, String> signature(String id) {
        return signed(IMAGES, id, NOW, TARGET, BODY);
    }

    private WebResponse send(Map<String, String> headers) throws Exception {
        return endpoints.post(TARGET, BODY, headers);
    }

    /** The bytes that the documentation says are signed, and nothing that this test computes. */
    @Test
    void signsWhatTheDocumentationSays() throws Exception {
        endpoints.configure(repository -> repository.setImagesSecretId("documented"));
        EndpointFixture.secret("documented", "an example");
        at(Instant.ofEpochSecond(1_772_366_400));

        WebResponse answer = endpoints.post(
                "/images/cfg-app?order=17",
                "{}",
                Map.of(
                        "webhook-id", "id-1",
                        "webhook-timestamp", "1772366400",
                        "webhook-signature", "r1,MJ7mHR9hrG3llnvi9zZZy0xfaxCLapsp184Qd6QZsQg="));

        assertThat(answer.status()).as("signed, but it names no service").isEqualTo(400);
        assertThat(answer.body()).contains("names no service");
    }

    @Test
    void eachPartOfTheRequestIsSigned() throws Exception {
        Map<String, String> right = signature("a");
        for (String target : List.of(
                TARGET.replace("17", "18"),
                TARGET.replace("7d10", "8d10"),
                TARGET + "&set=web",
                "/images/cfg-app?order=17&appSha=" + SHA,
                "/images/cfg-app?appSha=" + SHA,
                "/images/cfg-app",
                TARGET.replace("&", "%26"),
                "/status/cfg-app?appSha=" + SHA + "&order=17",
                "/deployed/cfg-app/staging")) {
            assertThat(endpoints.post(target, BODY, right).status()).as(target).isEqualTo(403);
        }
        assertThat(endpoints.post(TARGET, BODY.replace(":1", ":2"), right).status())
                .isEqualTo(403);
        assertThat(endpoints.post(TARGET, "\n" + BODY, right).status()).isEqualTo(403);
        assertThat(send(and(right, "webhook-id", "b")).status()).isEqualTo(403);
        assertThat(send(and(right, "webhook-timestamp", Long.toString(NOW.getEpochSecond() + 1)))
                        .status())
                .isEqualTo(403);
        assertThat(endpoints.announced).isEmpty();

        assertThat(send(right).status()).isEqualTo(202);
        assertThat(endpoints.announced).hasSize(1);
    }

    /** Servers and proxies may take other spellings for the same; here they are none, or another delivery's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "//images/cfg-app",
                "/images//cfg-app",
                "/images/cfg-app/",
                "/images/./cfg-app",
                "/images/x/../cfg-app",
                "/images/cfg-app;a=b",
                "/images/cfg-app\n",
                "/images/cfg-app\u0000",
                "/images/cfg-app ",
                "/Images/cfg-app",
                "/images/CFG-APP",
                "/images/cfg-app#",
                "/images/cfg-app%2e",
                "/images/cfg-app?appSha=SHA&order=17&",
                "/images/cfg-app?appSha=SHA&order=17&order=99",
                "/images/cfg-app?appSha=SHA&&order=17",
                "/images/cfg-app?appSha=SHA&order=%317",
                "/images/cfg-app?appSha=SHA;order=17",
                "/images/cfg-app?appSha=SHA&order=17#"
            })
    void noOtherSpellingOfTheAddressIsTheSignedOne(String target) throws Exception {
        Map<String, String> overheard = signature("a");
        assertThat(send(overheard).status()).isEqualTo(202);

        assertThat(endpoints.post(target.replace("SHA", SHA), BODY, overheard).status())
                .isIn(400, 403, 404);

        assertThat(endpoints.announced).hasSize(1);
    }

    /** Of what is signed, the path ends where the body begins: neither becomes a part of the other. */
    @Test
    void noPartOfTheBodyMovesIntoTheAddress() throws Exception {
        String target = "/images/cfg-app";
        Map<String, String> overheard = signed(IMAGES, "a", NOW, target, "x\n" + BODY);

        assertThat(endpoints.post(target + "\nx", BODY, overheard).status()).isIn(403, 404);
        assertThat(endpoints.post(target + "?\nx", BODY, overheard).status()).isIn(403, 404);
        assertThat(endpoints.announced).isEmpty();
    }

    /** A signature of body, id and time, as Standard Webhooks has it, is of another version and covers less. */
    @Test
    void otherVersionsAndFormsAreNone() throws Exception {
        Map<String, String> right = signature("a");
        String value = right.get("webhook-signature");
        for (String other : List.of(
                value.replace("r1,", "v1,"),
                value.replace("r1,", "v1a,"),
                value.replace("r1,", ""),
                value.replace("r1,", "R1,"),
                value.substring(0, value.length() - 2),
                value + ",",
                "r1,",
                "r1")) {
            assertThat(send(and(right, "webhook-signature", other)).status())
                    .as(other)
                    .isEqualTo(403);
        }
        for (String header : List.of("webhook-id", "webhook-timestamp")) {
            assertThat(send(and(right, header, "")).status()).as(header).isEqualTo(403);
        }
        String v1 = Base64.getEncoder()
                .encodeToString(java.util.HexFormat.of()
                        .parseHex(EndpointFixture.hmac(IMAGES, "a." + NOW.getEpochSecond() + "." + BODY)));
        assertThat(send(and(right, "webhook-signature", "v1," + v1)).status()).isEqualTo(403);
        assertThat(send(and(right, "webhook-signature", "r1," + v1)).status()).isEqualTo(403);
        assertThat(endpoints.announced).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "a b", "a\u00e9", "a/b", "a,b"})
    void anIdThatCouldBeDividedInAnotherWayIsNone(String id) throws Exception {
        assertThat(send(signature(id)).status()).isEqualTo(403);
    }

    @Test
    void anIdHasUpTo128Signs() throws Exception {
        assertThat(send(signature("a-B_9" + "x".repeat(124))).status()).isEqualTo(403);
        assertThat(send(signature("a-B_9" + "x".repeat(123))).status()).isEqualTo(202);
    }

    @Test
    void oneOfSeveralSignaturesIsEnough() throws Exception {
        Map<String, String> right = signature("a");
        String old = signed("the secret of before", "a", NOW, TARGET, BODY).get("webhook-signature");

        assertThat(send(and(right, "webhook-signature", "v1,x " + old + " " + right.get("webhook-signature")))
                        .status())
                .isEqualTo(202);
    }

    @Test
    void theKeyOfStandardWebhooksIsTheBase64AfterItsPrefix() throws Exception {
        String key = "a key of some bytes";
        EndpointFixture.secret(
                "standard", "whsec_" + Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8)));
        endpoints.configure(repository -> repository.setImagesSecretId("standard"));

        assertThat(send(signed(key, "a", NOW, TARGET, BODY)).status()).isEqualTo(202);
    }

    @Test
    void requestsOfAnotherTimeAreRefused() throws Exception {
        for (Duration wrong : List.of(Duration.ofSeconds(301), Duration.ofSeconds(-301), Duration.ofDays(400))) {
            WebResponse answer = send(signed(IMAGES, "a", NOW.plus(wrong), TARGET, BODY));

            assertThat(answer.status()).as(wrong.toString()).isEqualTo(403);
            assertThat(answer.body()).contains("webhook-timestamp");
        }
        assertThat(endpoints.announced).isEmpty();
        assertThat(send(signed(IMAGES, "a", NOW.minusSeconds(300), TARGET, BODY))
                        .status())
                .isEqualTo(202);
        String next = TARGET.replace("17", "18");
        assertThat(endpoints
                        .post(next, BODY, signed(IMAGES, "b", NOW.plusSeconds(300), next, BODY))
                        .status())
                .isEqualTo(202);
    }

    @Test
    void aReplayIsAnsweredAsBeforeAndNotDoneAgainAlsoAfterARestart() throws Exception {
        String target = "/images/cfg-app";
        Map<String, String> overheard = signed(IMAGES, "a", NOW, target, BODY);
        assertThat(endpoints.post(target, BODY, overheard).status()).isEqualTo(202);

        for (boolean restarted : List.of(false, true)) {
            if (restarted) {
                endpoints.restart();
            }
            WebResponse again = endpoints.post(target, BODY, overheard);
            assertThat(again.status()).isEqualTo(202);
            assertThat(again.body()).contains("before", "A build is queued.");
        }
        assertThat(endpoints.announced).hasSize(1);

        at(NOW.plusSeconds(301));
        assertThat(endpoints.post(target, BODY, overheard).status()).isEqualTo(403);
    }

    /** Standard Webhooks has an attempt signed anew, under the id of the first. */
    @Test
    void anAttemptThatIsSignedLaterIsTheSameDelivery() throws Exception {
        String target = "/images/cfg-app";
        endpoints.post(target, BODY, signed(IMAGES, "a", NOW, target, BODY));
        at(NOW.plus(Duration.ofHours(3)));

        WebResponse again =
                endpoints.post(target, BODY, signed(IMAGES, "a", NOW.plus(Duration.ofHours(3)), target, BODY));

        assertThat(again.status()).isEqualTo(202);
        assertThat(endpoints.announced).hasSize(1);
    }

    @Test
    void anIdIsForOneRequest() throws Exception {
        send(signature("a"));
        String other = TARGET.replace("17", "18");

        WebResponse answer = endpoints.post(other, BODY, signed(IMAGES, "a", NOW, other, BODY));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).contains("new id");
        assertThat(endpoints.announced).hasSize(1);
    }

    @Test
    void whatWasRefusedIsNotRememberedAsDone() throws Exception {
        endpoints.listening = 0;
        assertThat(send(signature("a")).status()).isEqualTo(409);
        endpoints.listening = 1;

        assertThat(send(signature("a")).body()).isEqualTo("A build is queued.\n");
    }

    @Test
    void aKeyThatIsNotSignedIsRefused() throws Exception {
        WebResponse answer = send(and(signature("a"), "Idempotency-Key", "b"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("Idempotency-Key", "webhook-id");
        assertThat(send(and(signature("a"), "Idempotency-Key", "a")).status()).isEqualTo(202);
    }

    @Test
    void aSignatureOfTheBodyIsTakenOnlyWhereItIsAllowedAndThenWithoutAQuery() throws Exception {
        Map<String, String> headers = bodySigned(IMAGES, BODY);
        assertThat(endpoints.post("/images/cfg-app", BODY, headers))
                .returns(403, WebResponse::status)
                .extracting(WebResponse::body)
                .asString()
                .contains("body alone");
        assertThat(endpoints.post("/images/other", BODY, headers).body()).contains("This needs the secret");

        endpoints.configure(repository -> repository.setAllowBodySignatures(true));
        assertThat(endpoints.post("/images/cfg-app", BODY, headers).status()).isEqualTo(202);
        assertThat(endpoints.post("/images/cfg-app?", BODY, headers).status()).isEqualTo(202);
        for (String query : List.of("?order=1", "?set=web", "?appSha=" + SHA)) {
            assertThat(endpoints.post("/images/cfg-app" + query, BODY, headers))
                    .returns(403, WebResponse::status)
                    .extracting(WebResponse::body)
                    .asString()
                    .contains("query");
        }
        assertThat(endpoints
                        .post("/images/cfg-app", BODY, and(headers, "Idempotency-Key", "k"))
                        .status())
                .isEqualTo(403);
        String hint = "{\"application\": \"staging-eu-1\"}";
        assertThat(endpoints
                        .post("/deployed/cfg-app/staging", hint, bodySigned(EndpointFixture.DEPLOYED, hint))
                        .status())
                .isEqualTo(403);
        String report = "{\"sha\": \"" + SHA + "\", \"context\": \"ci/check\", \"state\": \"success\", \"run\": 1}";
        assertThat(endpoints
                        .post("/status/cfg-app", report, bodySigned(EndpointFixture.REPORTERS, report))
                        .status())
                .isEqualTo(403);
        assertThat(endpoints.announced).hasSize(2);
    }

    @Test
    void anOrderThatJumpsTooFarIsRefused() throws Exception {
        assertThat(announce("100000").status()).as("the first may be any").isEqualTo(202);
        assertThat(announce("101001"))
                .returns(409, WebResponse::status)
                .extracting(WebResponse::body)
                .asString()
                .contains("101001", "1001 above", "100000", "maxOrderStep");
        assertThat(announce("101000").status()).isEqualTo(202);
        endpoints.restart();
        assertThat(announce("999999999999999999").status()).isEqualTo(409);
        assertThat(announce("99").status()).as("older is no jump").isEqualTo(202);
        endpoints.configure(repository -> repository.setMaxOrderStep(5));
        assertThat(announce("101006").status()).isEqualTo(409);
        endpoints.configure(repository -> repository.setMaxOrderStep(0));
        assertThat(announce("999999999999999999").status()).isEqualTo(202);
        assertThat(endpoints.announced).hasSize(4);
    }

    private WebResponse announce(String order) throws Exception {
        return endpoints.post("/images/cfg-app?order=" + order, BODY, bearer(IMAGES));
    }
}
