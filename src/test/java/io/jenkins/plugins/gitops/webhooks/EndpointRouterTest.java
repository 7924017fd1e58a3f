package io.jenkins.plugins.gitops.webhooks;

import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.bearer;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.world.GitCli;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("sandbox")
class EndpointRouterTest {

    private static final String SECRET = EndpointFixture.DEPLOYED;
    private static final String HOOK = "/deployed/cfg-app/staging";
    private static final String BODY = "{\"application\": \"staging-eu-1\", \"phase\": \"Succeeded\"}";

    @RegisterExtension
    final EndpointFixture endpoints = new EndpointFixture();

    private WebResponse post(String path, String body, Map<String, String> headers) throws Exception {
        return endpoints.post(path, body, headers);
    }

    private WebResponse get(String path, Map<String, String> headers) throws Exception {
        return endpoints.get(path, headers);
    }

    private WebResponse state() throws Exception {
        await().until(() -> get("/state/cfg-app", Map.of()).status() != 503);
        return get("/state/cfg-app", Map.of());
    }

    @Test
    void aHookMakesTheDriverLook() throws Exception {
        String before = Json.parse(state().body()).path("main").path("sha").asText();
        String pushed = endpoints.push();

        WebResponse answer = post(HOOK, BODY, signed(SECRET, HOOK, BODY));

        assertThat(answer.status()).isEqualTo(202);
        await().untilAsserted(() -> assertThat(
                        Json.parse(state().body()).path("main").path("sha").asText())
                .isEqualTo(pushed)
                .isNotEqualTo(before));
    }

    @Test
    void anEventOfFluxMakesTheDriverLook() throws Exception {
        state();
        String pushed = endpoints.push();
        String event = """
            {"involvedObject": {"kind": "Kustomization", "namespace": "flux-system", "name": "apps", "uid": "1"},
             "severity": "info", "timestamp": "2026-11-29T12:00:00Z", "message": "Applied revision", "reason":
             "ReconciliationSucceeded", "metadata": {"revision": "main@sha1:1"}, "reportingController": "x"}
            """;

        WebResponse answer = post(HOOK, event, ofFlux(SECRET, event));

        assertThat(answer.status()).isEqualTo(202);
        await().untilAsserted(() -> assertThat(
                        Json.parse(state().body()).path("main").path("sha").asText())
                .isEqualTo(pushed));
        assertThat(post(HOOK, event, ofFlux("guessed", event)).status()).isEqualTo(403);
        assertThat(post(HOOK, event + " ", ofFlux(SECRET, event)).status()).isEqualTo(403);
        assertThat(post(HOOK, event, Map.of("X-Signature", "sha256=")).status()).isEqualTo(403);
        var both = new TreeMap<String, String>(bearer(SECRET));
        both.putAll(ofFlux("guessed", event));
        assertThat(post(HOOK, event, both).status())
                .as("a wrong signature beside the secret")
                .isEqualTo(403);
        assertThat(post(HOOK, BODY, ofFlux(SECRET, BODY)))
                .returns(400, WebResponse::status)
                .extracting(WebResponse::body)
                .asString()
                .contains("involvedObject");
        assertThat(post("/images/cfg-app", event, ofFlux(EndpointFixture.IMAGES, event))
                        .status())
                .as("for hints only")
                .isEqualTo(401);
    }

    private static Map<String, String> ofFlux(String secret, String body) {
        return Map.of("X-Signature", "sha256=" + EndpointFixture.hmac(secret, body));
    }

    @Test
    void takesTheSecretItselfToo() throws Exception {
        assertThat(post(HOOK, BODY, bearer(SECRET)).status()).isEqualTo(202);
        assertThat(post(HOOK, BODY, Map.of("authorization", "bearer " + SECRET)).status())
                .isEqualTo(202);
    }

    @Test
    void whoDoesNotKnowTheSecretLearnsNothing() throws Exception {
        WebResponse refused = post(HOOK, BODY, bearer("guessed"));

        assertThat(refused.status()).isEqualTo(403);
        assertThat(post(HOOK, BODY, bearer(""))).isEqualTo(refused);
        assertThat(post(HOOK, BODY, Map.of("Authorization", "Basic " + SECRET))).isEqualTo(refused);
        assertThat(post(HOOK, BODY, signed(SECRET, HOOK, BODY + " "))).isEqualTo(refused);
        assertThat(post(HOOK, BODY, signed("guessed", HOOK, BODY))).isEqualTo(refused);
        assertThat(post("/deployed/cfg-app/nowhere", BODY, bearer("guessed"))).isEqualTo(refused);
        assertThat(post("/deployed/other/staging", BODY, bearer(SECRET))).isEqualTo(refused);
        assertThat(post(HOOK, "no JSON", bearer("guessed"))).isEqualTo(refused);
    }

    @Test
    void whoOffersNoProofIsToldWhatItTakes() throws Exception {
        WebResponse asked = post(HOOK, BODY, Map.of());

        assertThat(asked.status()).isEqualTo(401);
        assertThat(asked.headers()).containsEntry("WWW-Authenticate", "Bearer");
        assertThat(asked.body()).contains("webhook-signature", "Authorization: Bearer");
        assertThat(post("/deployed/other/staging", BODY, Map.of())).isEqualTo(asked);
    }

    @Test
    void aHintMayHaveAnyContentType() throws Exception {
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "none")) {
            var headers = new TreeMap<String, String>(bearer(SECRET));
            headers.put("Content-Type", type);
            assertThat(post(HOOK, BODY, headers).status()).as(type).isEqualTo(202);
        }
    }

    @Test
    void aWrongSignatureIsNotMadeUpForByTheSecret() throws Exception {
        var both = new TreeMap<String, String>(bearer(SECRET));
        both.putAll(signed("guessed", HOOK, BODY));

        assertThat(post(HOOK, BODY, both).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gone"})
    void withoutASecretItRefusesAndSaysSoOnce(String secretId) throws Exception {
        endpoints.configure(repository -> repository.setDeployedSecretId(secretId));

        assertThat(post(HOOK, BODY, bearer("")).status()).isEqualTo(403);
        assertThat(post(HOOK, BODY, bearer(SECRET)).status()).isEqualTo(403);
        assertThat(endpoints.warnings()).singleElement().asString().contains("cfg-app", "deployedSecretId", secretId);
    }

    @Test
    void aWaveThatIsUnknownIsNotFound() throws Exception {
        assertThat(post("/deployed/cfg-app/nowhere", BODY, bearer(SECRET)).status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{}",
                "{\"application\": \"\"}",
                "{\"application\": 1}",
                "{\"application\": \"a\", \"application\": \"b\"}",
                "{\"application\": \"a\", \"revision\": 1}"
            })
    void otherBodiesAreBad(String body) throws Exception {
        WebResponse answer = post(HOOK, body, bearer(SECRET));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).startsWith("The body ").endsWith(".\n");
    }

    @Test
    void aBodyThatNeverEndsIsNotReadToItsEnd() throws Exception {
        var endless = new InputStream() {
            private long read;

            @Override
            public int read() {
                read++;
                return ' ';
            }
        };

        assertThat(endpoints.ask("POST", HOOK, bearer(SECRET), endless).status())
                .isEqualTo(413);
        assertThat(endless.read).isLessThan(100_000);
    }

    @Test
    void eachPathHasItsMethod() throws Exception {
        assertThat(get(HOOK, bearer(SECRET)))
                .returns(405, WebResponse::status)
                .returns(Map.of("Allow", "POST"), WebResponse::headers);
        assertThat(post("/state/cfg-app", "", Map.of()))
                .returns(405, WebResponse::status)
                .returns(Map.of("Allow", "GET"), WebResponse::headers);
        for (String path :
                List.of("", "/", "/deployed", "/deployed/cfg-app", HOOK + "/", "/state/cfg-app/", "/state/x")) {
            assertThat(get(path, Map.of()).status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void theStateIsThere() throws Exception {
        String digest = "sha256:" + "a".repeat(64);
        ImageSet images = ImageSet.fromMap(Map.of(
                "shop", Map.of("Tag", "docker.example.com/shop:1", "Digest", "docker.example.com/shop@" + digest)));
        DriverRegistry.get()
                .submit(
                        "cfg-app",
                        new DriverRequest.AppendChange(new NewChange(
                                ChangeTrailers.builder(
                                                NewChange.newId(), ChangeOperation.ANNOUNCE, WavePath.of("staging"))
                                        .order(Optional.of(new BuildSequence("app", 1)))
                                        .reason("new images published")
                                        .build(),
                                images)))
                .get();

        await().untilAsserted(() -> {
            JsonNode root = Json.parse(state().body());
            assertThat(root.path("repository").asText()).isEqualTo("cfg-app");
            assertThat(root.path("auto").path(0).path("target").asText()).isEqualTo("staging");
            assertThat(root.path("waves")).hasSize(3);
        });
        assertThat(state().contentType().toLowerCase(Locale.ROOT)).isEqualTo("application/json;charset=utf-8");
    }

    @Test
    void subjectsOfOthersShowNothingThatCannotBeSeen() throws Exception {
        String commit = GitCli.run(
                        endpoints.bare(),
                        "commit-tree",
                        "master^{tree}",
                        "-p",
                        "master",
                        "-m",
                        "Merge \u202edegrem\u2066 by\u200b hand\u0085FORGED\u2028LINE")
                .strip();
        GitCli.run(endpoints.bare(), "update-ref", "refs/heads/auto", commit);
        DriverRegistry.get().pollNow("cfg-app");

        await().untilAsserted(() ->
                assertThat(Json.parse(state().body()).path("auto").path(0)).isNotEmpty());
        JsonNode shown = Json.parse(state().body()).path("auto").path(0);
        assertThat(shown.path("subject").asText()).isEqualTo("Merge degrem by hand FORGED LINE");
        assertThat(shown.toString().codePoints())
                .noneMatch(code -> Character.getType(code) == Character.FORMAT || Character.isISOControl(code));
    }

    @Test
    void whatHasNotChangedIsNotSentAgain() throws Exception {
        String tag = state().headers().get("ETag");

        for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
            WebResponse answer = get("/state/cfg-app", Map.of("If-None-Match", known));
            assertThat(answer.status()).as(known).isEqualTo(304);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers()).containsEntry("ETag", tag);
        }
        assertThat(get("/state/cfg-app", Map.of("If-None-Match", "\"other\"")).status())
                .isEqualTo(200);
    }

    @Test
    void thePastIsLeftOutWhereItIsKnown() throws Exception {
        JsonNode whole = Json.parse(state().body());
        String past = whole.path("past").asText();

        JsonNode rest = Json.parse(get("/state/cfg-app?past=" + past, Map.of()).body());

        List<String> left = new ArrayList<>();
        whole.fieldNames().forEachRemaining(left::add);
        rest.fieldNames().forEachRemaining(left::remove);
        assertThat(left).containsExactlyInAnyOrder("history", "events", "runs", "releases");
        assertThat(rest.path("past").asText()).isEqualTo(past);
        assertThat(Json.parse(get("/state/cfg-app?past=other", Map.of()).body()))
                .isEqualTo(whole);
    }

    @Test
    void troubleIsToldWithTheLastStateThatIsKnown() throws Exception {
        state();
        GitCli.run(endpoints.bare(), "update-ref", "-d", "refs/heads/master");

        assertThat(post(HOOK, BODY, bearer(SECRET)).status()).isEqualTo(202);

        await().untilAsserted(() ->
                assertThat(Json.parse(state().body()).path("trouble").asText()).contains("has no branch master"));
    }

    @Test
    void aRepositoryThatWasNeverReachedIsUnavailable() throws Exception {
        GitCli.run(endpoints.bare(), "update-ref", "-d", "refs/heads/master");

        await().untilAsserted(() -> {
            WebResponse answer = get("/state/cfg-app", Map.of());
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("has no branch master");
        });
    }

    @Test
    void onlyHooksNeedNoCrumb() throws Exception {
        var crumbs = new WebhookRootAction.WebhookCrumbExclusion();
        HttpServletRequest request = mock(HttpServletRequest.class);
        FilterChain chain = mock(FilterChain.class);
        for (String path : List.of(
                "/gitops-waves/state/cfg-app",
                "/gitops-waves/deployed/cfg-app",
                "/gitops-waves/deployed/cfg-app/staging/",
                "/gitops-waves/deployed/../staging",
                "/gitops-waves/deployed/cfg-app/staging/../../../script",
                "/x/gitops-waves/deployed/cfg-app/staging",
                "/script")) {
            when(request.getPathInfo()).thenReturn(path);
            assertThat(crumbs.process(request, null, chain)).as(path).isFalse();
        }
        when(request.getPathInfo()).thenReturn(null);
        assertThat(crumbs.process(request, null, chain)).isFalse();
        verifyNoInteractions(chain);

        when(request.getPathInfo()).thenReturn("/gitops-waves/deployed/cfg-app/staging");
        assertThat(crumbs.process(request, null, chain)).isTrue();
        verify(chain).doFilter(request, null);
    }
}
