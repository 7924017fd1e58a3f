package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.io.IOException;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The clock of the plugin is put forward and back while builds wait. */
@WithJenkins
class ClockITest extends RolloutITestBase {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final ShiftedClock clock = new ShiftedClock();

    @Override
    void configure() throws IOException {
        DriverRegistry.get().setClock(clock);
        super.configure();
    }

    private WorkflowRun startWaiting(String timeout) throws Exception {
        String script = DeliveryFixture.DELIVER.replace("waitForCiAndMerge()", "waitForCiAndMerge(timeout: 'LONG')")
                + "awaitArgoSync wave: 'staging', timeout: 'LONG', degradedFor: '30s'\n"
                + "promoteWave to: 'internal', wait: true\nwaitForCiAndMerge()";
        return DeliveryFixture.startWaiting(
                jenkins, DeliveryFixture.job(jenkins, "app", script.replace("LONG", timeout)));
    }

    private void shift(Duration shift, WorkflowRun run) {
        clock.shift(shift);
        await().during(Duration.ofSeconds(3)).atMost(LONG).until(run::isBuilding);
    }

    private static void awaitMessage(String message, WorkflowRun run) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(JenkinsRule.getLog(run)).contains(message));
    }

    @ParameterizedTest
    @CsvSource({"60, 0, 60", "-60, 0, -60", "0, 60, 0", "0, -60, 0", "-60, -120, -180"})
    void waitsGoOn(int whileCiWorks, int whileArgoDeploys, int whilePromoting) throws Exception {
        WorkflowRun run = startWaiting("30m");
        shift(Duration.ofMinutes(whileCiWorks), run);
        delivery.report(jenkins, "success");
        awaitMessage("Wave staging: 0 of 2 targets", run);

        shift(Duration.ofMinutes(whileArgoDeploys), run);
        argo.server.settle();
        awaitMessage("Promoted what staging runs to internal", run);

        shift(Duration.ofMinutes(whilePromoting), run);
        delivery.report(jenkins, "success");
        await().atMost(LONG).until(() -> !run.isBuilding());
        jenkins.assertBuildStatusSuccess(run);
    }

    @Test
    void aTimeoutStillEndsWhenTheClockIsPutBack() throws Exception {
        WorkflowRun run = startWaiting("20s");

        clock.shift(Duration.ofHours(-1));

        awaitMessage("was not merged within 20s", run);
        await().atMost(LONG).until(() -> !run.isBuilding());
    }

    @Test
    void aTimeoutDoesNotRunWhileJenkinsStandsStill() throws Exception {
        WorkflowRun run = startWaiting("10s");

        clock.shift(Duration.ofHours(1));

        await().during(Duration.ofSeconds(15)).atMost(LONG).until(run::isBuilding);
        delivery.report(jenkins, "success");
        awaitMessage("Wave staging: 0 of 2 targets", run);
    }
}
