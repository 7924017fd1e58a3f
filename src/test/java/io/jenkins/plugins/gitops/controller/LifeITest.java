package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.steps.ArgoCdFixture;
import io.jenkins.plugins.gitops.steps.ConfigRepoFixture;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.commons.io.FileUtils;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/**
 * What happens to controllers in their lives: processes that are killed, a plugin that is switched off, a home from last
 * night, two controllers on one repository. It takes minutes, and is run by {@code mvn test -Plife}. With {@code
 * -Dlife.seed=…} the same is decided again, and {@code -Dlife.kills=…} says how often controllers are killed.
 */
@Tag("life")
class LifeITest {

    private static final long SEED = Long.getLong("life.seed", 1);
    private static final int KILLS = Integer.getInteger("life.kills", 6);
    private static final int SERVICES = 4;

    private static final String DELIVER = """
        recordImage service: '%1$s', image: 'docker.example.com/%1$s', tag: params.TAG, digest: params.DIGEST,
            verify: false
        commitConfig wave: 'staging'
        waitForCiAndMerge timeout: '30m'
        awaitArgoSync wave: 'staging', timeout: '30m'
        promoteWave to: 'internal', wait: true, timeout: '30m'
        waitForCiAndMerge timeout: '30m'
        """;

    private static final String REPORT = """
        params.SHAS.split(' ').each {
            reportCiStatus sha: it, context: '%s', state: 'success', url: 'https://ci.example.com/1'
        }
        """.formatted(ConfigRepoFixture.CHECK);

    @RegisterExtension
    private final RealJenkinsExtension controller = new RealJenkinsExtension()
            .withName("first")
            .withTimeout(0)
            .javaOptions("-Xmx700m", "-XX:TieredStopAtLevel=1");

    @RegisterExtension
    private final RealJenkinsExtension second = new RealJenkinsExtension()
            .withName("second")
            .withTimeout(0)
            .prepareHomeLazily(true)
            .javaOptions("-Xmx700m", "-XX:TieredStopAtLevel=1");

    @TempDir
    private Path folder;

    private DeliveryFixture delivery;
    private String bare;

    @BeforeEach
    void begin() {
        delivery = DeliveryFixture.create(folder);
        bare = delivery.bare().toString();
    }

    @Test
    void everythingIsDeliveredOnceThroughKills() throws Throwable {
        Random random = new Random(SEED);
        try (ArgoCdFixture argo = new ArgoCdFixture(folder.resolve("argocd"), delivery.url())) {
            String url = argo.server.url();
            String token = argo.token;
            controller.startJenkins();
            controller.runRemotely(new Configure(delivery.url(), url, token));
            int started = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                for (int i = 0; i <= random.nextInt(SERVICES); i++) {
                    controller.runRemotely(new Start("service" + random.nextInt(SERVICES), ++started));
                }
                for (int look = random.nextInt(4); look > 0; look--) {
                    controller.runRemotely(new Report(bare));
                    argo.server.settle();
                }
                passes(Duration.ofMillis(random.nextInt(6_000)));
                controller.stopJenkinsForcibly();
                if (random.nextBoolean()) {
                    argo.server.settle();
                }
                controller.startJenkins();
            }
            await().atMost(Duration.ofMinutes(15))
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(() -> {
                        controller.runRemotely(new Report(bare));
                        argo.server.settle();
                        assertThat(controller.<ArrayList<String>>runRemotely(LifeITest::running))
                                .isEmpty();
                    });
            assertThat(controller.<ArrayList<String>>runRemotely(LifeITest::failures))
                    .isEmpty();
        }
        assertThat(idsOnMain()).doesNotHaveDuplicates();
        assertThat(GitCli.run(delivery.bare(), "rev-list", "master..auto")).isEmpty();
        assertThat(idsOnMain()).containsAll(controller.<ArrayList<String>>runRemotely(LifeITest::mergedChanges));
        assertThat(delivery.show("master", "images/internal/digests.json"))
                .isEqualTo(delivery.show("master", "images/staging/digests.json"));
    }

    @Test
    void changesAreDecidedWhenThePluginIsBack() throws Throwable {
        controller.startJenkins();
        controller.runRemotely(new ConfigureAlone(delivery.url()));
        controller.runRemotely(new Start("service0", 1));
        await().atMost(Duration.ofMinutes(2)).until(() -> queued() == 1);
        controller.stopJenkins();
        File disabled = new File(controller.getHome(), "plugins/gitops-waves.jpl.disabled");
        Files.createFile(disabled.toPath());

        controller.startJenkins();
        comesToRest(controller);
        assertThat(controller.<String>runRemotely(
                        jenkins -> firstBuild(jenkins, "service0").getResult().toString()))
                .isEqualTo(Result.FAILURE.toString());
        assertThat(queued()).isEqualTo(1);
        controller.stopJenkins();
        Files.delete(disabled.toPath());

        controller.startJenkins();
        controller.runRemotely(new Report(bare));
        await().atMost(Duration.ofMinutes(2)).until(() -> queued() == 0);
        assertThat(idsOnMain()).hasSize(1);
    }

    @Test
    void aHomeOfLastNightFindsWhatGitKnows() throws Throwable {
        controller.startJenkins();
        controller.runRemotely(new ConfigureAlone(delivery.url()));
        controller.runRemotely(new Start("service0", 1));
        await().atMost(Duration.ofMinutes(2)).until(() -> queued() == 1);
        controller.stopJenkinsForcibly();
        File backup = folder.resolve("backup").toFile();
        FileUtils.copyDirectory(controller.getHome(), backup);
        controller.startJenkins();
        controller.runRemotely(new Report(bare));
        await().atMost(Duration.ofMinutes(2)).until(() -> queued() == 0);
        controller.runRemotely(new Start("service0", 2));
        await().atMost(Duration.ofMinutes(2)).until(() -> queued() == 1);
        controller.runRemotely(new Report(bare));
        await().atMost(Duration.ofMinutes(2)).until(() -> queued() == 0);
        String newest = delivery.show("master", "images/staging/digests.json");
        controller.stopJenkinsForcibly();

        FileUtils.deleteDirectory(controller.getHome());
        FileUtils.copyDirectory(backup, controller.getHome());
        controller.startJenkins();
        comesToRest(controller);

        assertThat(controller.<ArrayList<String>>runRemotely(LifeITest::failures))
                .isEmpty();
        assertThat(delivery.show("master", "images/staging/digests.json")).isEqualTo(newest);
        controller.runRemotely(new Start("service0", 3));
        await().atMost(Duration.ofMinutes(2)).until(() -> queued() == 1);
        controller.runRemotely(new Report(bare));
        await().atMost(Duration.ofMinutes(2)).until(() -> queued() == 0);
        assertThat(idsOnMain()).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void twoControllersShareARepository() throws Throwable {
        controller.startJenkins();
        second.startJenkins();
        controller.runRemotely(new ConfigureAlone(delivery.url()));
        second.runRemotely(new ConfigureAlone(delivery.url()));
        controller.runRemotely(new Start("service0", 1));
        second.runRemotely(new Start("service1", 2));
        await().atMost(Duration.ofMinutes(2)).until(() -> queued() == 2);

        controller.stopJenkinsForcibly();
        second.runRemotely(new Report(bare));
        await().atMost(Duration.ofMinutes(2)).until(() -> queued() == 0);
        controller.startJenkins();

        for (RealJenkinsExtension each : List.of(controller, second)) {
            comesToRest(each);
            assertThat(each.<ArrayList<String>>runRemotely(LifeITest::failures)).isEmpty();
        }
        assertThat(idsOnMain()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void theBodyOfAPromotionGoesOnAfterAKill() throws Throwable {
        Path go = folder.resolve("go");
        String body = DELIVER.replace(
                "promoteWave to: 'internal', wait: true, timeout: '30m'",
                "node { promoteWave(to: 'internal', wait: true, bodyPaths: ['generated/**']) { sh 'mkdir -p generated;"
                        + " until test -e " + go + "; do sleep 0.1; done; echo made > generated/all.yaml' } }");
        try (ArgoCdFixture argo = new ArgoCdFixture(folder.resolve("argocd"), delivery.url())) {
            controller.startJenkins();
            controller.runRemotely(new Configure(delivery.url(), argo.server.url(), argo.token));
            controller.runRemotely(new Rewrite(DELIVER.formatted("service0"), body.formatted("service0")));
            controller.runRemotely(new Start("service0", 1));
            await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> {
                controller.runRemotely(new Report(bare));
                argo.server.settle();
                assertThat(controller.<String>runRemotely(
                                jenkins -> JenkinsRule.getLog(firstBuild(jenkins, "service0"))))
                        .contains("+ test -e");
            });
            controller.stopJenkinsForcibly();
            Files.createFile(go);
            controller.startJenkins();
            await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> {
                controller.runRemotely(new Report(bare));
                argo.server.settle();
                assertThat(controller.<ArrayList<String>>runRemotely(LifeITest::running))
                        .isEmpty();
            });
            assertThat(controller.<ArrayList<String>>runRemotely(LifeITest::failures))
                    .isEmpty();
        }
        assertThat(idsOnMain()).hasSize(2).doesNotHaveDuplicates();
        assertThat(delivery.show("master", "generated/all.yaml")).isEqualTo("made\n");
    }

    /** As that of a virtual machine that is suspended. */
    @Test
    void timeoutsDoNotRunWhileTheProcessStandsStill() throws Throwable {
        controller.startJenkins();
        controller.runRemotely(new ConfigureAlone(delivery.url()));
        controller.runRemotely(new Rewrite("timeout: '30m'", "timeout: '40s'"));
        controller.runRemotely(new Start("service0", 1));
        await().atMost(Duration.ofMinutes(2)).until(() -> queued() == 1);
        long pid =
                controller.<Long>runRemotely(jenkins -> ProcessHandle.current().pid());

        signal("-STOP", pid);
        passes(Duration.ofSeconds(90));
        signal("-CONT", pid);

        controller.runRemotely(new Report(bare));
        comesToRest(controller);
        assertThat(controller.<ArrayList<String>>runRemotely(LifeITest::failures))
                .isEmpty();
        assertThat(idsOnMain()).hasSize(1);
    }

    private static void signal(String name, long pid) throws Exception {
        Process kill = new ProcessBuilder("kill", name, String.valueOf(pid)).start();
        assertThat(kill.waitFor()).isZero();
    }

    @Test
    void nodeBlocksGoOnAfterAKill() throws Throwable {
        controller.startJenkins();
        controller.runRemotely(new ConfigureAlone(delivery.url()));
        controller.runRemotely(LifeITest::startNodeBlocks);

        controller.stopJenkinsForcibly();
        controller.startJenkins();

        controller.runRemotely(jenkins -> {
            jenkins.waitForMessage("it has slept", firstBuild(jenkins, "service-running"));
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(jenkins.jenkins.getQueue().getItems())
                            .singleElement()
                            .satisfies(item ->
                                    assertThat(item.task.getDisplayName()).contains("service-queued")));
            jenkins.jenkins.setLabelString("elsewhere");
            // As its form does; without it the queue does not see the new label.
            jenkins.jenkins.setNodes(jenkins.jenkins.getNodes());
        });
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            controller.runRemotely(new Report(bare));
            assertThat(controller.<ArrayList<String>>runRemotely(LifeITest::running))
                    .isEmpty();
        });
        assertThat(controller.<ArrayList<String>>runRemotely(LifeITest::failures))
                .isEmpty();
        assertThat(idsOnMain()).hasSize(2).doesNotHaveDuplicates();
    }

    /** One build runs a command on a node, another waits for a node that there is not. */
    private static void startNodeBlocks(JenkinsRule jenkins) throws Exception {
        String commit = """
            recordImage service: '%1$s', image: 'docker.example.com/%1$s', tag: '1', digest: '%2$s', verify: false
            commitConfig wave: 'staging'
            """;
        String merge = "waitForCiAndMerge timeout: '30m'";
        WorkflowRun running = DeliveryFixture.job(
                        jenkins,
                        "service-running",
                        commit.formatted("running", "sha256:" + "1".repeat(64))
                                + "node { sh 'sleep 20; echo it has slept' }\n" + merge)
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("+ sleep", running);
        WorkflowRun queued = DeliveryFixture.job(
                        jenkins,
                        "service-queued",
                        commit.formatted("queued", "sha256:" + "2".repeat(64)) + "node('elsewhere') { echo 'there' }\n"
                                + merge)
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("Still waiting to schedule task", queued);
    }

    private static void comesToRest(RealJenkinsExtension each) {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(each.<ArrayList<String>>runRemotely(LifeITest::running))
                        .isEmpty());
    }

    /** Lets a random time pass, in which other processes work. */
    private static void passes(Duration time) {
        Instant end = Instant.now().plus(time);
        await().atMost(time.plusMinutes(1))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> Instant.now().isAfter(end));
    }

    private int queued() {
        if (!GitCli.succeeds(delivery.bare(), "rev-parse", "--verify", "--quiet", "refs/heads/auto")) {
            return 0;
        }
        return GitCli.run(delivery.bare(), "rev-list", "master..auto")
                .lines()
                .toList()
                .size();
    }

    private List<String> idsOnMain() {
        return GitCli.run(delivery.bare(), "log", "--format=%(trailers:key=Autocommit-Id,valueonly)", "master")
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static WorkflowRun firstBuild(JenkinsRule jenkins, String job) {
        return jenkins.jenkins.getItemByFullName(job, WorkflowJob.class).getBuildByNumber(1);
    }

    private static List<WorkflowRun> deliveries(JenkinsRule jenkins) {
        List<WorkflowRun> runs = new ArrayList<>();
        for (WorkflowJob job : jenkins.jenkins.getAllItems(WorkflowJob.class)) {
            if (job.getName().startsWith("service")) {
                job.getBuilds().forEach(runs::add);
            }
        }
        return runs;
    }

    /** The builds that have not ended, and what has not begun. */
    private static ArrayList<String> running(JenkinsRule jenkins) {
        var found = new ArrayList<String>();
        deliveries(jenkins).stream().filter(WorkflowRun::isBuilding).forEach(run -> found.add(run.toString()));
        for (var item : jenkins.jenkins.getQueue().getItems()) {
            found.add(item.task.getDisplayName());
        }
        return found;
    }

    /** The logs of the builds that failed. What Jenkins itself loses at a kill ends a build without a line of a step. */
    private static ArrayList<String> failures(JenkinsRule jenkins) throws IOException {
        var found = new ArrayList<String>();
        for (WorkflowRun run : deliveries(jenkins)) {
            String log = JenkinsRule.getLog(run);
            if (run.getResult() != Result.SUCCESS
                    && log.contains("recordImage")
                    && !log.contains("Cannot load build steps")) {
                found.add(run + "\n" + log);
            }
        }
        return found;
    }

    private static ArrayList<String> mergedChanges(JenkinsRule jenkins) {
        var found = new ArrayList<String>();
        for (WorkflowRun run : deliveries(jenkins)) {
            DeliveryAction.of(run).getChanges().stream()
                    .filter(change -> change.getState().equals("merged"))
                    .map(ChangeEntry::getId)
                    .forEach(found::add);
        }
        return found;
    }

    private static RepositoryDefinition repository(String url) {
        RepositoryDefinition repository = ConfigRepoFixture.definition(url);
        repository.setPollInterval("1s");
        return repository;
    }

    /** Configures the repository without Argo CD; its jobs end when their change is merged. */
    private record ConfigureAlone(String url) implements RealJenkinsExtension.Step {
        @Override
        public void run(JenkinsRule jenkins) throws Throwable {
            GitOpsWavesConfiguration.get().setRepositories(List.of(repository(url)));
            createJobs(jenkins, DELIVER.substring(0, DELIVER.indexOf("awaitArgoSync")));
        }
    }

    /** Configures the repository with a simulated Argo CD. */
    private record Configure(String url, String argoUrl, String token) implements RealJenkinsExtension.Step {
        @Override
        public void run(JenkinsRule jenkins) throws Throwable {
            ArgoCdFixture.configure(repository(url), argoUrl, token);
            createJobs(jenkins, DELIVER);
        }
    }

    /** Replaces a text in the Jenkinsfiles. */
    private record Rewrite(String text, String replacement) implements RealJenkinsExtension.Step {
        @Override
        public void run(JenkinsRule jenkins) throws Throwable {
            for (WorkflowJob job : jenkins.jenkins.getAllItems(WorkflowJob.class)) {
                String script = ((CpsFlowDefinition) job.getDefinition()).getScript();
                job.setDefinition(new CpsFlowDefinition(script.replace(text, replacement), true));
            }
        }
    }

    private static void createJobs(JenkinsRule jenkins, String script) throws Exception {
        for (int i = 0; i < SERVICES; i++) {
            String service = "service" + i;
            parameters(DeliveryFixture.job(jenkins, service, script.formatted(service)), "TAG", "DIGEST");
        }
        parameters(DeliveryFixture.job(jenkins, "ci", REPORT), "SHAS");
        jenkins.jenkins.save();
    }

    private static void parameters(WorkflowJob job, String... names) throws IOException {
        var definitions = new ArrayList<hudson.model.ParameterDefinition>();
        for (String name : names) {
            definitions.add(new StringParameterDefinition(name, ""));
        }
        job.addProperty(new ParametersDefinitionProperty(definitions));
    }

    /** Starts a build of a service, with an image of its own; returns when it has begun. */
    private record Start(String service, int number) implements RealJenkinsExtension.Step {
        @Override
        public void run(JenkinsRule jenkins) throws Throwable {
            jenkins.jenkins
                    .getItemByFullName(service, WorkflowJob.class)
                    .scheduleBuild2(
                            0,
                            new ParametersAction(
                                    new StringParameterValue("TAG", "v" + number),
                                    new StringParameterValue("DIGEST", "sha256:" + "%064x".formatted(number))))
                    .waitForStart();
        }
    }

    /** CI reports each commit of the auto branches that main has not; returns when it has. */
    private record Report(String bare) implements RealJenkinsExtension.Step {
        @Override
        public void run(JenkinsRule jenkins) throws Throwable {
            Path repository = Path.of(bare);
            Set<String> tips = new HashSet<>(GitCli.run(
                            repository,
                            "for-each-ref",
                            "--no-merged=refs/heads/master",
                            "--format=%(objectname)",
                            "refs/heads/auto",
                            "refs/heads/auto-ci/")
                    .lines()
                    .toList());
            if (!tips.isEmpty()) {
                jenkins.jenkins
                        .getItemByFullName("ci", WorkflowJob.class)
                        .scheduleBuild2(
                                0, new ParametersAction(new StringParameterValue("SHAS", String.join(" ", tips))))
                        .get();
            }
        }
    }
}
