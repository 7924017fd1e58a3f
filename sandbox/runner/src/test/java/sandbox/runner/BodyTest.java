package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Steps with a block, on a real config repository. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BodyTest {
    private static final String IMAGES = "images: '{\"Service1\": {\"Tag\": \"docker.example.com/service1:1\", "
            + "\"Digest\": \"docker.example.com/service1@sha256:"
            + "6a9ca693f6fff83215c00b653bcf2106124705ad538dc509373523fdd6cefdb4\"}}'";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Path bare;
    private Sandbox sandbox;
    private BuildRequest request;

    @BeforeEach
    void open() {
        bare = GitCli.createBare(folder.resolve("cfg-app.git"), "main");
        String blob = GitCli.run(Map.of(), "old\n", bare, "hash-object", "-w", "--stdin")
                .strip();
        String tree = GitCli.run(Map.of(), "100644 blob " + blob + "\told.yaml\n", bare, "mktree")
                .strip();
        String root = GitCli.run(Map.of(), "040000 tree " + tree + "\tgenerated\n", bare, "mktree")
                .strip();
        String commit = GitCli.run(bare, "commit-tree", root, "-m", "Begin").strip();
        GitCli.run(bare, "update-ref", "refs/heads/main", commit);
        reopen();
    }

    private void reopen() {
        sandbox = ConfigRepoSandbox.open(folder, bare);
    }

    @AfterEach
    void close() {
        sandbox.close();
        AwaitFileStep.forgetAll();
    }

    private RunningBuild start(String jenkinsfile) {
        request = new BuildRequest("app", jenkinsfile.replace("IMAGES", IMAGES), null, Map.of(), Map.of());
        return sandbox.start(request, log);
    }

    private String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    private String generated() {
        return GitCli.run(bare, "ls-tree", "-r", "--name-only", "auto", "generated/");
    }

    @Test
    void commitsWhatScriptsMade() {
        BuildResult result = start("""
                node {
                    def change = commitConfig(IMAGES) {
                        sh 'cat images/staging/tags.json > generated/tags.yaml; rm generated/old.yaml; pwd'
                        dir('generated/more') { writeFile file: 'b.yaml', text: 'b' }
                    }
                    sh 'pwd'
                    echo "changed: ${change.changed}"
                }
                """).await();

        assertThat(result.isSuccess()).as(this::log).isTrue();
        assertThat(log()).contains("app/cfg\n", "workspace/app\n", "changed: true");
        assertThat(generated()).isEqualTo("generated/more/b.yaml\ngenerated/tags.yaml\n");
    }

    @Test
    void aFailureInTheBlockIsTheStepsOwn() {
        BuildResult result = start("""
                node {
                    try {
                        commitConfig(IMAGES) { sh 'exit 3' }
                    } catch (e) {
                        echo "caught: ${e.message}"
                        throw e
                    }
                }
                """).await();

        assertThat(result.failure()).isEqualTo("script returned exit code 3");
        assertThat(log()).contains("caught: script returned exit code 3");
        assertThat(GitCli.succeeds(bare, "rev-parse", "-q", "--verify", "auto^{/staging}"))
                .isFalse();
    }

    @Test
    void goesOnInTheBlockAfterTheProcessIsKilled() throws IOException {
        Path go = folder.resolve("go");
        start("""
                node {
                    commitConfig(IMAGES) {
                        awaitFile path: '%s'
                        writeFile file: 'generated/new.yaml', text: 'new'
                    }
                }
                """.formatted(go));
        await().until(() -> AwaitFileStep.WAITED_FOR.contains("go"));

        sandbox.close();
        AwaitFileStep.forgetAll();
        reopen();
        RunningBuild resumed = sandbox.resume(request, log).orElseThrow();
        Files.createFile(go);

        assertThat(resumed.await().isSuccess()).as(this::log).isTrue();
        assertThat(generated()).contains("generated/new.yaml");
        assertThat(GitCli.run(bare, "rev-list", "--count", "main..auto").strip())
                .isEqualTo("1");
    }

    @Test
    void anAbortStopsWhatRunsInTheBlock() {
        RunningBuild build = start("node { commitConfig(IMAGES) { awaitFile path: '/nonexistent' } }");
        await().until(() -> log().contains("Waiting for nonexistent"));

        build.abort("ada");

        assertThat(build.await().result()).isEqualTo(Result.ABORTED);
    }

    @Test
    void aConflictIsTriedAgain() {
        BuildResult result = start("""
                retry(count: 2, conditions: [configConflict()]) {
                    commitConfig(IMAGES)
                    node { sh 'git -C %s update-ref refs/heads/auto main' }
                    waitForCiAndMerge()
                }
                """.formatted(bare)).await();

        assertThat(result.failure()).contains("was lost");
        assertThat(log()).containsOnlyOnce("Retrying");
    }

    @Test
    void onlyStepsThatTakeABlockGetOne() {
        assertThat(start("waitForCiAndMerge() { }").await().failure())
                .isEqualTo("Step waitForCiAndMerge takes no block.");
        assertThat(start("commitConfig(IMAGES) { }").await().failure()).contains("node {");
    }
}
