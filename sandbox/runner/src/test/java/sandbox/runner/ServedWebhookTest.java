package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The endpoints of {@code serve}, posted to as the documentation says: with curl, signed with openssl. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServedWebhookTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String APP_SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";

    /** What {@code docs/endpoints.md} says to do; prints the status. */
    private static final String POST = """
            signature=$(openssl dgst -sha256 -hmac "$SECRET" -hex <"$BODY" | sed 's/^.* //')
            curl -sS -o "$ANSWER" -w '%{http_code}' --data-binary @"$BODY" -H 'Content-Type: application/json' \
                -H "X-Hub-Signature-256: sha256=$signature" -H "$HEADER" "$URL"
            """;

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();
    private GitHttpServer git;
    private Path bare;
    private Path output;

    @BeforeEach
    void begin() throws Exception {
        for (String tool : List.of("curl", "openssl")) {
            assumeTrue(!sh("command -v " + tool).isEmpty(), "Missing: " + tool + "; get it with: .ci/tools");
        }
        git = GitHttpServer.start(folder, "bot", "git-password");
        bare = git.create("cfg-app.git", "main");
        String tree =
                GitCli.run(bare, "hash-object", "-t", "tree", "-w", "/dev/null").strip();
        GitCli.run(
                bare,
                "update-ref",
                "refs/heads/main",
                GitCli.run(bare, "commit-tree", tree, "-m", "Begin").strip());
        output = folder.resolve("output");
        Files.writeString(folder.resolve("casc.yaml"), """
                credentials:
                  system:
                    domainCredentials:
                      - credentials:
                          - usernamePassword: {scope: GLOBAL, id: git, username: bot, password: git-password}
                          - string: {scope: GLOBAL, id: images, secret: for-images}
                          - string: {scope: GLOBAL, id: forge, secret: for-the-forge}
                          - string: {scope: GLOBAL, id: reporters, secret: for-reporters}
                unclassified:
                  gitopsWaves:
                    repositories:
                      - name: cfg-app
                        url: URL
                        allowInsecure: true
                        credentialsId: git
                        mainBranch: main
                        pollInterval: 1h
                        imagesSecretId: images
                        forgeSecretId: forge
                        reportersSecretId: reporters
                        checks: [{reported: {}}]
                        requiredChecks: [ci/check]
                        waves: [{name: staging}]
                """.replace("URL", git.url("cfg-app.git")));
        Files.writeString(folder.resolve("Jenkinsfile"), "commitConfig()\nwaitForCiAndMerge()\n");
    }

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
        if (git != null) {
            git.close();
        }
    }

    private Process serve(String... more) throws IOException {
        Files.deleteIfExists(output);
        List<String> arguments = new ArrayList<>(List.of(
                "--casc",
                folder.resolve("casc.yaml").toString(),
                "--home",
                folder.resolve("home").toString(),
                "--port",
                "0"));
        arguments.addAll(List.of(more));
        Process process = JavaProcess.of(ServeCommand.class, arguments)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(output.toFile()))
                .start();
        processes.add(process);
        await().atMost(LONG).until(() -> output().contains("Serving "));
        return process;
    }

    private Process serveWithJob() throws IOException {
        return serve(
                "--job",
                "acme/deliver",
                "--jenkinsfile",
                folder.resolve("Jenkinsfile").toString());
    }

    private String output() throws IOException {
        return Files.exists(output) ? Files.readString(output) : "";
    }

    private String url() throws IOException {
        return output().replaceAll("(?s).*Serving (http://127\\.0\\.0\\.1:\\d+/gitops-waves);.*", "$1");
    }

    private String sh(String script, String... variables) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script);
        for (int i = 0; i < variables.length; i += 2) {
            builder.environment().put(variables[i], variables[i + 1]);
        }
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    private int post(String path, String secret, String header, String body) throws Exception {
        Path file = Files.writeString(folder.resolve("body.json"), body);
        return Integer.parseInt(sh(
                POST,
                "SECRET",
                secret,
                "BODY",
                file.toString(),
                "ANSWER",
                folder.resolve("answer").toString(),
                "HEADER",
                header,
                "URL",
                url() + path));
    }

    private int announce(int order) throws Exception {
        String images = "{\"shop\": {\"Tag\": \"docker.example.com/shop:" + order
                + "\", \"Digest\": \"docker.example.com/shop@sha256:"
                + Integer.toString(order % 10).repeat(64) + "\"}}";
        return post("/images/cfg-app?appSha=" + APP_SHA + "&order=" + order, "for-images", "X-None: 1", images);
    }

    private int report(String sha, String state, int run) throws Exception {
        return post(
                "/status/cfg-app",
                "for-reporters",
                "X-None: 1",
                "{\"sha\": \"" + sha + "\", \"context\": \"ci/check\", \"state\": \"" + state + "\", \"run\": " + run
                        + "}");
    }

    private String tip(String branch) {
        return GitCli.run(bare, "rev-parse", branch).strip();
    }

    @Test
    void fromAnAnnouncementToAGreenMainOverHttpAlone() throws Exception {
        serveWithJob();

        assertThat(announce(17)).as(output()).isEqualTo(202);
        assertThat(announce(17)).as("the same again").isEqualTo(202);

        await().atMost(LONG).until(() -> output().contains("which nobody has reported yet"));
        assertThat(GitCli.run(bare, "log", "-1", "--format=%(trailers:key=Autocommit-Order,valueonly)", "auto")
                        .strip())
                .isEqualTo("announced:images#17");
        assertThat(GitCli.run(bare, "rev-list", "--count", "main..auto").strip())
                .isEqualTo("1");
        assertThat(report(tip("auto"), "success", 1)).isEqualTo(202);
        await().atMost(LONG).untilAsserted(() -> assertThat(tip("main")).isEqualTo(tip("auto")));
        assertThat(Files.exists(folder.resolve("home/jobs/acme/jobs/deliver/builds/2")))
                .isFalse();
    }

    @Test
    void anAnnouncementSurvivesThatServeIsKilled() throws Exception {
        Process killed = serveWithJob();
        assertThat(announce(17)).isEqualTo(202);
        killed.destroyForcibly().waitFor();

        serveWithJob();

        await().atMost(LONG).until(() -> output().contains("which nobody has reported yet"));
        assertThat(report(tip("auto"), "success", 1)).isEqualTo(202);
        await().atMost(LONG).untilAsserted(() -> assertThat(tip("main")).isEqualTo(tip("auto")));
        assertThat(GitCli.run(bare, "rev-list", "--count", "main").strip()).isEqualTo("2");
    }

    @Test
    void whoMayDoOneThingMayNotDoAnother() throws Exception {
        serve();

        assertThat(announce(1)).as("no job is named").isEqualTo(409);
        assertThat(post("/images/cfg-app", "for-reporters", "X-None: 1", "{}")).isEqualTo(403);
        assertThat(post("/status/cfg-app", "for-the-forge", "X-None: 1", "{}")).isEqualTo(403);
        assertThat(post("/status/cfg-app", "for-reporters", "X-GitHub-Event: push", "{}"))
                .isEqualTo(403);
        assertThat(post("/status/cfg-app", "for-the-forge", "X-GitHub-Event: push", "{}"))
                .isEqualTo(202);
        assertThat(post("/status/cfg-app", "for-the-forge", "X-GitHub-Event: push", "no JSON"))
                .isEqualTo(400);
        assertThat(sh("curl -sS -o /dev/null -w '%{http_code}' \"$URL\"", "URL", url() + "/status/cfg-app"))
                .isEqualTo("405");
        assertThat(output()).doesNotContain("for-images", "for-the-forge", "for-reporters");
    }

    @Test
    void aHugeBodyIsRefusedWhileItIsSent() throws Exception {
        serve();

        String status = sh(
                "head -c 1000000000 /dev/zero | curl -s -o /dev/null -w '%{http_code}' -X POST -T - \"$URL\"",
                "URL", url() + "/images/cfg-app");

        assertThat(status).isEqualTo("413");
    }
}
