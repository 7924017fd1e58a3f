package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds of a generator, on a real config repository. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GenerateConfigTest {
    private static final Duration LONG = Duration.ofSeconds(120);

    private static final String GENERATE = """
        node {
            generateConfig {
                sh 'if grep -rq broken sources; then echo broken; exit 2; fi'
                sh 'mkdir -p generated'
                sh 'cat sources/* images/staging/tags.json > generated/all.yaml 2>/dev/null || true'
            }
        }
        """;

    private static final String COMMIT = """
        commitConfig(images: '{"api": {"Tag": "docker.example.com/api:1", "Digest": "docker.example.com/api@sha256:\
        6a9ca693f6fff83215c00b653bcf2106124705ad538dc509373523fdd6cefdb4"}}')
        """;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final ByteArrayOutputStream generatorLog = new ByteArrayOutputStream();
    private String timeout = "15m";
    private Path bare;
    private Path checkout;
    private Sandbox sandbox;

    @BeforeEach
    void begin() throws IOException {
        bare = GitCli.createBare(folder.resolve("cfg-app.git"), "main");
        checkout = folder.resolve("checkout");
        GitCli.run(folder, "clone", "-q", bare.toString(), checkout.toString());
        push("sources/a.txt", "a\n");
    }

    private void push(String file, String text) throws IOException {
        Files.createDirectories(checkout.resolve(file).getParent());
        Files.writeString(checkout.resolve(file), text);
        GitCli.run(checkout, "add", "-A");
        GitCli.run(checkout, "commit", "-q", "-m", "Write " + file);
        GitCli.run(checkout, "push", "-q", "origin", "HEAD:refs/heads/main");
    }

    private void open(String generator) throws IOException {
        sandbox = ConfigRepoSandbox.open(
                folder, bare, "pollInterval: 1s", "generator: {job: acme/generate, timeout: " + timeout + "}");
        DriverRegistry.get().setGenerators(GeneratorJob.in(sandbox, "acme/generate", generator, generatorLog));
    }

    @AfterEach
    void close() {
        sandbox.close();
        AwaitFileStep.forgetAll();
    }

    private BuildResult build(String job, String jenkinsfile) {
        return sandbox.build(new BuildRequest(job, jenkinsfile, null, Map.of(), Map.of()), log);
    }

    private String logs() {
        return log.toString(StandardCharsets.UTF_8) + "\n---- generator ----\n"
                + generatorLog.toString(StandardCharsets.UTF_8);
    }

    private String generated(String commit) {
        return GitCli.run(bare, "show", commit + ":generated/all.yaml");
    }

    @Test
    void aChangeWithoutABodyIsGeneratedAndAgainWhenMainMoves() throws IOException {
        open(GENERATE);

        assertThat(build("app", COMMIT).isSuccess()).as(this::logs).isTrue();
        assertThat(generated("auto")).isEqualTo("a\n" + GitCli.run(bare, "show", "auto:images/staging/tags.json"));
        String before = GitCli.run(bare, "rev-parse", "auto");

        push("sources/b.txt", "b\n");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(GitCli.run(bare, "rev-parse", "auto"))
                        .as(this::logs)
                        .isNotEqualTo(before));
        assertThat(generated("auto")).isEqualTo("a\nb\n" + GitCli.run(bare, "show", "auto:images/staging/tags.json"));
    }

    @Test
    void aGenerationGoesOnAfterTheProcessIsKilled() throws IOException {
        Path go = folder.resolve("go");
        String waiting = """
            node {
                generateConfig {
                    sh 'mkdir -p generated; echo begun > generated/all.yaml'
                    awaitFile path: '%s'
                    sh 'echo done >> generated/all.yaml'
                }
            }
            """.formatted(go);
        open(waiting);
        RunningBuild build = sandbox.start(new BuildRequest("app", COMMIT, null, Map.of(), Map.of()), log);
        await().atMost(LONG).until(() -> !AwaitFileStep.WAITED_FOR.isEmpty());
        sandbox.close();
        AwaitFileStep.forgetAll();
        open(waiting);
        RunningBuild resumed = sandbox.resume(new BuildRequest("app", COMMIT, null, Map.of(), Map.of()), log)
                .orElseThrow();
        Files.createFile(go);

        assertThat(resumed.await().isSuccess()).as(this::logs).isTrue();
        assertThat(generated("auto")).isEqualTo("begun\ndone\n");
        assertThat(build.run().getNumber()).isEqualTo(1);
        assertThat(generatorLog.toString(StandardCharsets.UTF_8)).containsOnlyOnce("Generating for");
    }

    @Test
    void startedByHandItMendsAStaleMain() throws IOException {
        open(GENERATE);

        BuildResult result = build("acme/generate", GENERATE);

        assertThat(result.isSuccess()).as(this::logs).isTrue();
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("Queued what was out of date as a change of its own");
        assertThat(generated("auto")).isEqualTo("a\n");
        assertThat(build("acme/generate", GENERATE).isSuccess()).isTrue();
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("All generated files of the tip are as they should be");
    }

    @Test
    void startedByHandItWaitsUntilThereIsAGitServer() throws IOException {
        open(GENERATE);
        Path lock = Files.createFile(bare.resolve("refs/heads/auto.lock"));
        RunningBuild build = sandbox.start(new BuildRequest("acme/generate", GENERATE, null, Map.of(), Map.of()), log);
        await().atMost(LONG).until(() -> log.toString(StandardCharsets.UTF_8).contains("Trying again for up to 15m: "));
        Files.delete(lock);

        assertThat(build.await().isSuccess()).as(this::logs).isTrue();
        assertThat(generated("auto")).isEqualTo("a\n");
    }

    @Test
    void aFailureOfTheBodyIsNamedWithItsBuild() throws IOException {
        open(GENERATE.replace("exit 2; fi", "exit 2; fi; ! grep -q api images/staging/tags.json 2>/dev/null"));

        BuildResult result = build("app", COMMIT);

        assertThat(result.isSuccess()).as(this::logs).isFalse();
        assertThat(result.failure())
                .contains("the generator fails for it: script returned exit code 1, in the build acme/generate #1");
    }

    @Test
    void aBodyThatHangsIsStopped() throws IOException {
        timeout = "2s";
        open("node { generateConfig { sh 'if [ -e images ]; then sleep 600; fi; mkdir generated; touch generated/a'"
                + " } }");

        BuildResult result = build("app", COMMIT);

        assertThat(result.isSuccess()).as(this::logs).isFalse();
        assertThat(result.failure()).contains("it took longer than 2s");
    }

    @Test
    void whatItWritesElsewhereIsNamedAndNotCommitted() throws IOException {
        open("node { generateConfig { sh 'mkdir -p generated; echo a > generated/a; echo b > sources/b.txt; "
                + "rm sources/a.txt' } }");

        assertThat(build("app", COMMIT).isSuccess()).as(this::logs).isTrue();
        assertThat(logs()).contains("Not committed, since it is not in generated/**: sources/a.txt, sources/b.txt");
        assertThat(GitCli.run(bare, "ls-tree", "-r", "--name-only", "auto", "sources/"))
                .isEqualTo("sources/a.txt\n");
    }

    @Test
    void aGeneratorThatDeletesEverythingHasFailed() throws IOException {
        push("generated/a.yaml", "a\n");
        open("node { generateConfig { sh 'if [ -e images ]; then rm -rf ./*; else mkdir -p generated;"
                + " echo a > generated/a.yaml; fi' } }");

        BuildResult result = build("app", COMMIT);

        assertThat(result.isSuccess()).as(this::logs).isFalse();
        assertThat(result.failure()).contains("it left no file in generated/**");
        assertThat(GitCli.run(bare, "ls-tree", "-r", "--name-only", "main"))
                .isEqualTo("generated/a.yaml\nsources/a.txt\n");
    }

    @Test
    void aGeneratorThatRemovesItsOwnFolderHasFailed() throws IOException {
        open("node { generateConfig { sh 'if [ -e images ]; then rm -rf \"$PWD\"; else mkdir generated;"
                + " echo a > generated/a.yaml; fi' } }");

        BuildResult result = build("app", COMMIT);

        assertThat(result.isSuccess()).as(this::logs).isFalse();
        assertThat(result.failure()).contains("The body has removed the folder in which it ran");
    }

    /** More than are listed, so that it is not even known which. */
    @Test
    void moreFilesThanAreListedAreRefused() throws IOException {
        open("node { generateConfig { sh 'mkdir -p generated; touch generated/a; if [ -e images ]; then cd generated; "
                + "seq 100010 | xargs touch; fi' } }");

        BuildResult result = build("app", COMMIT);

        assertThat(result.isSuccess()).as(this::logs).isFalse();
        assertThat(result.failure()).contains("left more than 100000 new or changed files in generated/**");
    }

    @Test
    void manyFilesElsewhereAreNamedWithinBounds() throws IOException {
        open("node { generateConfig { sh 'mkdir -p generated elsewhere; touch generated/a; cd elsewhere; "
                + "seq 100010 | xargs touch' } }");

        assertThat(build("app", COMMIT).isSuccess()).as(this::logs).isTrue();
        assertThat(generatorLog.toString(StandardCharsets.UTF_8))
                .contains("and 990 more")
                .hasSizeLessThan(10_000);
        assertThat(GitCli.run(bare, "ls-tree", "-r", "--name-only", "auto", "generated/", "elsewhere/"))
                .isEqualTo("generated/a\n");
    }

    @Test
    void whatGitIgnoresIsNamedIfThereIsNothingElse() throws IOException {
        push(".gitignore", "generated/\n");
        open(GENERATE);

        assertThat(build("app", COMMIT).isSuccess()).as(this::logs).isTrue();
        assertThat(generatorLog.toString(StandardCharsets.UTF_8))
                .contains("Not committed, since the .gitignore files of the config repository ignore it:"
                        + " generated/all.yaml");
    }

    @Test
    void imageFilesThatItDeletesAndWritesStayAsTheyAre() throws IOException {
        open("node { generateConfig { sh 'rm -rf images; mkdir -p generated images/staging; echo a > generated/a;"
                + " echo {} > images/staging/tags.json; echo {} > images/staging/more.json' } }");

        assertThat(build("app", COMMIT).isSuccess()).as(this::logs).isTrue();
        assertThat(GitCli.run(bare, "show", "auto:images/staging/tags.json")).contains("docker.example.com/api:1");
        assertThat(GitCli.run(bare, "ls-tree", "-r", "--name-only", "auto", "images/"))
                .isEqualTo("images/staging/digests.json\nimages/staging/tags.json\n");
        assertThat(logs()).contains("Not committed, since it is not in generated/**: images/staging/");
    }

    @Test
    void aLinkThatLeavesTheRepositoryIsRefused() throws IOException {
        open("node { generateConfig { sh 'mkdir -p generated; echo a > generated/a; if [ -e images ]; then rm -r"
                + " generated; ln -s /etc generated; fi' } }");

        BuildResult result = build("app", COMMIT);

        assertThat(result.isSuccess()).as(this::logs).isFalse();
        assertThat(result.failure()).contains("The body made generated, which cannot be committed");
    }

    @Test
    void linksModesAndWhatIsNoFileAreTakenAsByGit() throws IOException {
        open("node { generateConfig { sh 'mkdir -p generated/nested/.git; mkfifo generated/pipe; echo a > generated/a;"
                + " ln -s a generated/link; echo b > generated/run; chmod +x generated/run;"
                + " echo c > generated/nested/.git/config; echo d > generated/nested/d' } }");

        assertThat(build("app", COMMIT).isSuccess()).as(this::logs).isTrue();
        assertThat(GitCli.run(bare, "ls-tree", "-r", "--format=%(objectmode) %(path)", "auto", "generated/"))
                .isEqualTo("""
                    100644 generated/a
                    120000 generated/link
                    100644 generated/nested/d
                    100755 generated/run
                    """);
    }

    @Test
    void lineEndsAreWhatAttributesSay() throws IOException {
        push(".gitattributes", "generated/*.txt text\ngenerated/*.bat -text\n");
        open("node { generateConfig { sh 'mkdir -p generated; printf \"a\\\\r"
                + "\\\\n"
                + "\" | tee generated/a.txt > generated/a.bat' } }");

        assertThat(build("app", COMMIT).isSuccess()).as(this::logs).isTrue();
        assertThat(GitCli.run(bare, "show", "auto:generated/a.txt")).isEqualTo("a\n");
        assertThat(GitCli.run(bare, "show", "auto:generated/a.bat")).isEqualTo("a\r\n");
        String before = GitCli.run(bare, "rev-parse", "auto:generated");
        push("sources/b.txt", "b\n");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(GitCli.succeeds(bare, "cat-file", "-e", "auto:sources/b.txt"))
                        .isTrue());
        assertThat(GitCli.run(bare, "rev-parse", "auto:generated")).isEqualTo(before);
    }

    /** Its log may be masked, and has fewer readers than what others are told. */
    @Test
    void whatTheErrorSaysStaysInTheLog() throws IOException {
        open("""
            node {
                generateConfig {
                    sh 'mkdir -p generated; echo a > generated/a'
                    if (sh(script: 'test -e images', returnStatus: true) == 0) {
                        error 'no access with s3cr3t-t0ken'
                    }
                }
            }
            """);

        BuildResult result = build("app", COMMIT);

        assertThat(result.isSuccess()).as(this::logs).isFalse();
        assertThat(result.failure())
                .contains("the generator fails for it: its body failed as its log says, in the build acme/generate #1");
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("s3cr3t");
        assertThat(generatorLog.toString(StandardCharsets.UTF_8))
                .contains("Generating failed: no access with s3cr3t-t0ken");
        assertThat(GitCli.run(bare, "cat-file", "--batch", "--batch-all-objects", "--buffer"))
                .doesNotContain("s3cr3t");
    }

    @Test
    void moreFilesThanAChangeMayHaveAreRefused() throws IOException {
        open("node { generateConfig { sh 'mkdir -p generated; touch generated/a; if [ -e images ]; then cd generated; "
                + "seq 10001 | xargs touch; fi' } }");

        BuildResult result = build("app", COMMIT);

        assertThat(result.isSuccess()).as(this::logs).isFalse();
        assertThat(logs()).contains("more than the 10000 that one change may have");
    }

    @Test
    void anotherJobGeneratesNothing() throws IOException {
        open(GENERATE);

        assertThat(build("app", GENERATE).failure())
                .contains("The job \"app\" is not the generator of any config repository");
    }
}
