package io.jenkins.plugins.gitops.webhooks;

import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.bearer;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.gates.VerificationDefinition;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.world.GitCli;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results of verifications that others report over HTTP. */
@Tag("sandbox")
class VerifyEndpointTest {

    private static final String SECRET = EndpointFixture.VERIFY;
    private static final String HOOK = "/verify/cfg-app/staging";
    private static final String LOAD = "{\"name\": \"load\", \"state\": \"success\"}";

    @RegisterExtension
    final EndpointFixture endpoints = new EndpointFixture();

    @BeforeEach
    void verifyStaging() {
        var smoke = new VerificationDefinition("smoke");
        smoke.setJob("acme/smoke");
        var staging = new WaveDefinition("staging");
        staging.setVerifications(List.of(new VerificationDefinition("load"), smoke));
        endpoints.configure(repository -> {
            repository.setPollInterval("1s");
            repository.setWaves(List.of(staging));
        });
    }

    /** Somebody commits images of staging to main; the driver has seen that the wave runs them, which has no targets. */
    private String deploy(String digit) {
        String digest = "docker.example.com/shop@sha256:" + digit.repeat(64);
        String digests = blob("{\"shop\": \"" + digest + "\"}\n");
        String tags = blob("{\"shop\": \"docker.example.com/shop:" + digit + "\"}\n");
        String wave = tree("100644 blob " + digests + "\tdigests.json\n100644 blob " + tags + "\ttags.json\n");
        String images = tree("040000 tree " + wave + "\tstaging\n");
        String root = tree("040000 tree " + images + "\timages\n");
        String commit = GitCli.run(endpoints.bare(), "commit-tree", root, "-p", "master", "-m", "Have " + digit)
                .strip();
        GitCli.run(endpoints.bare(), "update-ref", "refs/heads/master", commit);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> DriverRegistry.get().state("cfg-app").isPresent() && state().contains(commit));
        return commit;
    }

    private String blob(String text) {
        return GitCli.run(Map.of(), text, endpoints.bare(), "hash-object", "-w", "--stdin")
                .strip();
    }

    private String tree(String entries) {
        return GitCli.run(Map.of(), entries, endpoints.bare(), "mktree").strip();
    }

    private String state() {
        String file = "refs/gitops-waves/master/state:waves/staging.json";
        return GitCli.succeeds(endpoints.bare(), "cat-file", "-e", file)
                ? GitCli.run(endpoints.bare(), "show", file)
                : "";
    }

    private WebResponse post(String target, String body) throws Exception {
        return endpoints.post(target, body, json(signed(SECRET, target, body)));
    }

    private static Map<String, String> json(Map<String, String> headers) {
        var all = new HashMap<>(headers);
        all.put("Content-Type", "application/json");
        return all;
    }

    @Test
    void aResultIsKeptOnceItIsInGit() throws Exception {
        String commit = deploy("1");

        WebResponse answer = post(
                HOOK,
                "{\"name\": \"load\", \"state\": \"failure\", \"revision\": \"" + commit
                        + "\", \"description\": \"p99 is\\n2 s\", \"targetUrl\": \"https://k6.example.com/7\"}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("The result is kept.\n");
        assertThat(state()).contains("\"failed\"", "p99 is 2 s", "https://k6.example.com/7", "verify/cfg-app/staging");
        assertThat(post(HOOK, LOAD).status()).isEqualTo(202);
        assertThat(state()).contains("\"passed\"");
    }

    @Test
    void aRequestThatIsSentAgainChangesNothing() throws Exception {
        deploy("1");
        Map<String, String> once = json(signed(SECRET, "one-id", Instant.now(), HOOK, LOAD));
        assertThat(endpoints.post(HOOK, LOAD, once).status()).isEqualTo(202);
        String before = state();

        assertThat(endpoints.post(HOOK, LOAD, once).status()).isEqualTo(202);
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void whatTheWaveDoesNotRunIsNotVerified() throws Exception {
        assertThat(post(HOOK, LOAD))
                .returns(409, WebResponse::status)
                .satisfies(answer -> assertThat(answer.body()).contains("Nothing was verified"));
        String first = deploy("1");
        deploy("2");

        assertThat(post(HOOK, LOAD.replace("}", ", \"revision\": \"" + first + "\"}")))
                .returns(409, WebResponse::status)
                .satisfies(answer -> assertThat(answer.body()).contains("staging runs another set by now"));
        assertThat(post(HOOK, LOAD.replace("load", "smoke")))
                .returns(409, WebResponse::status)
                .satisfies(answer -> assertThat(answer.body()).contains("is done by the job acme/smoke"));
        assertThat(post(HOOK, LOAD.replace("load", "laod")))
                .returns(409, WebResponse::status)
                .satisfies(answer -> assertThat(answer.body()).contains("laod", "load, smoke"));
        assertThat(state()).doesNotContain("verifications");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "not JSON | 400 | The body ",
                "[] | 400 | name the verification",
                "{} | 400 | name the verification",
                "{\"name\": \"load\"} | 400 | say success or failure",
                "{\"name\": \"load\", \"state\": \"green\"} | 400 | say success or failure",
                "{\"name\": 7, \"state\": \"success\"} | 400 | \"name\" that is not a text",
                "{\"name\": \"load\", \"state\": \"success\", \"revision\": 7} | 400 | \"revision\" that is not a text",
                "{\"name\": \"load\", \"state\": \"success\", \"set\": \"web\"} | 404 | no image set \"web\""
            })
    void whatIsNoResultIsRefused(String body, int status, String words) throws Exception {
        WebResponse answer = post(HOOK, body);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).contains(words);
    }

    @Test
    void onlyItsOwnSecretProvesAReport() throws Exception {
        for (String other : List.of(EndpointFixture.REPORTERS, EndpointFixture.IMAGES, EndpointFixture.DEPLOYED)) {
            assertThat(endpoints.post(HOOK, LOAD, json(bearer(other))).status()).isEqualTo(403);
            assertThat(endpoints
                            .post(HOOK, LOAD, json(signed(other, HOOK, LOAD)))
                            .status())
                    .isEqualTo(403);
        }
        assertThat(endpoints.post(HOOK, LOAD, json(Map.of())).status()).isEqualTo(401);
        // What was signed for one wave says nothing of another.
        assertThat(endpoints
                        .post("/verify/cfg-app/production", LOAD, json(signed(SECRET, HOOK, LOAD)))
                        .status())
                .isEqualTo(403);
        assertThat(post("/verify/cfg-app/production", LOAD).status()).isEqualTo(404);
        assertThat(endpoints.post("/status/cfg-app", LOAD, json(bearer(SECRET))).status())
                .isEqualTo(403);
        assertThat(endpoints
                        .post(HOOK, LOAD, Map.of("Authorization", "Bearer " + SECRET, "Content-Type", "text/plain"))
                        .status())
                .isEqualTo(415);
    }
}
