package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Jenkins prepares to shut down while builds wait, does so at once, and the builds wait on afterwards. */
class SafeRestartITest {

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    private Path folder;

    private WaitFixture waits;

    @BeforeEach
    void begin() {
        waits = new WaitFixture(folder);
    }

    @AfterEach
    void end() {
        waits.close();
    }

    /** As a safe restart does it before it starts the new process. */
    private static void prepareToShutDown(JenkinsRule jenkins) throws Exception {
        long began = System.nanoTime();
        jenkins.jenkins.doQuietDown(true, (int) TimeUnit.MINUTES.toMillis(1), "a new version", true);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("nothing that waits keeps Jenkins from restarting")
                .isLessThan(Duration.ofSeconds(30));
    }

    private static WorkflowRun app(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName("app", WorkflowJob.class).getBuildByNumber(1);
    }

    @ParameterizedTest
    @EnumSource
    void theWaitGoesOn(WaitFixture.Wait wait) throws Throwable {
        sessions.then(jenkins -> {
            waits.configure();
            waits.startWaiting(jenkins, wait);
            prepareToShutDown(jenkins);
        });
        sessions.then(jenkins -> waits.completes(jenkins, app(jenkins)));
        assertThat(GitCli.run(
                                waits.delivery.bare(),
                                "log",
                                "--format=%(trailers:key=Autocommit-Id,valueonly,separator=)",
                                "master")
                        .lines()
                        .filter(id -> !id.isBlank()))
                .isNotEmpty()
                .doesNotHaveDuplicates();
    }

    @Test
    void whatEndsAWaitMeanwhileIsKnownAfterwards() throws Throwable {
        sessions.then(jenkins -> {
            waits.configure();
            waits.startWaiting(jenkins, WaitFixture.Wait.ROLLOUT);
            jenkins.jenkins.doQuietDown();
            waits.argo.server.settle();
            await().atMost(WaitFixture.LONG)
                    .untilAsserted(
                            () -> assertThat(JenkinsRule.getLog(app(jenkins))).contains("on all of its 2 targets"));
        });
        sessions.then(jenkins -> {
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(app(jenkins)));
            assertThat(JenkinsRule.getLog(app(jenkins)).split("on all of its 2 targets", -1))
                    .as("it is said once")
                    .hasSize(2);
        });
    }
}
