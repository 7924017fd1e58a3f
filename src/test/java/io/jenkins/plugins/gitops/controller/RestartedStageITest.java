package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.steps.ArgoCdFixture;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jenkinsci.plugins.pipeline.modeldefinition.actions.RestartDeclarativePipelineAction;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What a build takes over that <em>Restart from Stage</em> or <em>Replay</em> has started. */
@WithJenkins
class RestartedStageITest extends DeliveryITestBase {

    private static final String PIPELINE =
            """
            pipeline {
              agent any
              stages {
                stage('Build') {
                  steps {
                    recordImage service: 'Service1', image: 'docker.example.com/service1', tag: '1',
                      digest: 'DIGEST', verify: false
                  }
                }
                stage('Deliver') {
                  steps {
                    script {
                      def change = commitConfig(wave: 'staging')
                      if (change.changed) {
                        reportCiStatus sha: change.sha, context: 'CHECK', state: 'success'
                      }
                    }
                  }
                }
                stage('Wait') { steps { waitForCiAndMerge() } }
                stage('Roll out') { steps { awaitArgoSync(wave: 'staging') } }
              }
            }
            """.replace("DIGEST", DeliveryFixture.DIGEST).replace("CHECK", DeliveryFixture.CHECK);

    private ArgoCdFixture argo;
    private WorkflowJob job;
    private WorkflowRun original;

    @Override
    void configure() throws IOException {
        argo = new ArgoCdFixture(folder.resolve("argocd"), delivery.url());
        argo.configure(delivery.definition());
    }

    @AfterEach
    void close() {
        argo.close();
    }

    private void deliver() throws Exception {
        job = DeliveryFixture.job(jenkins, "app", PIPELINE);
        original = job.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("Wave staging: 0 of 2 targets", original);
        argo.server.settle();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(original));
    }

    private WorkflowRun restart(String stage) throws Exception {
        Objects.requireNonNull(original.getAction(RestartDeclarativePipelineAction.class))
                .run(stage);
        jenkins.waitUntilNoActivity();
        WorkflowRun run = Objects.requireNonNull(job.getLastBuild());
        assertThat(run.getNumber()).isEqualTo(2);
        return jenkins.assertBuildStatusSuccess(run);
    }

    @Test
    void theDeliveringStageTakesTheImages() throws Exception {
        deliver();

        WorkflowRun run = restart("Deliver");

        jenkins.assertLogContains("Taken from #1, which this build restarts: Service1.", run);
        jenkins.assertLogNotContains("recordImage", run);
    }

    @Test
    void theWaitingStageTakesTheChange() throws Exception {
        deliver();

        jenkins.assertLogContains("is one of #1, which this build restarts.", restart("Wait"));
    }

    @Test
    void theRolloutStageTakesTheCommit() throws Exception {
        deliver();
        String sha = delivery.tip("master");

        WorkflowRun run = restart("Roll out");

        jenkins.assertLogContains("is one of #1, which this build restarts.", run);
        jenkins.assertLogContains("Wave staging runs " + sha, run);
    }

    @Test
    void theFirstStageTakesNothing() throws Exception {
        deliver();

        jenkins.assertLogNotContains("Taken from #1", restart("Build"));
    }

    @Test
    void aReplayWithoutImagesTakesThem() throws Exception {
        deliver();

        WorkflowRun run = (WorkflowRun) Objects.requireNonNull(original.getAction(ReplayAction.class))
                .run("commitConfig(wave: 'staging')", Map.of())
                .get();

        jenkins.assertBuildStatusSuccess(run);
        jenkins.assertLogContains("Taken from #1, which this build replays: Service1.", run);
    }
}
