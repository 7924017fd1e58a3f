package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.world.CascFile;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The endpoints of {@code serve}, posted to as the documentation says: with curl, signed with openssl. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServedWebhookTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String APP_SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";

    private static final Path DOCS = Path.of("../../docs/endpoints.md");

    /** Like the commands of the documentation, but with any header, and prints the status. */
    private static final String POST = """
            target="${URL#*://*/}" id=$(openssl rand -hex 16) time=$(date +%s)
            signature=$({ printf '%s.%s.POST /%s\\n' "$id" "$time" "$target"; cat "$BODY"; } |
                openssl dgst -sha256 -hmac "$SECRET" -binary | openssl base64 -A)
            curl -sS -o "$ANSWER" -w '%{http_code}' --data-binary @"$BODY" -H 'Content-Type: application/json' \
                -H "webhook-id: $id" -H "webhook-timestamp: $time" -H "webhook-signature: r1,$signature" \
                -H "$HEADER" "$URL"
            """;

    /** As GitHub does. */
    private static final String POST_HOOK = """
            signature=$(openssl dgst -sha256 -hmac "$SECRET" -hex <"$BODY" | sed 's/^.* //')
            curl -sS -o "$ANSWER" -w '%{http_code}' --data-binary @"$BODY" -H 'Content-Type: application/json' \
                -H "X-Hub-Signature-256: sha256=$signature" -H "$HEADER" "$URL"
            """;

    @RegisterExtension
    final CommandProcesses commands = new CommandProcesses();

    @TempDir
    Path folder;

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
        GitCli.beginBranch(bare, "main");
        output = folder.resolve("output");
        Files.writeString(
                folder.resolve("casc.yaml"),
                CascFile.of(
                        git.url("cfg-app.git"),
                        List.of("images", "forge", "reporters", "deployed", "verify"),
                        "pollInterval: 1h",
                        "waves: [{name: staging, verifications: [{name: load}]}]"));
        Files.writeString(folder.resolve("Jenkinsfile"), "commitConfig()\nwaitForCiAndMerge()\n");
    }

    @AfterEach
    void end() {
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
        Process process = commands.start(output, ServeCommand.class, arguments);
        CommandProcesses.servedUrl(output);
        return process;
    }

    private Process serveWithJob() throws IOException {
        return serve(
                "--job",
                "acme/deliver",
                "--jenkinsfile",
                folder.resolve("Jenkinsfile").toString());
    }

    private String output() {
        return CommandProcesses.text(output);
    }

    private String url() {
        return CommandProcesses.servedUrl(output);
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
                header.startsWith("X-GitHub") ? POST_HOOK : POST,
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
        assertThat(post("/status/cfg-app", "for-forge", "X-None: 1", "{}")).isEqualTo(403);
        assertThat(post("/status/cfg-app", "for-reporters", "X-GitHub-Event: push", "{}"))
                .isEqualTo(403);
        assertThat(post("/status/cfg-app", "for-forge", "X-GitHub-Event: push", "{}"))
                .isEqualTo(202);
        assertThat(post("/status/cfg-app", "for-forge", "X-GitHub-Event: push", "no JSON"))
                .isEqualTo(400);
        assertThat(sh("curl -sS -o /dev/null -w '%{http_code}' \"$URL\"", "URL", url() + "/status/cfg-app"))
                .isEqualTo("405");
        assertThat(output()).doesNotContain("for-images", "for-forge", "for-reporters");
    }

    @Test
    void aHugeBodyIsRefusedWhileItIsSent() throws Exception {
        serve();

        String status = sh(
                "head -c 1000000000 /dev/zero | curl -s -o /dev/null -w '%{http_code}' -X POST"
                        + " -H 'Authorization: Bearer for-images' -T - \"$URL\"",
                "URL", url() + "/images/cfg-app");

        assertThat(status).isEqualTo("413");
    }

    /** The blocks of a language on the page, in their order. */
    private static List<String> documented(String language) throws IOException {
        return documented(DOCS, language);
    }

    private static List<String> documented(Path page, String language) throws IOException {
        return Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
                .matcher(Files.readString(page))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** Runs commands as they stand, where {@code images.json} is; returns what they printed. */
    private String documentedCommand(String commands, String... variables) throws Exception {
        Files.writeString(
                folder.resolve("images.json"),
                "{\"shop\": {\"Tag\": \"docker.example.com/acme/shop:1\","
                        + " \"Digest\": \"docker.example.com/acme/shop@sha256:" + "a".repeat(64) + "\"}}");
        List<String> all = new ArrayList<>(List.of("JENKINS", url().replace("/gitops-waves", "")));
        all.addAll(List.of(variables));
        return sh("set -e; cd '" + folder + "'\n" + commands, all.toArray(String[]::new));
    }

    @Test
    void theCommandsOfTheDocumentationWorkAsTheyStand() throws Exception {
        serveWithJob();
        List<String> commands = documented("sh");
        assertThat(commands).hasSize(5);

        String announced =
                documentedCommand(commands.get(0), "SECRET", "for-images", "APP_SHA", APP_SHA, "ORDER", "17");
        assertThat(announced).isEqualTo("A build is queued.\n");
        await().atMost(LONG).until(() -> output().contains("which nobody has reported yet"));
        String reported = documentedCommand(
                commands.get(1),
                "SECRET",
                "for-reporters",
                "SHA",
                tip("auto"),
                "RUN",
                "1",
                "URL",
                "https://ci.example.com/1");
        assertThat(reported).isEqualTo("The report is kept.\n");
        await().atMost(LONG).untilAsserted(() -> assertThat(tip("main")).isEqualTo(tip("auto")));
        for (String secret : List.of("for-verify", "for-reporters")) {
            assertThat(documentedCommand(
                            commands.get(2), "SECRET", secret, "SHA", tip("main"), "URL", "https://load.example.com/1"))
                    .isEqualTo(secret.equals("for-verify") ? "The result is kept.\n" : "");
        }
        for (String command : commands.subList(3, 5)) {
            assertThat(documentedCommand(command, "SECRET", "for-deployed"))
                    .isEqualTo("The repository cfg-app is looked at.\n");
            assertThat(documentedCommand(command, "SECRET", "for-images")).isEmpty();
        }
    }

    @Test
    void theScriptOfTheGuideAnnouncesOnceForEachNumber() throws Exception {
        serveWithJob();
        Path guide = Path.of("../../docs/howto/announce.md");
        Path script = folder.resolve("announce");
        Files.writeString(script, documented(guide, "sh").get(0));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        String pipelines = String.join("\n", documented(guide, "yaml"));
        String github = "./announce cfg-app \"$GITHUB_SHA\" \"$GITHUB_RUN_NUMBER\"";
        String gitlab = "./announce cfg-app \"$CI_COMMIT_SHA\" \"$CI_PIPELINE_IID\"";
        assertThat(pipelines).contains("- run: " + github, "- " + gitlab);

        assertThat(documentedCommand(github, "SECRET", "for-images", "GITHUB_SHA", APP_SHA, "GITHUB_RUN_NUMBER", "17"))
                .isEqualTo("A build is queued.\n");
        assertThat(documentedCommand(github, "SECRET", "for-images", "GITHUB_SHA", APP_SHA, "GITHUB_RUN_NUMBER", "17"))
                .contains("before");
        assertThat(documentedCommand(gitlab, "SECRET", "for-images", "CI_COMMIT_SHA", APP_SHA, "CI_PIPELINE_IID", "18"))
                .isEqualTo("A build is queued.\n");
    }

    @Test
    @SuppressWarnings("unchecked")
    void thePipelinesOfTheDocumentationWorkAsTheyStand() throws Exception {
        serveWithJob();
        List<String> pipelines = documented("yaml");
        assertThat(pipelines).hasSize(2);
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        var github = (List<Map<String, Object>>) yaml.load(pipelines.get(0));
        var gitlab = (Map<String, Map<String, Object>>) yaml.load(pipelines.get(1));
        List<String> script =
                new ArrayList<>((List<String>) gitlab.get("announce").get("script"));
        assertThat(script.remove(0)).startsWith("apk add");

        assertThat(documentedCommand(
                        (String) github.get(0).get("run"),
                        "SECRET",
                        "for-images",
                        "GITHUB_SHA",
                        APP_SHA,
                        "GITHUB_RUN_NUMBER",
                        "17",
                        "GITHUB_RUN_ID",
                        "10543",
                        "GITHUB_RUN_ATTEMPT",
                        "1"))
                .isEqualTo("A build is queued.\n");
        assertThat(documentedCommand(
                        String.join("\n", script),
                        "GITOPS_IMAGES_SECRET",
                        "for-images",
                        "CI_COMMIT_SHA",
                        APP_SHA,
                        "CI_PIPELINE_IID",
                        "18",
                        "CI_JOB_ID",
                        "4711"))
                .isEqualTo("A build is queued.\n");
    }

    /** Over sockets, with a proof that could be right, so that only the rest of the body would tell. */
    @Test
    void seventyPostsThatSendSlowlyKeepNoHookOut() throws Exception {
        serve();
        URI address = URI.create(url());
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 70; i++) {
                Socket socket = new Socket(address.getHost(), address.getPort());
                slow.add(socket);
                socket.getOutputStream()
                        .write(("POST /gitops-waves/status/cfg-app HTTP/1.1\r\nHost: localhost\r\n"
                                        + "X-GitHub-Event: push\r\nX-Hub-Signature-256: sha256=" + "0".repeat(64)
                                        + "\r\nContent-Length: 1000\r\n\r\n{")
                                .getBytes(StandardCharsets.US_ASCII));
            }
            long begun = System.nanoTime();

            assertThat(post("/status/cfg-app", "for-forge", "X-GitHub-Event: push", "{}"))
                    .isEqualTo(202);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }
}
