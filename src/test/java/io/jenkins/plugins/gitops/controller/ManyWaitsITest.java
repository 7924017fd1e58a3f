package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * 200 builds that wait for CI, for Argo CD and for a promotion, or before each kind of gate, while everything is asked
 * each second: three minutes are 180 looks. The clock is turned meanwhile, so that a day passes between the first and the
 * last. {@code -Dwaits.minutes=24} has the 1,440 looks that a day has at the usual interval of a minute.
 */
@Tag("life")
@WithJenkins
class ManyWaitsITest {

    private static final Logger LOGGER = Logger.getLogger(ManyWaitsITest.class.getName());

    private static final int BUILDS = 200;
    private static final Duration OBSERVED = Duration.ofMinutes(Integer.getInteger("waits.minutes", 3));
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LONG = Duration.ofMinutes(6);

    /** In this order: what waits for CI is queued last, since it is reported last. */
    private static final List<WaitFixture.Wait> KINDS =
            List.of(WaitFixture.Wait.PROMOTION, WaitFixture.Wait.ROLLOUT, WaitFixture.Wait.VERDICT);

    @TempDir
    private Path folder;

    private JenkinsRule jenkins;
    private final ShiftedClock clock = new ShiftedClock();
    private final List<WorkflowRun> runs = new ArrayList<>();

    /** What may not grow. */
    private record Figures(long heap, int threads, int requests) {}

    @BeforeEach
    void begin(JenkinsRule rule) {
        jenkins = rule;
        DriverRegistry.get().setClock(clock);
    }

    private void start(WaitFixture waits, WaitFixture.Wait kind, int builds) throws Exception {
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

    private Map<String, String> logs() throws Exception {
        var logs = new TreeMap<String, String>();
        for (WorkflowRun run : runs) {
            logs.put(run.toString(), JenkinsRule.getLog(run));
        }
        return logs;
    }

    private Figures figures(Supplier<Collection<?>> requests) throws Exception {
        // Everything is asked meanwhile, so that there is garbage again at once: the least of some moments is measured.
        long heap = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            System.gc();
            heap = Math.min(
                    heap,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return new Figures(
                heap,
                ManagementFactory.getThreadMXBean().getThreadCount(),
                requests.get().size());
    }

    @Test
    void nothingGrowsWhileTheyWait() throws Exception {
        try (WaitFixture waits = new WaitFixture(folder)) {
            waits.configure();
            for (int kind = 0; kind < KINDS.size(); kind++) {
                int builds = BUILDS * (kind + 1) / KINDS.size() - BUILDS * kind / KINDS.size();
                start(waits, KINDS.get(kind), builds);
            }
            assertNothingGrows(waits.argo.server::requests);
            for (WorkflowRun run : runs) {
                waits.completes(jenkins, run);
            }
        }
    }

    @Test
    void nothingGrowsWhileTheyWaitBeforeGates() throws Exception {
        try (GateFixture gates = new GateFixture(folder)) {
            gates.address.configure();
            gates.address.startWaiting(jenkins, BUILDS);
            runs.addAll(GateFixture.Address.waiting(jenkins));
            assertNothingGrows(gates::requests);
            gates.open();
            gates.address.open(jenkins);
            gates.address.assertPassed(jenkins);
            gates.assertDeliveredOnce();
        }
    }

    private void assertNothingGrows(Supplier<Collection<?>> requests) throws Exception {
        passes(Duration.ofSeconds(30), Duration.ZERO);
        Map<String, String> said = logs();
        Figures before = figures(requests);
        LOGGER.info(() -> "Waiting: " + before);

        passes(OBSERVED, DAY);

        Figures after = figures(requests);
        LOGGER.info(() -> before + " -> " + after);
        assertThat(runs).hasSize(BUILDS).allMatch(WorkflowRun::isBuilding);
        assertThat(after.heap()).isLessThan(before.heap() + 20_000_000);
        assertThat(after.threads()).isLessThan(before.threads() + 10);
        for (Map.Entry<String, String> log : logs().entrySet()) {
            // That nobody reports is said once, after ten minutes.
            String news = log.getValue().substring(said.get(log.getKey()).length());
            assertThat(news.lines()).as("%s: %s", log.getKey(), news).hasSizeLessThan(2);
        }
        assertThat(after.requests() - before.requests())
                .as("requests to other systems, in each second as many as for one build")
                .isLessThan((int) OBSERVED.toSeconds() * 4);
    }

    /** Lets a time pass, in each second of which the clock is turned by an equal part of another. */
    private void passes(Duration time, Duration turned) {
        Instant begin = Instant.now();
        await().atMost(time.plusMinutes(2)).pollInterval(Duration.ofSeconds(1)).until(() -> {
            Duration passed = Duration.between(begin, Instant.now());
            clock.shift(turned.multipliedBy(passed.toSeconds()).dividedBy(time.toSeconds()));
            return passed.compareTo(time) > 0;
        });
    }
}
