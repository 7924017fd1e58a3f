package io.jenkins.plugins.gitops.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import io.jenkins.plugins.gitops.ci.forges.FakeForge;
import io.jenkins.plugins.gitops.ci.forges.FakeGitHub;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.configuration.ArgoCdServerDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.checks.AppRepositoryDefinition;
import io.jenkins.plugins.gitops.world.GitCli;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The commits of the application in the state, from a forge that answers over HTTP. */
@Tag("sandbox")
class StateEndpointTest {

    private static final String OLD = "a".repeat(40);
    private static final String NEW = "b".repeat(40);
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    @RegisterExtension
    final EndpointFixture endpoints = new EndpointFixture();

    private FakeGitHub gitHub;

    @BeforeEach
    void configure() throws Exception {
        gitHub = new FakeGitHub();
        EndpointFixture.secret("app-read", FakeForge.TOKEN);
        var application = new AppRepositoryDefinition("github", "acme/app");
        application.setUrl(gitHub.url());
        application.setCredentialsId("app-read");
        application.setAllowInsecure(true);
        endpoints.configure(repository -> repository.setAppRepository(application));
        run(NEW, OLD);
    }

    @AfterEach
    void end() {
        gitHub.close();
    }

    /** Has main say that staging runs one commit of the application, and internal another one. */
    private void run(String staging, String internal) {
        String tree = folder("images", folder("staging", files(staging)) + folder("internal", files(internal)));
        String commit = GitCli.run(
                        endpoints.bare(),
                        "commit-tree",
                        GitCli.run(Map.of(), tree, endpoints.bare(), "mktree").strip(),
                        "-p",
                        "master",
                        "-m",
                        "Move")
                .strip();
        GitCli.run(endpoints.bare(), "update-ref", "refs/heads/master", commit);
    }

    private String folder(String name, String entries) {
        return "040000 tree "
                + GitCli.run(Map.of(), entries, endpoints.bare(), "mktree").strip() + "\t" + name + "\n";
    }

    private String files(String tag) {
        return file(
                        "digests.json",
                        "{\n  \"shop\": \"docker.example.com/shop@sha256:"
                                + tag.substring(0, 1).repeat(64) + "\"\n}\n")
                + file("tags.json", "{\n  \"shop\": \"docker.example.com/shop:" + tag + "\"\n}\n");
    }

    private String file(String name, String content) {
        return "100644 blob "
                + GitCli.run(Map.of(), content, endpoints.bare(), "hash-object", "-w", "--stdin")
                        .strip() + "\t" + name
                + "\n";
    }

    private JsonNode commits() throws Exception {
        WebResponse answer = endpoints.get("/state/cfg-app", Map.of());
        assertThat(answer.body()).doesNotContain(FakeForge.TOKEN);
        return answer.status() == 200 ? Json.parse(answer.body()).path("commits") : Json.object();
    }

    @Test
    void thoseThatWouldMoveAreReadOnceHoweverManyPagesAreOpen() throws Exception {
        gitHub.answerNext(200, JSON, """
            {"total_commits":1,"commits":[{"sha":"%s","commit":{"message":"Fix the basket",
             "author":{"name":"Ann"},"committer":{"date":"2026-11-24T08:00:00Z"}}}]}
            """.formatted(NEW));

        await().untilAsserted(() -> assertThat(
                        commits().path(OLD + ".." + NEW).path("newest").path(0))
                .isEqualTo(Json.parse("{\"sha\":\"" + NEW
                        + "\",\"subject\":\"Fix the basket\",\"author\":\"Ann\",\"at\":\"2026-11-24T08:00:00Z\"}")));
        for (int page = 0; page < 20; page++) {
            commits();
        }
        assertThat(commits().size()).isEqualTo(1);
        assertThat(gitHub.asked).singleElement().satisfies(asked -> {
            assertThat(asked.uri()).startsWith("/repos/acme/app/compare/" + OLD + "..." + NEW);
            assertThat(asked.authorization()).isEqualTo("Bearer " + FakeForge.TOKEN);
        });
    }

    @Test
    void aForgeThatRefusesIsNamedAndTheStateIsAnsweredAllTheSame() throws Exception {
        gitHub.answerNext(404, JSON, "{\"message\":\"Not Found, " + FakeForge.TOKEN + "\"}");

        await().untilAsserted(() -> assertThat(
                        commits().path(OLD + ".." + NEW).path("problem").asText())
                .startsWith("GitHub (" + gitHub.url() + ") knows nothing of it (404, \"Not Found, ")
                .contains("check " + gitHub.url() + " and acme/app, and that the token may see it"));
        assertThat(endpoints.log()).doesNotContain(FakeForge.TOKEN);
    }

    @Test
    void templatesOfAddressesAndWhichWavesHaveAPromotionJobAreTold() throws Exception {
        var server = new ArgoCdServerDefinition("main", "https://argocd.example.com/");
        GitOpsWavesConfiguration.get().setArgoServers(List.of(server));
        var production = new WaveDefinition("production");
        production.setPromotesFrom("staging");
        production.setPromotionJob("acme/promote");
        endpoints.configure(repository -> {
            repository.setCommitUrl("https://git.example.com/cfg-app/commit/{sha}");
            repository.setAppCommitUrl("https://git.example.com/app/commit/{sha}");
            repository.setAppCompareUrl("https://git.example.com/app/compare/{from}...{to}");
            repository.setWaves(List.of(new WaveDefinition("staging"), production));
        });
        await().until(() -> endpoints.get("/state/cfg-app", Map.of()).status() == 200);

        JsonNode state = Json.parse(endpoints.get("/state/cfg-app", Map.of()).body());

        assertThat(state.path("links")).isEqualTo(Json.parse("""
            {"appCommit": "https://git.example.com/app/commit/{sha}",
             "appCompare": "https://git.example.com/app/compare/{from}...{to}",
             "commit": "https://git.example.com/cfg-app/commit/{sha}",
             "server main": "https://argocd.example.com/applications/"}
            """));
        assertThat(state.path("waves"))
                .extracting(wave -> wave.path("name").asText(), wave -> wave.path("promotionJob"))
                .containsExactly(tuple("staging", BooleanNode.FALSE), tuple("production", BooleanNode.TRUE));
        GitOpsWavesConfiguration.get().setArgoServers(List.of());
    }

    @Test
    void whereNoForgeIsConfiguredNothingIsAsked() throws Exception {
        endpoints.configure(repository -> {});

        await().until(() -> endpoints.get("/state/cfg-app", Map.of()).status() == 200);
        await().untilAsserted(() ->
                assertThat(endpoints.get("/state/cfg-app", Map.of()).body()).contains(NEW));
        assertThat(commits().isMissingNode()).isTrue();
        assertThat(gitHub.asked).isEmpty();
    }
}
