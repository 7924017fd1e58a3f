package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import java.nio.file.Files;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class RolloutITest extends RolloutITestBase {

    private static final String ROAD = DeliveryFixture.DELIVER + """
            def staged = awaitArgoSync wave: 'staging'
            echo "staged on ${staged.targets.size()} targets"
            def promoted = promoteWave from: 'staging', to: 'internal', wait: true
            echo "promoted ${promoted.changed}"
            waitForCiAndMerge()
            def reached = awaitArgoSync wave: 'internal'
            echo "reached ${reached.targets[0].name}"
            """;

    private void landStaging(WorkflowRun run) throws Exception {
        delivery.report(jenkins, "success");
        jenkins.waitForMessage("Wave staging: 0 of 2 targets", run);
    }

    @Test
    void takesTheWholeRoadFromAScript() throws Exception {
        WorkflowRun run = DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", ROAD));
        landStaging(run);
        argo.server.settle();
        jenkins.waitForMessage("Promoted what staging runs to internal", run);
        delivery.report(jenkins, "success");
        jenkins.waitForMessage("Wave internal: 0 of 1 targets", run);
        argo.server.settle();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("staged on 2 targets", run);
        jenkins.assertLogContains("promoted true", run);
        jenkins.assertLogContains("reached internal-1", run);

        HtmlPage page = jenkins.createWebClient().getPage(run);
        assertThat(page.asNormalizedText())
                .contains("Rollout to cfg-app, wave staging", "2 of 2 targets", "promotion from staging to internal");
        assertThat(jenkins.createWebClient().getPage(run, "delivery/").asNormalizedText())
                .contains("staging-1", "Synced", "Healthy", "deployed and healthy", "internal-1");
        assertThat(jenkins.getJSON(
                                run.getUrl()
                                        + "api/json?tree=actions[rollouts[wave,state,targets[name,state]],promotions[to,state]]")
                        .getJSONObject()
                        .toString())
                .contains("internal-1", "\"state\":\"deployed\"", "\"state\":\"promoted\"");
        String xml = Files.readString(run.getRootDir().toPath().resolve("build.xml"));
        assertThat(xml.replace("io.jenkins.plugins.gitops.build.", "")).doesNotContain("io.jenkins.plugins.gitops.");
    }

    @Test
    void takesTheWholeRoadFromADeclarativePipeline() throws Exception {
        WorkflowRun run = DeliveryFixture.startWaiting(
                jenkins, DeliveryFixture.job(jenkins, "app", """
                pipeline {
                  agent none
                  stages {
                    stage('Staging') {
                      steps {
                        commitConfig(wave: 'staging', images: [Service1: [
                          Tag: 'docker.example.com/service1:1', Digest: 'docker.example.com/service1@%s']])
                        waitForCiAndMerge()
                        awaitArgoSync(wave: 'staging', timeout: '10m', degradedFor: '1m')
                      }
                    }
                    stage('Internal') {
                      steps {
                        promoteWave(from: 'staging', to: 'internal')
                        waitForCiAndMerge()
                        awaitArgoSync(wave: 'internal')
                      }
                    }
                  }
                }
                """.formatted(DeliveryFixture.DIGEST)));
        landStaging(run);
        argo.server.settle();
        jenkins.waitForMessage("Promoted what staging runs to internal", run);
        delivery.report(jenkins, "success");
        jenkins.waitForMessage("Wave internal: 0 of 1 targets", run);
        argo.server.settle();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    void failsWithTheTargetAndNoStackTrace() throws Exception {
        argo.second.failNext(1, "Failed", "the quota is used up");
        WorkflowRun run = DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", ROAD));
        landStaging(run);

        argo.server.settle();

        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
        jenkins.assertLogContains("staging-2 on main: its synchronisation ended as Failed: the quota is used up", run);
        jenkins.assertLogNotContains("\tat ", run);
    }

    @Test
    void refusesToPromoteWhatIsNotWell() throws Exception {
        argo.second.degradeNextRollout("crash loop");
        argo.server.settle();
        WorkflowRun run = jenkins.buildAndAssertStatus(
                Result.FAILURE, DeliveryFixture.job(jenkins, "promote", "promoteWave to: 'internal'"));

        jenkins.assertLogContains("ERROR: What staging runs was not promoted to internal", run);
        jenkins.assertLogNotContains("\tat ", run);
    }

    @Test
    void abortsInEachWait() throws Exception {
        WorkflowRun run = DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", ROAD));
        landStaging(run);
        run.doStop();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));

        WorkflowRun promotion = DeliveryFixture.job(jenkins, "promote", "promoteWave to: 'internal', wait: true")
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("deployed and healthy", promotion);
        promotion.doStop();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(promotion));
        assertThat(delivery.tip("auto")).isEqualTo(delivery.tip("master"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "awaitArgoSync wave: 'nope'                      | has no wave \"nope\"",
                "awaitArgoSync wave: 'staging', revision: 'abc'  | is not a release that staging is known to have had",
                "awaitArgoSync wave: 'staging', timeout: 5       | takes timeout: as a text",
                "awaitArgoSync wave: 'staging', revision: '9999999999999999999999999999999999999999' | has no commit",
                "promoteWave()                                   | needs from: or to:",
                "promoteWave to: 'staging'                       | promotes from no other",
                "promoteWave to: 'internal', rollback: true      | with rollback: true needs revision:",
            })
    void endsBadInputWithOneSentence(String script, String sentence) throws Exception {
        WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, DeliveryFixture.job(jenkins, "bad", script));

        jenkins.assertLogContains("ERROR: ", run);
        jenkins.assertLogContains(sentence, run);
        jenkins.assertLogNotContains("\tat ", run);
    }
}
