package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * 200 builds that wait for CI, for Argo CD and for a promotion, while everything is asked each second: three minutes are
 * 180 looks, and {@code -Dwaits.minutes=24} has the 1,440 looks that a day has at the usual interval of a minute.
 */
@Tag("life")
@WithJenkins
class ManyWaitsITest {

    private static final Logger LOGGER = Logger.getLogger(ManyWaitsITest.class.getName());

    private static final int BUILDS = 200;
    private static final Duration OBSERVED = Duration.ofMinutes(Integer.getInteger("waits.minutes", 3));
    private static final Duration LONG = Duration.ofMinutes(6);

    /** In this order: what waits for CI is queued last, since it is reported last. */
    private static final List<WaitFixture.Wait> KINDS =
            List.of(WaitFixture.Wait.PROMOTION, WaitFixture.Wait.ROLLOUT, WaitFixture.Wait.VERDICT);

    @TempDir
    private Path folder;

    private JenkinsRule jenkins;
    private WaitFixture waits;
    private final List<WorkflowRun> runs = new ArrayList<>();

    /** What may not grow. */
    private record Figures(long heap, int threads, long logs, int requests) {}

    @BeforeEach
    void begin(JenkinsRule rule) throws Exception {
        jenkins = rule;
        waits = new WaitFixture(folder);
        waits.configure();
    }

    @AfterEach
    void end() {
        waits.close();
    }

    private void start(WaitFixture.Wait kind, int builds) throws Exception {
        String script = waits.script(kind)
                .replace("'Service1'", "\"" + kind.toString().toLowerCase(Locale.ROOT) + "-${env.BUILD_NUMBER}\"");
        WorkflowJob job = DeliveryFixture.job(jenkins, kind.toString(), script);
        job.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("NUMBER", "")));
        for (int i = 1; i <= builds; i++) {
            job.scheduleBuild2(0, new ParametersAction(new StringParameterValue("NUMBER", String.valueOf(i))));
        }
        await().atMost(LONG)
                .until(() -> job.getLastBuild() != null && job.getLastBuild().getNumber() == builds);
        List<WorkflowRun> started = new ArrayList<>(job.getBuilds());
        for (WorkflowRun run : started) {
            waits.comesTo(jenkins, run, kind);
        }
        runs.addAll(started);
    }

    private Figures figures() throws Exception {
        long logs = 0;
        for (WorkflowRun run : runs) {
            logs += Files.size(run.getRootDir().toPath().resolve("log"));
        }
        // Everything is asked meanwhile, so that there is garbage again at once.
        long heap = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            heap = Math.min(
                    heap,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return new Figures(
                heap,
                ManagementFactory.getThreadMXBean().getThreadCount(),
                logs,
                waits.argo.server.requests().size());
    }

    @Test
    void nothingGrowsWhileTheyWait() throws Exception {
        for (int kind = 0; kind < KINDS.size(); kind++) {
            start(KINDS.get(kind), BUILDS * (kind + 1) / KINDS.size() - BUILDS * kind / KINDS.size());
        }
        passes(Duration.ofSeconds(30));
        Figures before = figures();
        LOGGER.info(() -> "Waiting: " + before);

        passes(OBSERVED);

        Figures after = figures();
        LOGGER.info(() -> before + " -> " + after);
        assertThat(runs).hasSize(BUILDS).allMatch(WorkflowRun::isBuilding);
        assertThat(after.heap()).isLessThan(before.heap() + 20_000_000);
        assertThat(after.threads()).isLessThan(before.threads() + 10);
        assertThat(after.logs()).as("what is said once is not said again").isEqualTo(before.logs());
        assertThat(after.requests() - before.requests())
                .as("requests to Argo CD, in each second as many as for one build")
                .isLessThan((int) OBSERVED.toSeconds() * 4);
        for (WorkflowRun run : runs) {
            waits.completes(jenkins, run);
        }
    }

    private static void passes(Duration time) {
        Instant end = Instant.now().plus(time);
        await().atMost(time.plusMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> Instant.now().isAfter(end));
    }
}
