package sandbox.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sandbox.runner.BuildRequest;
import sandbox.runner.BuildResult;
import sandbox.runner.Sandbox;
import sandbox.runner.ScmSource;

/** The scripted pipelines of {@code docs/examples/pipelines} and README's Jenkinsfiles, run as they are. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipelineExamplesTest {
    private static final Path EXAMPLES = MarkdownPage.PROJECT.resolve("docs/examples/pipelines");

    /** Writes what {@code docker buildx build --metadata-file} writes. */
    private static final String BUILD = """
            #!/bin/sh
            digest=sha256:$(printf '%s' "$1 $2" | sha256sum | cut -d ' ' -f 1)
            printf '{"image.name": "docker.example.com/acme/%s:%s", "containerimage.digest": "%s"}' \\
                "$1" "$2" "$digest" >"$1.json"
            """;

    @TempDir
    Path folder;

    private Path bare;
    private Path app;
    private HttpServer slack;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void begin() throws IOException {
        bare = folder.resolve("cfg-app.git");
        GitCli.run(folder, "init", "-q", "--bare", "--initial-branch=main", bare.toString());
        GitCli.beginBranch(bare, "main");
        app = Files.createDirectory(folder.resolve("app"));
        GitCli.run(app, "init", "-q", "--initial-branch=main");
        executable(app.resolve("build"), BUILD);
        GitCli.run(app, "add", "--all");
        GitCli.run(app, "commit", "-q", "-m", "Begin");
        slack = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        slack.createContext("/", exchange -> {
            exchange.getRequestBody().transferTo(log);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        slack.start();
    }

    @AfterEach
    void end() {
        slack.stop(0);
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Sandbox sandbox() {
        return Sandbox.open(folder.resolve("home"), """
                credentials:
                  system:
                    domainCredentials:
                      - credentials:
                          - usernamePassword: {scope: GLOBAL, id: registry-pull, username: bot, password: unused}
                unclassified:
                  gitopsWaves:
                    registries: [{url: "https://docker.example.com", verify: false}]
                    repositories:
                      - {name: cfg-app, url: "file://%s", allowInsecure: true, allJobs: true, mainBranch: main,
                         mergeWithoutChecks: true, pollInterval: 1s,
                         waves: [{name: staging}, {name: internal, promotesFrom: staging}]}
                """.formatted(bare), Map.of());
    }

    private BuildResult run(Sandbox sandbox, String jenkinsfile) throws Exception {
        Map<String, String> environment = Map.of(
                "BRANCH_NAME", "main",
                "SLACK_HOOK", "http://127.0.0.1:" + slack.getAddress().getPort() + "/hook",
                "PATH", folder + ":" + System.getenv("PATH"));
        return sandbox.build(
                new BuildRequest(
                        "acme/app",
                        jenkinsfile,
                        null,
                        Map.of(),
                        environment,
                        BuildRequest.Answer.NONE,
                        new ScmSource(app.toString(), "main")),
                log);
    }

    private String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everyScriptedPipelineRuns() throws Exception {
        List<Path> examples;
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            examples = files.filter(file -> file.toString().endsWith(".scripted.groovy"))
                    .sorted()
                    .toList();
        }
        assertThat(examples).hasSizeGreaterThan(6);
        try (Sandbox sandbox = sandbox()) {
            for (Path example : examples) {
                GitCli.run(app, "commit", "-q", "--allow-empty", "-m", "For " + example.getFileName());
                assertThat(run(sandbox, Files.readString(example)).isSuccess())
                        .as(() -> example + "\n" + log())
                        .isTrue();
                assertThat(Files.exists(Path.of(example.toString().replace(".scripted.", ".declarative."))))
                        .isTrue();
            }
        }

        assertThat(log()).contains("shop+was+merged+after");
        assertThat(GitCli.run(bare, "show", "main:images/internal/tags.json")).contains("acme/");
    }

    @Test
    void theJenkinsfilesOfTheReadmeRunAsTheyStand() throws Exception {
        executable(folder.resolve("docker"), """
                #!/bin/sh
                while [ $# -gt 0 ]; do
                    case $1 in
                        --metadata-file) file=$2 ;;
                        --tag) tag=$2 ;;
                    esac
                    shift
                done
                printf '{"image.name": "%s", "containerimage.digest": "sha256:%064d"}' "$tag" 7 >"$file"
                """);
        List<MarkdownPage.Block> jenkinsfiles = MarkdownPage.pages().stream()
                .filter(page -> page.name().equals("README.md"))
                .flatMap(page -> page.blocks().stream())
                .filter(block -> block.language().equals("groovy"))
                .toList();
        assertThat(jenkinsfiles).hasSize(2);

        try (Sandbox sandbox = sandbox()) {
            for (MarkdownPage.Block jenkinsfile : jenkinsfiles) {
                assertThat(run(sandbox, jenkinsfile.text()).isSuccess())
                        .as(() -> log())
                        .isTrue();
            }
        }

        assertThat(GitCli.run(bare, "show", "main:images/internal/tags.json"))
                .contains("docker.example.com/acme/shop:");
    }
}
