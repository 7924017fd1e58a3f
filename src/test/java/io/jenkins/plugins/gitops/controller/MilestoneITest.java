package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A build that waits is aborted by {@code milestone()} of a newer one; what it has queued is decided all the same. */
@WithJenkins
class MilestoneITest {

    @TempDir
    private Path folder;

    private JenkinsRule jenkins;
    private WaitFixture waits;

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

    @ParameterizedTest
    @EnumSource
    void aNewerBuildEndsTheWaitOfAnOlder(WaitFixture.Wait wait) throws Exception {
        WorkflowJob job = DeliveryFixture.job(jenkins, "app", "milestone(1)\n" + waits.script(wait));
        WorkflowRun older = waits.startWaiting(jenkins, job, wait);
        String queued = waits.delivery.tip("auto");
        WaitFixture.setScript(job, "milestone(1)\nmilestone(2)");

        jenkins.buildAndAssertSuccess(job);

        jenkins.assertBuildStatus(Result.NOT_BUILT, jenkins.waitForCompletion(older));
        jenkins.assertLogContains("Superseded by app#2", older);
        assertThat(waits.delivery.tip("auto")).as("an abort never touches git").isEqualTo(queued);
        if (wait == WaitFixture.Wait.VERDICT) {
            waits.delivery.report(jenkins, queued, "success");
            await().untilAsserted(() -> assertThat(waits.delivery.tip("master")).isEqualTo(queued));
        }
        waits.nextDelivers(jenkins);
    }
}
