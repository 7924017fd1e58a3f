package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.triggers.ChangeEndedCause;
import io.jenkins.plugins.gitops.triggers.ChangeEndedTrigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.PipelineTriggersJobProperty;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A job that is started when a change ends after its build. */
@WithJenkins
class ChangeEndedITest extends DeliveryITestBase {

    private static final Duration LONG = Duration.ofMinutes(2);

    private static final String COMMIT = """
            recordImage service: 'Service1', image: 'docker.example.com/service1', tag: '1', digest: '%s', verify: false
            commitConfig wave: 'staging'
            """.formatted(DeliveryFixture.DIGEST);

    private static final String TELL = """
            properties([pipelineTriggers([changeEnded(outcomes: ['%s'])])])
            if (env.BUILD_NUMBER != '1') {
                echo "told: ${env.GITOPS_REPO} ${env.GITOPS_WAVE} ${env.GITOPS_OUTCOME} ${env.GITOPS_BUILD_URL}"
            }
            """;

    private WorkflowJob told(String outcome) throws Exception {
        WorkflowJob job = DeliveryFixture.job(jenkins, "tell", TELL.formatted(outcome));
        jenkins.buildAndAssertSuccess(job);
        return job;
    }

    @Test
    void isStartedWithWhatHappened() throws Exception {
        WorkflowJob tell = told("merged");
        WorkflowRun delivered = jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "deliver", COMMIT));
        delivery.report(jenkins, "success");

        await().atMost(LONG).until(() -> tell.getBuildByNumber(2) != null);
        WorkflowRun run = tell.getBuildByNumber(2);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("told: cfg-app staging merged " + jenkins.getURL() + delivered.getUrl(), run);
        assertThat(run.getCause(ChangeEndedCause.class).getShortDescription()).contains("cfg-app", "merged");
        assertThat(delivered.getDescription()).isEqualTo("The change for staging ended after this build: merged");
    }

    @Test
    void isNotStartedForAnotherOutcomeOrABuildThatWaited() throws Exception {
        WorkflowJob tell = told("evicted");
        WorkflowRun delivered = jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "deliver", COMMIT));
        delivery.report(jenkins, "success");

        await().atMost(LONG).until(() -> delivered.getDescription() != null);
        jenkins.waitUntilNoActivity();
        assertThat(tell.getBuildByNumber(2)).isNull();
    }

    @Test
    void aBuildThatDidNotWaitIsToldWhenItEnds() throws Exception {
        WorkflowJob tell = told("merged");
        Path go = folder.resolve("go");
        WorkflowRun working = DeliveryFixture.job(
                        jenkins, "deliver", COMMIT + "node { sh 'until test -e " + go + "; do sleep 0.2; done' }")
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("+ test -e", working);
        String queued = delivery.tip("auto");
        delivery.report(jenkins, "success");
        await().atMost(LONG).until(() -> delivery.tip("master").equals(queued));
        Files.createFile(go);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(working));

        await().atMost(LONG).until(() -> tell.getBuildByNumber(2) != null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(tell.getBuildByNumber(2)));
        jenkins.assertLogContains("merged " + jenkins.getURL() + working.getUrl(), tell.getBuildByNumber(2));
        assertThat(working.getDescription())
                .isEqualTo("The change for staging ended while this build ran, which did not wait for it: merged");
        jenkins.waitUntilNoActivity();
        assertThat(tell.getBuildByNumber(3)).isNull();
    }

    @Test
    void theTriggerSurvivesTheForm() throws Exception {
        WorkflowJob tell = told("evicted");

        jenkins.configRoundtrip(tell);

        assertThat(tell.getProperty(PipelineTriggersJobProperty.class).getTriggers())
                .singleElement()
                .isInstanceOfSatisfying(ChangeEndedTrigger.class, trigger -> {
                    assertThat(trigger.getRepo()).isNull();
                    assertThat(trigger.getOutcomes()).containsExactly("evicted");
                });
    }
}
