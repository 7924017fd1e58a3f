package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.configuration.GeneratorDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.registry.RealTools;
import io.jenkins.plugins.gitops.steps.ConfigRepoFixture;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/**
 * Controllers that are killed while a build of their generator runs, with the example {@code cfg-app} and its own
 * Jenkinsfile.
 */
@Tag("life")
class GeneratorLifeITest {

    private static final Duration LONG = Duration.ofMinutes(4);
    private static final Path EXAMPLE = Path.of("docs/examples/cfg-app");

    private static final String DELIVER = """
        recordImage service: 'orders', image: 'docker.example.com/acme/orders', tag: '1', digest: '%s', verify: false
        commitConfig wave: 'staging'
        waitForCiAndMerge timeout: '30m'
        """.formatted(ConfigRepoFixture.DIGEST);

    @RegisterExtension
    private final RealJenkinsExtension controller = new RealJenkinsExtension()
            .withTimeout(0)
            .javaOptions(
                    "-Xmx700m",
                    "-XX:TieredStopAtLevel=1",
                    "-Dorg.jenkinsci.plugins.durabletask.BourneShellScript.HEARTBEAT_CHECK_INTERVAL=10");

    @TempDir
    private Path folder;

    private Path bare;
    private Path checkout;
    private Path go;
    private Path half;

    /** The example as it is, but for a generator that stops half-way until it may go on. */
    @BeforeEach
    void begin() throws Exception {
        RealTools.require("jsonnet", "make");
        go = folder.resolve("go");
        half = folder.resolve("half");
        bare = GitCli.createBare(folder.resolve("cfg-app.git"), "main");
        GitCli.run(bare, "config", "core.logAllRefUpdates", "always");
        checkout = folder.resolve("checkout");
        GitCli.run(folder, "clone", "-q", bare.toString(), checkout.toString());
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = checkout.resolve(EXAMPLE.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        Path generate = checkout.resolve("generate");
        String text = Files.readString(generate);
        String line = "# Git knows no empty folders.";
        assertThat(text).contains(line);
        Files.writeString(
                generate,
                text.replace(
                        line,
                        "mkdir -p \"$1\"; cp -R \"$new/.\" \"$1\"; rm -rf \"$1/production\"; touch '" + half + "'\n"
                                + "until test -e '" + go + "'; do sleep 0.1; done\n" + line));
        assertThat(generate.toFile().setExecutable(true)).isTrue();
        assertThat(checkout.resolve("check").toFile().setExecutable(true)).isTrue();
        GitCli.run(checkout, "add", "--all");
        GitCli.run(checkout, "commit", "-q", "-m", "Begin");
        GitCli.run(checkout, "push", "-q", "origin", "HEAD:refs/heads/main");
    }

    /** Starts a delivery, and returns when the generator is half-way. */
    private void deliver() throws Throwable {
        controller.startJenkins();
        controller.runRemotely(
                new Configure(bare.toUri().toString(), Files.readString(EXAMPLE.resolve("Jenkinsfile.generate"))));
        controller.runRemotely(GeneratorLifeITest::startDelivery);
        await().atMost(LONG).until(() -> Files.exists(half));
        assertThat(GitCli.succeeds(bare, "rev-parse", "--verify", "--quiet", "auto:images"))
                .isFalse();
    }

    private void assertDelivered() throws Throwable {
        await().atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(controller.<String>runRemotely(GeneratorLifeITest::result))
                        .isEqualTo("SUCCESS"));
        assertThat(GitCli.run(bare, "show", "main:images/staging/digests.json")).contains(ConfigRepoFixture.DIGEST);
        List<String> pushed = GitCli.run(
                        bare, "log", "--walk-reflogs", "--format=%H", "refs/heads/main", "refs/heads/auto")
                .lines()
                .distinct()
                .toList();
        assertThat(pushed).contains(GitCli.run(bare, "rev-parse", "main").strip());
        for (String commit : pushed) {
            assertThatItIsWhole(commit);
        }
        assertThat(GitCli.run(bare, "ls-tree", "-r", "--name-only", "main", "generated/"))
                .contains("generated/staging/eu/orders.yaml");
    }

    /** Generates a commit's files with the tool itself. */
    private void assertThatItIsWhole(String commit) throws Exception {
        GitCli.run(checkout, "fetch", "-q", "origin");
        GitCli.run(checkout, "checkout", "-q", "--detach", commit);
        RealTools.run(checkout, "make", "generate");
        assertThat(GitCli.run(checkout, "status", "--porcelain")).as(commit).isEmpty();
    }

    private int builds() throws Throwable {
        return controller.<Integer>runRemotely(jenkins -> jenkins.jenkins
                .getItemByFullName("cfg-generate", WorkflowJob.class)
                .getLastBuild()
                .getNumber());
    }

    @Test
    void aGenerationGoesOnAfterAKill() throws Throwable {
        deliver();

        controller.stopJenkinsForcibly();
        Files.createFile(go);
        controller.startJenkins();

        assertDelivered();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void aGenerationGoesOnAfterTwoKillsInARow() throws Throwable {
        deliver();

        controller.stopJenkinsForcibly();
        controller.startJenkins();
        controller.stopJenkinsForcibly();
        controller.startJenkins();
        Files.createFile(go);

        assertDelivered();
    }

    /** As on a machine that loses its power. */
    @Test
    void aGenerationWhoseToolsDieWithTheControllerIsDoneAgain() throws Throwable {
        deliver();

        controller.stopJenkinsForcibly();
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(controller.getHome().toString()))
                        .isPresent())
                .forEach(GeneratorLifeITest::killWithChildren);
        Files.createFile(go);
        controller.startJenkins();

        assertDelivered();
        assertThat(controller.<String>runRemotely(GeneratorLifeITest::firstGeneration))
                .contains("Generating failed: script returned exit code");
    }

    private static void killWithChildren(ProcessHandle process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Test
    void whatMainBecameMeanwhileIsGeneratedToo() throws Throwable {
        deliver();

        controller.stopJenkinsForcibly();
        GitCli.run(checkout, "checkout", "-q", "-B", "main", "origin/main");
        Path environment = checkout.resolve("environments/staging.jsonnet");
        String text = Files.readString(environment);
        assertThat(text).contains("eu: 1");
        Files.writeString(environment, text.replace("eu: 1", "'eu-west': 1"));
        GitCli.run(checkout, "commit", "-q", "-a", "-m", "Rename a target");
        GitCli.run(checkout, "push", "-q", "origin", "main");
        Files.createFile(go);
        controller.startJenkins();

        await().atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(controller.<String>runRemotely(GeneratorLifeITest::result))
                        .isEqualTo("SUCCESS"));
        assertThatItIsWhole(GitCli.run(bare, "rev-parse", "main").strip());
        assertThat(GitCli.run(bare, "ls-tree", "-r", "--name-only", "main", "generated/"))
                .contains("generated/staging/eu-west/orders.yaml");
    }

    private static void startDelivery(JenkinsRule jenkins) throws Exception {
        jenkins.jenkins
                .getItemByFullName("app", WorkflowJob.class)
                .scheduleBuild2(0)
                .waitForStart();
    }

    private static String firstGeneration(JenkinsRule jenkins) throws IOException {
        return JenkinsRule.getLog(jenkins.jenkins
                .getItemByFullName("cfg-generate", WorkflowJob.class)
                .getBuildByNumber(1));
    }

    private static String result(JenkinsRule jenkins) throws IOException {
        var run = jenkins.jenkins.getItemByFullName("app", WorkflowJob.class).getBuildByNumber(1);
        return run.isBuilding() ? JenkinsRule.getLog(run) : String.valueOf(run.getResult());
    }

    private record Configure(String url, String generator) implements RealJenkinsExtension.Step {
        @Override
        public void run(JenkinsRule jenkins) throws Throwable {
            RepositoryDefinition repository = ConfigRepoFixture.definition(url);
            repository.setMainBranch("main");
            repository.setPollInterval("1s");
            repository.setRequiredChecks(List.of());
            repository.setMergeWithoutChecks(true);
            repository.setGeneratedPaths(List.of("generated/**"));
            repository.setGenerator(new GeneratorDefinition("cfg-generate"));
            GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
            DeliveryFixture.job(jenkins, "cfg-generate", generator);
            DeliveryFixture.job(jenkins, "app", DELIVER);
            jenkins.jenkins.save();
        }
    }
}
