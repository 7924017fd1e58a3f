package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The commands {@code serve} and {@code run} are killed in the middle of a generation, and started again. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledGenerationTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    @RegisterExtension
    final CommandProcesses commands = new CommandProcesses();

    @TempDir
    Path folder;

    private Path bare;
    private Path output;
    private Path go;
    private Path half;

    /** A queue of one change, which no longer stands on main. */
    private void begin() throws IOException {
        bare = GitCli.createBare(folder.resolve("cfg-app.git"), "main");
        output = folder.resolve("output");
        go = folder.resolve("go");
        half = folder.resolve("half");
        Files.writeString(folder.resolve("casc.yaml"), """
            unclassified:
              gitopsWaves:
                repositories:
                  - name: cfg-app
                    url: %s
                    allowInsecure: true
                    allJobs: true
                    mainBranch: main
                    pollInterval: 1s
                    generatedPaths: ["generated/**"]
                    generator: {job: generate}
                    checks: [{reported: {}}]
                    requiredChecks: [ci/check]
                    waves: [{name: staging}]
            """.formatted(bare.toUri()));
        Files.writeString(folder.resolve("Generator"), """
            node {
                generateConfig {
                    sh 'mkdir -p generated; echo half > generated/all.txt; touch %s'
                    sh 'until test -e %s; do sleep 0.1; done; cat sources/* > generated/all.txt'
                }
            }
            """.formatted(half, go));
        push("main", "sources/a.txt");
        push("auto", "sources/b.txt");
        push("main", "sources/c.txt");
    }

    private void push(String branch, String file) throws IOException {
        Path checkout = Files.createTempDirectory(folder, "checkout");
        GitCli.run(folder, "clone", "-q", bare.toString(), checkout.toString());
        Files.createDirectories(checkout.resolve(file).getParent());
        Files.writeString(checkout.resolve(file), file + "\n");
        GitCli.run(checkout, "add", "-A");
        GitCli.run(checkout, "commit", "-q", "-m", "Write " + file);
        GitCli.run(checkout, "push", "-q", "origin", "HEAD:refs/heads/" + branch);
    }

    private List<String> generator() {
        return List.of(
                "--casc",
                folder.resolve("casc.yaml").toString(),
                "--home",
                folder.resolve("home").toString(),
                "--generator",
                "generate",
                "--generator-jenkinsfile",
                folder.resolve("Generator").toString());
    }

    private Process serve() throws IOException {
        List<String> arguments = new ArrayList<>(generator());
        arguments.addAll(List.of("--port", "0"));
        return commands.start(output, ServeCommand.class, arguments);
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        await().atMost(LONG).until(() -> !process.isAlive());
    }

    @Test
    void serveGoesOnWithWhatItWasGenerating() throws IOException {
        begin();
        String before = GitCli.run(bare, "rev-parse", "auto");
        Process first = serve();
        await().atMost(LONG).until(() -> Files.exists(half));

        kill(first);
        assertThat(GitCli.run(bare, "rev-parse", "auto")).isEqualTo(before);
        Process second = serve();
        Files.createFile(go);

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(GitCli.run(bare, "rev-parse", "auto"))
                        .as(CommandProcesses.text(output))
                        .isNotEqualTo(before));
        assertThat(GitCli.run(bare, "show", "auto:generated/all.txt"))
                .isEqualTo("sources/a.txt\nsources/b.txt\nsources/c.txt\n");
        assertThat(GitCli.run(bare, "rev-parse", "auto^")).isEqualTo(GitCli.run(bare, "rev-parse", "main"));
        assertThat(second.isAlive()).isTrue();
    }

    @Test
    void runGoesOnWithAChangeThatIsBeingGenerated() throws IOException {
        begin();
        Files.writeString(folder.resolve("Jenkinsfile"), """
            commitConfig(images: '{"api": {"Tag": "docker.example.com/api:1", "Digest": "docker.example.com/api@%s"}}')
            """.formatted("sha256:" + "1".repeat(64)));
        List<String> arguments = new ArrayList<>(generator());
        arguments.addAll(List.of("--jenkinsfile", folder.resolve("Jenkinsfile").toString()));
        Process first = commands.start(output, RunCommand.class, arguments);
        await().atMost(LONG).until(() -> Files.exists(half));

        kill(first);
        arguments.add("--resume");
        Process second = commands.start(output, RunCommand.class, arguments);
        Files.createFile(go);

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(second.isAlive())
                        .as(CommandProcesses.text(output))
                        .isFalse());
        assertThat(second.exitValue()).as(CommandProcesses.text(output)).isZero();
        assertThat(GitCli.run(bare, "show", "auto:images/staging/tags.json")).contains("docker.example.com/api:1");
        for (String commit : GitCli.run(bare, "rev-list", "main..auto").lines().toList()) {
            assertThat(GitCli.run(bare, "show", commit + ":generated/all.txt"))
                    .isEqualTo("sources/a.txt\nsources/b.txt\nsources/c.txt\n");
        }
    }
}
