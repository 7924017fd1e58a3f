package sandbox.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sandbox.runner.BuildRequest;
import sandbox.runner.BuildResult;
import sandbox.runner.Sandbox;
import sandbox.runner.ServeCommand;
import sandbox.runner.WebServer;

/** Tests the buttons of the page with a real driver and real builds, and that the page updates itself. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PageFlowBrowserTest extends BrowserTestBase {

    private static final String CASC = """
        unclassified:
          gitopsWaves:
            repositories:
              - name: cfg-app
                url: URL
                allowInsecure: true
                allJobs: true
                mainBranch: main
                pollInterval: 1s
                redGrace: 0s
                appRepository: {forge: gitea, url: "FORGE", repository: acme/app, allowInsecure: true}
                checks: [{reported: {}}]
                requiredChecks: [{name: ci/check, reporters: [ci]}]
                waves:
                  - {name: staging, promotionJob: promote}
                  - {name: production, promotesFrom: staging, promotionJob: promote}
        """;

    private static final String PROMOTE = """
        promoteWave(repo: params.GITOPS_REPOSITORY, to: params.GITOPS_WAVE, revision: params.GITOPS_REVISION,
            rollback: params.GITOPS_OPERATION == 'rollback')
        """;

    @TempDir
    Path folder;

    private HttpServer forge;
    private Path bare;
    private Sandbox sandbox;
    private WebServer server;

    @BeforeEach
    void serve() throws Exception {
        forge = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        forge.createContext("/api/v1/repos/acme/app/compare/", PageFlowBrowserTest::compare);
        forge.start();
        bare = GitCli.createBare(folder.resolve("cfg-app.git"), "main");
        GitCli.beginBranch(bare, "main");
        sandbox = Sandbox.open(
                folder.resolve("home"),
                CASC.replace("URL", bare.toUri().toString())
                        .replace(
                                "FORGE",
                                "http://127.0.0.1:" + forge.getAddress().getPort()),
                Map.of());
        server = WebServer.on("127.0.0.1", 0);
        ServeCommand.start(
                server, sandbox, Optional.of(new BuildRequest("promote", PROMOTE, null, Map.of(), Map.of())));
        announce(1);
        report("success");
        open(server.pageUrl(), ColorScheme.LIGHT);
    }

    /** Answers as Gitea compares two commits of which the second follows the first. */
    private static void compare(HttpExchange exchange) throws IOException {
        String[] commits =
                exchange.getRequestURI().getPath().replaceFirst(".*/", "").split("\\.\\.\\.");
        byte[] body = """
            {"total_commits":1,"commits":[{"sha":"%s","commit":{"message":"Follow %s\\n","author":{"name":"Ann"},
             "committer":{"date":"2026-11-24T08:00:00Z"}}}]}
            """.formatted(commits[1], commits[0].substring(0, 3)).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (var answer = exchange.getResponseBody()) {
            answer.write(body);
        }
    }

    @AfterEach
    void end() {
        forge.stop(0);
        if (page != null) {
            // Closed first: an open page would report errors when its server has stopped.
            page.close();
        }
        server.close();
        sandbox.close();
    }

    private void build(String job, String script) {
        BuildResult result =
                sandbox.build(new BuildRequest(job, script, null, Map.of(), Map.of()), OutputStream.nullOutputStream());
        assertThat(result.result()).hasToString("SUCCESS");
    }

    private void announce(int version) {
        build(
                "app",
                "commitConfig(wave: 'staging', appSha: '"
                        + String.valueOf(version).repeat(40)
                        + "', images: [shop: [Tag: 'docker.example.com/shop:v" + version
                        + "', Digest: 'docker.example.com/shop@sha256:"
                        + String.valueOf(version).repeat(64) + "']])");
    }

    private void report(String state) {
        String tip = GitCli.run(bare, "rev-parse", "auto").strip();
        build("ci", "reportCiStatus(sha: '" + tip + "', context: 'ci/check', state: '" + state + "')");
    }

    private Locator cell(String wave) {
        return tab("services").locator("tbody tr td").nth(wave.equals("staging") ? 0 : 1);
    }

    private void click(String what, String wave, String reason) {
        button(wave(wave), what).click();
        if (reason != null) {
            dialog().locator("input[name=reason]").fill(reason);
        }
        button(dialog(), what).click();
        assertThat(dialog()).hasCount(0);
    }

    @Test
    void aHoldRefusesAPromotionAndAReleaseLetsItThrough() {
        assertThat(cell("staging")).containsText("v1");
        assertThat(cell("production")).containsText("missing here");

        click("Hold", "production", "the shop is <b>closed</b>");
        assertThat(page.locator(".gitops-said")).hasText("production is held.");
        assertThat(wave("production").locator(".gitops-held")).containsText(System.getProperty("user.name"));
        assertThat(wave("production").locator(".gitops-held")).containsText("the shop is <b>closed</b>");

        assertThat(wave("production").locator(".gitops-pill")).hasText("empty");
        arrow("production").locator(".gitops-closed").click();
        assertThat(dialog()).containsText("It may not be promoted now:");
        assertThat(dialog()).containsText("the shop is <b>closed</b>");
        assertThat(dialog().locator("button[type=submit]")).hasCount(0);
        assertThat(promoteAnyhow())
                .startsWith("409 What staging runs is not promoted to production: production is held");
        button(dialog(), "Close").click();

        click("Release", "production", "it is open again");
        assertThat(wave("production").locator(".gitops-held")).hasCount(0);
        assertThat(GitCli.run(bare, "log", "-1", "--format=%B", "refs/gitops-waves/main/state"))
                .contains("production is released", "Why: it is open again", "By: " + System.getProperty("user.name"));

        button(arrow("production"), "Promote").click();
        assertThat(dialog().locator(".gitops-changes")).containsText("shop: none → v1 111111111111");
        button(dialog(), "Promote").click();
        assertThat(page.locator(".gitops-said")).hasText("Build 1 of promote began.");
        assertThat(tab("queue").locator("tbody tr")).containsText("promote staging to production");
        assertThat(cell("production")).containsText("a change is queued");
        report("success");
        assertThat(wave("production").locator(".gitops-which")).containsText("#1");
        assertThat(cell("staging")).hasAttribute("colspan", "2");
        assertThat(tab("history").locator("tbody tr").first()).containsText("#1 1111111 → production");
    }

    /** Sends a promotion that the page does not offer; returns the status and the text of the response. */
    private String promoteAnyhow() {
        return (String) page.evaluate("""
            async (revision) => {
              const { crumbHeader, crumbValue } = document.head.dataset;
              const answer = await fetch("/waves/cfg-app/promote", { method: "POST",
                headers: { [crumbHeader]: crumbValue },
                body: new URLSearchParams({ wave: "production", revision }) });
              return answer.status + " " + await answer.text();
            }
            """, GitCli.run(bare, "rev-parse", "main").strip());
    }

    @Test
    void anEvictionIsSeenLive() {
        announce(2);
        Locator queued = tab("queue").locator("tbody tr");
        assertThat(queued).hasCount(1);
        assertThat(queued).containsText("which nobody has reported yet");

        report("failure");
        assertThat(queued).hasCount(0);
        Locator ended = tab("history").locator("tbody tr").first();
        assertThat(ended).containsText("evicted");
        assertThat(ended).containsText("ci/check");
        assertThat(cell("staging")).containsText("v1");
        search("sha256:" + "2".repeat(64));
        assertThat(tab("history").locator("tbody tr")).hasCount(1);
    }

    @Test
    void aRollbackShowsWhatItChangesAndARejectedImageStaysOut() {
        announce(2);
        report("success");
        assertThat(cell("staging")).containsText("v2");
        assertThat(wave("staging").locator(".gitops-which")).containsText("#2");

        button(tab("rejected"), "Reject").click();
        dialog().locator("textarea").fill("sha256:" + "2".repeat(64));
        dialog().locator("input[name=reason]").fill("leaks");
        button(dialog(), "Reject").click();
        assertThat(tab("rejected").locator("tbody tr")).containsText("leaks");
        assertThat(arrow("production").locator(".gitops-closed")).containsText("rejected");
        arrow("production").locator(".gitops-closed").click();
        assertThat(dialog()).containsText("was rejected by");
        button(dialog(), "Close").click();

        button(wave("staging"), "Roll back").click();
        assertThat(dialog().locator("input[type=radio]")).isChecked();
        assertThat(dialog().locator(".gitops-preview")).containsText("shop: v2 222222222222 → v1 111111111111");
        assertThat(dialog().locator(".gitops-preview")).containsText("What is taken back:1 commit by Ann");
        assertThat(dialog().locator(".gitops-commits")).containsText("Follow 111 Ann");
        button(dialog(), "Roll back").click();
        assertThat(tab("queue").locator("tbody tr")).containsText("roll staging back");
        report("success");
        assertThat(cell("staging")).containsText("v1");
        assertThat(wave("staging").locator(".gitops-held")).containsText("promote #1");
    }
}
