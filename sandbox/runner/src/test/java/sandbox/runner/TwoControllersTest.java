package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.world.CascFile;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two controllers, each a process with a home of its own, that want to write into one wave at the same moment. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TwoControllersTest {
    @RegisterExtension
    final CommandProcesses commands = new CommandProcesses();

    @TempDir
    Path folder;

    private GitHttpServer git;
    private Path bare;
    private Path checkout;
    private Path go;

    @BeforeEach
    void begin() throws IOException {
        git = GitHttpServer.start(folder, "bot", "git-password");
        bare = git.create("cfg-app.git", "main");
        checkout = folder.resolve("checkout");
        go = folder.resolve("go");
        GitCli.run(folder, "clone", "-q", bare.toString(), checkout.toString());
        Files.writeString(
                folder.resolve("casc.yaml"),
                CascFile.of(
                        git.url("cfg-app.git"),
                        List.of(),
                        "waves: [{name: staging}, {name: internal, promotesFrom: staging}]"));
    }

    @AfterEach
    void end() {
        git.close();
    }

    /** Somebody has given a wave a version, on main; returns the commit. */
    private String has(String wave, int version) throws IOException {
        Path images = Files.createDirectories(checkout.resolve("images").resolve(wave));
        String repository = "docker.example.com/shop";
        Files.writeString(images.resolve("tags.json"), "{\n  \"shop\": \"" + repository + ":" + version + "\"\n}\n");
        Files.writeString(
                images.resolve("digests.json"),
                "{\n  \"shop\": \"" + repository + "@sha256:"
                        + Integer.toString(version).repeat(64) + "\"\n}\n");
        GitCli.run(checkout, "add", "-A");
        GitCli.run(checkout, "commit", "-q", "-m", wave + " has " + version);
        GitCli.run(checkout, "push", "-q", "origin", "HEAD:refs/heads/main");
        return GitCli.run(checkout, "rev-parse", "HEAD").strip();
    }

    /** A controller whose build is ready for a step. */
    private Process controller(String name, String step) throws IOException {
        Path jenkinsfile = folder.resolve("Jenkinsfile." + name);
        Files.writeString(jenkinsfile, "awaitFile(path: '" + go + "', answer: 0)\n" + step + "\n");
        List<String> arguments = List.of(
                "--casc",
                folder.resolve("casc.yaml").toString(),
                "--jenkinsfile",
                jenkinsfile.toString(),
                "--home",
                folder.resolve("home-" + name).toString(),
                "--job",
                name);
        Process process = commands.start(folder.resolve("log-" + name), RunCommand.class, arguments);
        CommandProcesses.awaitText(folder.resolve("log-" + name), "Waiting for go");
        return process;
    }

    private String log(String name) {
        return CommandProcesses.text(folder.resolve("log-" + name));
    }

    private String show(String path) {
        return GitCli.run(bare, "show", path);
    }

    private List<String> queued() {
        return GitCli.run(bare, "rev-list", "main..auto").lines().toList();
    }

    @Test
    void promoteOnce() throws Exception {
        has("staging", 1);
        Process one = controller("one", "promoteWave(to: 'internal')");
        Process other = controller("other", "promoteWave(to: 'internal')");

        Files.createFile(go);

        assertThat(one.waitFor()).as(() -> logs()).isZero();
        assertThat(other.waitFor()).as(() -> logs()).isZero();
        assertThat(queued()).hasSize(1);
        assertThat(show("auto:images/internal/tags.json")).isEqualTo(show("main:images/staging/tags.json"));
        assertThat(logs()).containsOnlyOnce("; CI decides whether").contains("this build shares its verdict");
    }

    @Test
    void rollBackWhateverIsPromotedMeanwhile() throws Exception {
        String good = has("internal", 1);
        has("internal", 2);
        has("staging", 3);
        Process rollback =
                controller("rollback", "promoteWave(to: 'internal', rollback: true, revision: '" + good + "')");
        Process promotion = controller("promotion", "promoteWave(to: 'internal')");

        Files.createFile(go);

        assertThat(rollback.waitFor()).as(() -> logs()).isZero();
        boolean promotedFirst = promotion.waitFor() == 0;
        assertThat(show("auto:images/internal/tags.json")).contains("shop:1");
        assertThat(show("refs/gitops-waves/main/state:waves/internal.json")).contains("rolled back to " + good);
        assertThat(queued()).as(() -> logs()).hasSize(promotedFirst ? 2 : 1);
        if (!promotedFirst) {
            assertThat(log("promotion")).contains("hold: internal is held by rollback #1");
        }
    }

    private String logs() {
        return Stream.of("one", "other", "rollback", "promotion").map(this::log).collect(Collectors.joining());
    }
}
