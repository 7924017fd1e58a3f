package io.jenkins.plugins.gitops.webhooks;

import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.FORGE;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.IMAGES;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.REPORTERS;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.and;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.bearer;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.bodySigned;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.hmac;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.ReportedCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.HttpConversation;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("sandbox")
class StatusEndpointTest {

    private static final String HOOK = "/status/cfg-app";
    private static final String EVENT =
            "{\"state\": \"success\", \"sha\": \"6113728f27ae82c7b1a177c8d03f9e96e0adf246\"}";

    @RegisterExtension
    final EndpointFixture endpoints = new EndpointFixture();

    private WebResponse github(String event, String delivery) throws Exception {
        return endpoints.post(
                HOOK, EVENT, and(bodySigned(FORGE, EVENT), "X-GitHub-Event", event, "X-GitHub-Delivery", delivery));
    }

    private String mainSeen() throws Exception {
        await().until(() -> endpoints.get("/state/cfg-app", Map.of()).status() != 503);
        return Json.parse(endpoints.get("/state/cfg-app", Map.of()).body())
                .path("main")
                .path("sha")
                .asText();
    }

    private void assertThatItIsLookedAt(Map<String, String> headers) throws Exception {
        mainSeen();
        String pushed = endpoints.push();

        WebResponse answer = endpoints.post(HOOK, EVENT, headers);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).contains("is looked at");
        await().untilAsserted(() -> assertThat(mainSeen()).isEqualTo(pushed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "check_run", "check_suite", "workflow_run", "push"})
    void anEventOfGitHubMakesTheDriverLook(String event) throws Exception {
        assertThatItIsLookedAt(and(bodySigned(FORGE, EVENT), "X-GitHub-Event", event));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Pipeline Hook", "Job Hook", "Push Hook"})
    void anEventOfGitLabMakesTheDriverLook(String event) throws Exception {
        assertThatItIsLookedAt(Map.of("X-Gitlab-Event", event, "X-Gitlab-Token", FORGE));
    }

    /** The example that the specification of Standard Webhooks gives. */
    private static Map<String, String> standard(String signatures) {
        return Map.of(
                "X-Gitlab-Event",
                "Pipeline Hook",
                "webhook-id",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "webhook-timestamp",
                "1614265330",
                "webhook-signature",
                signatures);
    }

    @Test
    void aSigningTokenOfGitLabIsUnderstood() throws Exception {
        EndpointFixture.secret("signing", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        endpoints.configure(repository -> repository.setForgeSecretId("signing"));
        String body = "{\"test\": 2432232314}";
        String right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        mainSeen();

        assertThat(endpoints.post(HOOK, body, standard("v1,guessed " + right)).status())
                .isEqualTo(202);
        assertThat(endpoints
                        .post(HOOK, body, standard(right.replace("g0hM", "g0hN")))
                        .status())
                .isEqualTo(403);
        assertThat(endpoints.post(HOOK, body.replace('4', '5'), standard(right)).status())
                .isEqualTo(403);
        assertThat(endpoints
                        .post(
                                HOOK,
                                body,
                                and(standard("v1,guessed"), "X-Gitlab-Token", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
                        .status())
                .as("a proof that is there has to be right")
                .isEqualTo(403);
    }

    @Test
    void aTokenThatIsNoKeySignsAsItIs() throws Exception {
        EndpointFixture.secret("signing", "whsec_no Base64");
        endpoints.configure(repository -> repository.setForgeSecretId("signing"));
        mainSeen();

        assertThat(endpoints.post(HOOK, EVENT, standard("v1,guessed")).status()).isEqualTo(403);
        assertThat(endpoints
                        .post(HOOK, EVENT, Map.of("X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", "whsec_no Base64"))
                        .status())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "workflow_run", "push"})
    void anEventOfGiteaMakesTheDriverLook(String event) throws Exception {
        assertThatItIsLookedAt(Map.of("X-Gitea-Event", event, "X-Gitea-Signature", hmac(FORGE, EVENT)));
    }

    /** The event of a status is empty in some versions. */
    @Test
    void anEventOfForgejoMayBeSaidAsAType() throws Exception {
        assertThatItIsLookedAt(Map.of(
                "X-Forgejo-Event", "", "X-Forgejo-Event-Type", "status", "X-Forgejo-Signature", hmac(FORGE, EVENT)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"repo:push", "repo:commit_status_created", "repo:commit_status_updated", "repo:refs_changed"})
    void anEventOfBitbucketMakesTheDriverLook(String event) throws Exception {
        assertThatItIsLookedAt(Map.of("X-Event-Key", event, "X-Hub-Signature", "sha256=" + hmac(FORGE, EVENT)));
    }

    @Test
    void aFormOfGiteaIsSignedByItsContent() throws Exception {
        String form = "payload=" + URLEncoder.encode(EVENT, StandardCharsets.UTF_8);
        Map<String, String> headers = Map.of(
                "X-Gitea-Event", "status",
                "Content-Type", "application/x-www-form-urlencoded",
                "X-Gitea-Signature", hmac(FORGE, EVENT));
        mainSeen();

        assertThat(endpoints.post(HOOK, form, headers).status()).isEqualTo(202);
        assertThat(endpoints.post(HOOK, form + "&more=1", headers).status())
                .as("what follows is not read")
                .isEqualTo(202);
        for (String forged : List.of(form.replace("success", "failure"), "x" + form, form + "%20", EVENT)) {
            assertThat(endpoints.post(HOOK, forged, headers).status())
                    .as(forged)
                    .isEqualTo(403);
        }
    }

    /** With the signatures and the headers that it sent, of the kinds that it was asked for. */
    @ParameterizedTest
    @ValueSource(strings = {"delivery", "actions"})
    void theHooksOfARealGiteaAreTaken(String scene) throws Exception {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("src/test/resources/recorded"))) {
            folder = folder.getParent();
        }
        HttpConversation recorded =
                HttpConversation.read(folder.resolve("src/test/resources/recorded/gitea-1.26/" + scene + ".jsonl"));
        EndpointFixture.secret(
                "recorded",
                Json.parse(recorded.of(HttpConversation.Kind.NOTE).get(0).body())
                        .path("secret")
                        .asText());
        endpoints.configure(repository -> repository.setForgeSecretId("recorded"));
        mainSeen();

        assertThat(recorded.of(HttpConversation.Kind.HOOK)).isNotEmpty();
        for (HttpConversation.Entry hook : recorded.of(HttpConversation.Kind.HOOK)) {
            assertThat(endpoints.post(HOOK, hook.body(), hook.headers()).status())
                    .as(hook.headers().toString())
                    .isEqualTo(202);
            assertThat(endpoints.post(HOOK, hook.body() + " ", hook.headers()).status())
                    .as("another body")
                    .isEqualTo(403);
        }
        assertThat(hooks()).contains("\"source\": \"gitea\"").doesNotContain("github", "gogs");
    }

    @Test
    void giteaIsRecognisedAlthoughItSendsTheHeadersOfGitHubToo() throws Exception {
        var headers = Map.of(
                "X-Gitea-Event", "status",
                "X-Gitea-Delivery", "1",
                "X-Gitea-Signature", hmac(FORGE, EVENT),
                "X-GitHub-Event", "status",
                "X-GitHub-Delivery", "1",
                "X-Hub-Signature-256", "sha256=" + hmac(FORGE, EVENT));

        assertThat(endpoints.post(HOOK, EVENT, headers).status()).isEqualTo(202);

        mainSeen();
        assertThat(hooks()).contains("\"source\": \"gitea\"").doesNotContain("github");
    }

    private String hooks() throws Exception {
        return Json.parse(endpoints.get("/state/cfg-app", Map.of()).body())
                .path("hooks")
                .toPrettyString()
                .replace("\" :", "\":");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping", "star", "nothing-that-exists"})
    void otherEventsAreTakenAndNothingFollows(String event) throws Exception {
        WebResponse answer = github(event, "1");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).contains("Nothing follows");
    }

    @Test
    void aDeliveryThatComesAgainIsKnown() throws Exception {
        assertThat(github("status", "7").body()).contains("is looked at");
        assertThat(github("status", "7"))
                .returns(202, WebResponse::status)
                .extracting(WebResponse::body)
                .asString()
                .contains("before");
        assertThat(github("status", "8").body()).contains("is looked at");
    }

    @Test
    void eachForgeProvesItselfInItsOwnWay() throws Exception {
        Map<String, String> github = Map.of("X-GitHub-Event", "status");
        Map<String, String> gitea = Map.of("X-Gitea-Event", "status");
        Map<String, String> bitbucket = Map.of("X-Event-Key", "repo:push");
        Map<String, String> gitlab = Map.of("X-Gitlab-Event", "Push Hook");

        for (Map<String, String> forge : List.of(github, gitea, gitlab, bitbucket)) {
            assertThat(endpoints.post(HOOK, EVENT, forge).status()).isEqualTo(401);
            assertThat(endpoints
                            .post(HOOK, EVENT, and(forge, "Authorization", "Bearer " + FORGE))
                            .status())
                    .as("the secret itself, sent in a way that the forge does not")
                    .isEqualTo(401);
        }
        assertThat(endpoints
                        .post(HOOK, EVENT, and(github, "X-Hub-Signature-256", hmac(FORGE, EVENT)))
                        .status())
                .isEqualTo(403);
        assertThat(endpoints
                        .post(HOOK, EVENT, and(github, "X-Hub-Signature-256", "sha256=" + hmac("guessed", EVENT)))
                        .status())
                .isEqualTo(403);
        assertThat(endpoints
                        .post(HOOK, EVENT, and(gitea, "X-Gitea-Signature", hmac("guessed", EVENT)))
                        .status())
                .isEqualTo(403);
        for (String signature :
                List.of("sha256=" + hmac("guessed", EVENT), hmac(FORGE, EVENT), "sha1=" + hmac(FORGE, EVENT))) {
            assertThat(endpoints
                            .post(HOOK, EVENT, and(bitbucket, "X-Hub-Signature", signature))
                            .status())
                    .isEqualTo(403);
        }
        assertThat(endpoints
                        .post(HOOK, EVENT, and(gitlab, "X-Gitlab-Token", "guessed"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void theExampleOfGitHubHolds() throws Exception {
        String body = "Hello, World!";
        var headers = Map.of(
                "X-GitHub-Event", "ping",
                "X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
        endpoints.configure(repository -> {
            repository.setDeployedSecretId("other");
            repository.setForgeSecretId("deployed-secret");
        });

        assertThat(endpoints.post(HOOK, body, headers).status())
                .as("proven, but no JSON")
                .isEqualTo(400);
        assertThat(endpoints.post(HOOK, body + " ", headers).status()).isEqualTo(403);
    }

    /** GitHub sends up to 25 MB. */
    @Test
    void anEventMayBeLargerThanWhatIsKept() throws Exception {
        String large = "{\"commits\": \"" + "x".repeat(20 << 20) + "\"}";

        assertThat(endpoints
                        .post(HOOK, large, and(bodySigned(FORGE, large), "X-GitHub-Event", "push"))
                        .status())
                .isEqualTo(202);
        assertThat(endpoints
                        .post(HOOK, large + " ", and(bodySigned(FORGE, large), "X-GitHub-Event", "push"))
                        .status())
                .isEqualTo(403);
        assertThat(endpoints
                        .post(HOOK, large, Map.of("X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", FORGE))
                        .status())
                .isEqualTo(202);
        String tooLarge = "x".repeat((25 << 20) + 1);
        assertThat(endpoints
                        .post(HOOK, tooLarge, and(bodySigned(FORGE, tooLarge), "X-GitHub-Event", "push"))
                        .status())
                .isEqualTo(413);
    }

    @Test
    void forgesWhoseWebhooksAreNotKnownAreNamed() throws Exception {
        for (Map.Entry<String, String> forge : Map.of("Gogs", "X-Gogs-Event").entrySet()) {
            for (String path : List.of(HOOK, "/status/unknown")) {
                WebResponse answer = endpoints.post(path, EVENT, Map.of(forge.getValue(), "push"));

                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.body()).contains("Webhooks of " + forge.getKey() + " are not supported");
            }
        }
        assertThat(endpoints
                        .post(
                                HOOK,
                                EVENT,
                                and(bodySigned(FORGE, EVENT), "X-Gitea-Event", "push", "X-Gogs-Event", "push"))
                        .status())
                .as("Gitea sends the header of Gogs too")
                .isEqualTo(202);
    }

    @Test
    void aFormOfGitHubIsSignedAsItIs() throws Exception {
        String[] form = {"X-GitHub-Event", "push", "Content-Type", "application/x-www-form-urlencoded"};
        String body = "payload=" + URLEncoder.encode(EVENT, StandardCharsets.UTF_8);

        assertThat(endpoints
                        .post(HOOK, body, and(bodySigned(FORGE, body), form))
                        .status())
                .isEqualTo(202);
        assertThat(endpoints
                        .post(HOOK, body, and(bodySigned(FORGE, EVENT), form))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void whatIsNeitherJsonNorAFormIsRefused() throws Exception {
        var headers = and(bodySigned(FORGE, EVENT), "X-GitHub-Event", "push", "Content-Type", "text/plain");

        WebResponse answer = endpoints.post(HOOK, EVENT, headers);

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.body()).contains("application/json");
        for (String json : List.of("application/json", "Application/JSON; charset=utf-8")) {
            assertThat(endpoints
                            .post(HOOK, EVENT, and(headers, "Content-Type", json))
                            .status())
                    .isEqualTo(202);
        }
    }

    // ---- the generic form ---------------------------------------------------------------------------------------

    private String report(String sha, String state, long run) {
        return "{\"sha\": \"" + sha + "\", \"context\": \"ci/check\", \"state\": \"" + state + "\", \"run\": " + run
                + ", \"targetUrl\": \"https://ci.example.com/" + run + "\", \"description\": \"all\\nwell\"}";
    }

    private WebResponse post(String body) throws Exception {
        return endpoints.post(HOOK, body, signed(REPORTERS, HOOK, body));
    }

    private String kept(String sha) {
        return GitCli.run(endpoints.bare(), "show", "refs/gitops-waves/master/checks/" + sha + ":checks.json");
    }

    @Test
    void aReportIsKeptInGitWhenItIsAnswered() throws Exception {
        String main = endpoints.main();

        WebResponse answer = post(report(main, "success", 17));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).contains("is kept");
        var said = Json.parse(kept(main)).path("ci/check");
        assertThat(said.path("state").asText()).isEqualTo("success");
        assertThat(said.path("run").asLong()).isEqualTo(17);
        assertThat(said.path("url").asText()).isEqualTo("https://ci.example.com/17");
        assertThat(said.path("description").asText()).isEqualTo("all well");
        assertThat(said.path("reporter").asText()).isEqualTo(CheckReport.ENDPOINT);
    }

    @Test
    void reportsThatWaitForASlowGitServerKeepNoneFromAnotherOne() throws Exception {
        var threads = Executors.newCachedThreadPool();
        try (var silent = new ServerSocket(0, 100)) {
            List<RepositoryDefinition> both =
                    new ArrayList<>(GitOpsWavesConfiguration.get().getRepositories());
            RepositoryDefinition slow =
                    new RepositoryDefinition("slow", "http://localhost:" + silent.getLocalPort() + "/slow.git");
            slow.setAllowInsecure(true);
            slow.setAllJobs(true);
            slow.setChecks(List.of(new ReportedCheckSource()));
            slow.setRequiredChecks(List.of(new RequiredCheckDefinition("ci/check")));
            slow.setReportersSecretId("reporters-secret");
            both.add(slow);
            GitOpsWavesConfiguration.get().setRepositories(both);
            String main = endpoints.main();
            String report = report(main, "success", 1);
            var slowAnswers = new ArrayList<Future<WebResponse>>();
            for (int i = 0; i < 30; i++) {
                slowAnswers.add(threads.submit(
                        () -> endpoints.post("/status/slow", report, signed(REPORTERS, "/status/slow", report))));
            }
            await().until(() -> slowAnswers.stream().anyMatch(Future::isDone));

            assertThat(post(report).status()).isEqualTo(202);
            assertThat(slowAnswers).filteredOn(answer -> !answer.isDone()).isNotEmpty();
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void theHighestRunWins() throws Exception {
        String main = endpoints.main();

        post(report(main, "failure", 18));
        post(report(main, "success", 17));

        assertThat(kept(main)).contains("\"failure\"").doesNotContain("\"success\"");
        post(report(main, "success", 19));
        assertThat(kept(main)).contains("\"success\"");
    }

    @Test
    void whatARunHasDecidedIsNotTakenBackByAReportThatIsSentAgain() throws Exception {
        String main = endpoints.main();

        post(report(main, "pending", 17));
        post(report(main, "failure", 17));
        post(report(main, "pending", 17));
        post(report(main, "success", 17));

        assertThat(kept(main)).contains("\"failure\"").doesNotContain("\"pending\"", "\"success\"");
    }

    @Test
    void aCommitThatNobodyWaitsForIsNoMistake() throws Exception {
        WebResponse answer = post(report("0".repeat(39) + "1", "success", 1));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).contains("No change of the repository waits");
    }

    @Test
    void whoMayAnnounceOrHintMayNotApprove() throws Exception {
        String body = report(endpoints.main(), "success", 1);

        for (String secret : List.of(FORGE, IMAGES, EndpointFixture.DEPLOYED, "guessed")) {
            assertThat(endpoints.post(HOOK, body, signed(secret, HOOK, body)).status())
                    .isEqualTo(403);
            assertThat(endpoints.post(HOOK, body, bearer(secret)).status()).isEqualTo(403);
        }
        assertThat(endpoints.post(HOOK, body, Map.of()).status()).isEqualTo(401);
        assertThat(endpoints
                        .post("/status/other", body, signed(REPORTERS, HOOK, body))
                        .status())
                .isEqualTo(403);
        assertThat(endpoints
                        .post(HOOK, body, and(bodySigned(REPORTERS, body), "X-GitHub-Event", "status"))
                        .status())
                .as("a hint needs the secret for hints")
                .isEqualTo(403);
        assertThat(GitCli.succeeds(
                        endpoints.bare(),
                        "rev-parse",
                        "--verify",
                        "refs/gitops-waves/master/checks/" + endpoints.main()))
                .isFalse();
    }

    @Test
    void aCheckThatNamesJobsIsReportedByThemAlone() throws Exception {
        endpoints.configure(repository -> {
            RequiredCheckDefinition check = new RequiredCheckDefinition("ci/check");
            check.setReporters(List.of("acme/cfg-app-ci"));
            repository.setRequiredChecks(List.of(check));
        });

        WebResponse answer = post(report(endpoints.main(), "success", 1));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("jobs that its reporters name");
    }

    @Test
    void aCheckThatIsNotRequiredIsNotKnown() throws Exception {
        WebResponse answer = post(report(endpoints.main(), "success", 1).replace("ci/check", "ci/other"));

        assertThat(answer.status()).isEqualTo(404);
    }

    @Test
    void aReportThatCannotBeKeptIsNotTaken() throws Exception {
        String main = endpoints.main();
        GitCli.run(endpoints.bare(), "update-ref", "-d", "refs/heads/master");

        WebResponse answer = post(report(main, "success", 1));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsKey("Retry-After");
        assertThat(answer.body()).contains("has no branch master");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{}",
                "{\"sha\": \"SHA\", \"context\": \"ci/check\", \"state\": \"success\"}",
                "{\"sha\": \"SHA\", \"context\": \"ci/check\", \"state\": \"success\", \"run\": \"17\"}",
                "{\"sha\": \"SHA\", \"context\": \"ci/check\", \"state\": \"success\", \"run\": 1.5}",
                "{\"sha\": \"SHA\", \"context\": \"ci/check\", \"state\": \"success\", \"run\": -1}",
                "{\"sha\": \"SHA\", \"context\": \"ci/check\", \"state\": \"success\", \"run\": 99999999999999999999}",
                "{\"sha\": \"SHA\", \"context\": \"ci/check\", \"state\": \"green\", \"run\": 17}",
                "{\"sha\": \"SHA\", \"context\": \"ci/check\", \"state\": true, \"run\": 17}",
                "{\"sha\": \"SHA\", \"context\": [\"ci/check\"], \"state\": \"success\", \"run\": 17}",
                "{\"sha\": \"SHA\", \"context\": \" \", \"state\": \"success\", \"run\": 17}",
                "{\"sha\": \"6113728f\", \"context\": \"ci/check\", \"state\": \"success\", \"run\": 17}",
                "{\"sha\": \"SHA\", \"context\": \"ci/check\", \"state\": \"success\", \"run\": 17, \"more\": 1}",
                "{\"sha\": \"SHA\", \"context\": \"ci/check\", \"state\": \"success\", \"run\": 17, \"run\": 18}",
                "{\"sha\": \"SHA\", \"context\": \"ci/check\", \"state\": \"success\", \"run\": 17, \"targetUrl\":"
                        + " \"javascript:alert(1)\"}"
            })
    void otherReportsAreBad(String body) throws Exception {
        WebResponse answer = post(body.replace("SHA", endpoints.main()));

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).endsWith(".\n");
    }
}
