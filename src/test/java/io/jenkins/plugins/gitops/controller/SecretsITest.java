package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.Functions;
import hudson.model.Result;
import hudson.security.csrf.DefaultCrumbIssuer;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import io.jenkins.plugins.gitops.world.MarkedSecrets;
import io.jenkins.plugins.gitops.world.RepeatingServer;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import org.htmlunit.WebResponse;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LogRecorder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * Every secret is marked, everything that can fail does, and the other side says again whatever it was sent: nothing of
 * it may be found in logs, files, pages and exports of a controller.
 */
@WithJenkins
class SecretsITest {

    private static final List<String> PURPOSES =
            List.of("git", "registry", "forge", "argo", "images", "deployed", "hooks", "reporters");

    private static final String YAML = """
            credentials:
              system:
                domainCredentials:
                  - credentials:
                      - usernamePassword: {scope: GLOBAL, id: git, username: bot, password: "<git>"}
                      - usernamePassword: {scope: GLOBAL, id: registry, username: bot, password: "<registry>"}
                      - string: {scope: GLOBAL, id: forge, secret: "<forge>"}
                      - string: {scope: GLOBAL, id: argo, secret: "<argo>"}
                      - string: {scope: GLOBAL, id: images, secret: "<images>"}
                      - string: {scope: GLOBAL, id: deployed, secret: "<deployed>"}
                      - string: {scope: GLOBAL, id: hooks, secret: "<hooks>"}
                      - string: {scope: GLOBAL, id: reporters, secret: "<reporters>"}
            unclassified:
              gitopsWaves:
                repositories:
                  - name: cfg-app
                    url: GIT
                    allowInsecure: true
                    allJobs: true
                    credentialsId: git
                    mainBranch: main
                    pollInterval: 1s
                    imagesSecretId: images
                    deployedSecretId: deployed
                    forgeSecretId: hooks
                    reportersSecretId: reporters
                    checks:
                      - github: {apiUrl: "ECHO", repository: acme/cfg-app, credentialsId: forge, allowInsecure: true}
                    requiredChecks: [{name: schema, source: github}]
                    waves: [{name: staging, argoServer: main, applications: ["staging-*"]}]
                argoServers:
                  - {name: main, url: "ECHO", credentialsId: argo, allowInsecure: true}
                registries:
                  - {url: "ECHO", allowInsecure: true}
            """;

    private static final String SCRIPT = """
            catchError {
                recordImage service: 'api', image: 'REGISTRY/shop/api', tag: '1', credentialsId: 'registry'
            }
            recordImage service: 'api', image: 'docker.example.com/api', tag: '1', digest: 'DIGEST', verify: false
            commitConfig wave: 'staging'
            catchError {
                timeout(time: 5, unit: 'SECONDS') { awaitArgoSync wave: 'staging' }
            }
            catchError {
                timeout(time: 5, unit: 'SECONDS') { waitForCiAndMerge() }
            }
            echo 'The git server refuses from here on.'
            waitForCiAndMerge()
            """;

    @TempDir
    private Path folder;

    private final MarkedSecrets marked = new MarkedSecrets();
    private final LogRecorder log = new LogRecorder()
            .record("", Level.INFO)
            .record("io.jenkins.plugins.gitops", Level.ALL)
            .capture(100_000);
    private GitHttpServer git;
    private RepeatingServer echo;

    @BeforeEach
    void begin() {
        git = GitHttpServer.start(folder, "bot", marked.secret("git"));
        Path bare = git.create("cfg-app.git", "main");
        String tree = GitCli.run(bare, "mktree").strip();
        String commit = GitCli.run(bare, "commit-tree", tree, "-m", "Begin").strip();
        GitCli.run(bare, "update-ref", "refs/heads/main", commit);
        echo = RepeatingServer.start(marked);
    }

    @AfterEach
    void end() {
        log.close();
        git.close();
        echo.close();
    }

    @Test
    void nothingIsGivenAway(JenkinsRule jenkins) throws Exception {
        jenkins.jenkins.setCrumbIssuer(new DefaultCrumbIssuer(false));
        String yaml = YAML.replace("GIT", git.url("cfg-app.git")).replace("ECHO", "http://" + echo.address());
        for (String purpose : PURPOSES) {
            yaml = yaml.replace("<" + purpose + ">", marked.secret(purpose));
        }
        ConfigurationAsCode.get()
                .configure(
                        Files.writeString(folder.resolve("jenkins.yaml"), yaml).toString());
        WorkflowRun run = DeliveryFixture.job(
                        jenkins,
                        "app",
                        SCRIPT.replace("REGISTRY", echo.address()).replace("DIGEST", DeliveryFixture.DIGEST))
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("The git server refuses from here on.", run);
        git.refuseAuthentication(true);
        jenkins.waitForMessage("refused access", run);
        hooks(jenkins);

        assertThat(marked.in(jenkins.createWebClient()
                        .goTo("threadDump")
                        .getWebResponse()
                        .getContentAsString()))
                .as("names of threads")
                .isEmpty();
        assertPagesAreClean(jenkins, run);
        assertThat(marked.inFiles(jenkins.jenkins.getRootDir().toPath())).isEmpty();
        run.doStop();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));

        assertPagesAreClean(jenkins, run);
        assertThat(marked.inFiles(jenkins.jenkins.getRootDir().toPath())).isEmpty();
        assertThat(marked.inFiles(git.repository("cfg-app.git"))).isEmpty();
        assertThat(log.getRecords())
                .isNotEmpty()
                .allSatisfy(record -> assertThat(marked.in(record.getMessage()
                                + Arrays.toString(record.getParameters())
                                + Functions.printThrowable(record.getThrown())))
                        .isEmpty());
        assertThat(echo.sent()).as("what was sent, and is not told").contains("registry", "forge", "argo");
    }

    /** Each secret is the wrong one for most endpoints, and none comes with a body that is any good. */
    private void hooks(JenkinsRule jenkins) throws Exception {
        for (String path : List.of("images/cfg-app", "deployed/cfg-app/staging", "status/cfg-app", "images/other")) {
            for (String purpose : PURPOSES) {
                HttpResponse<String> answer = HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(jenkins.getURL() + "gitops-waves/" + path))
                                        .header("Authorization", "Bearer " + marked.secret(purpose))
                                        .header("Content-Type", "application/json")
                                        .POST(HttpRequest.BodyPublishers.ofString(
                                                "{\"sha\": \"" + marked.secret(purpose) + "\"}"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                assertThat(marked.in(answer.body() + answer.headers())).isEmpty();
            }
        }
    }

    private void assertPagesAreClean(JenkinsRule jenkins, WorkflowRun run) throws Exception {
        JenkinsRule.WebClient client =
                jenkins.createWebClient().withJavaScriptEnabled(false).withThrowExceptionOnFailingStatusCode(false);
        for (String page : List.of(
                "",
                "job/app/",
                "job/app/config.xml",
                "job/app/api/json?depth=3",
                "job/app/delivery/leadTimes",
                run.getUrl(),
                run.getUrl() + "delivery/",
                run.getUrl() + "console",
                run.getUrl() + "consoleText",
                run.getUrl() + "api/json?depth=3",
                run.getUrl() + "api/xml?depth=3",
                run.getUrl() + "flowGraphTable/",
                "manage/",
                "manage/configure",
                "manage/log/all",
                "manage/systemInfo",
                "waves/cfg-app/",
                "gitops-waves/state/cfg-app")) {
            WebResponse answer = client.goTo(page, null).getWebResponse();
            assertThat(answer.getStatusCode()).as(page).isEqualTo(200);
            assertThat(marked.in(answer.getContentAsString())).as(page).isEmpty();
        }
        ByteArrayOutputStream exported = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(exported);
        assertThat(exported.toString(StandardCharsets.UTF_8)).contains("gitopsWaves:");
        assertThat(marked.in(exported.toString(StandardCharsets.UTF_8))).isEmpty();
    }
}
