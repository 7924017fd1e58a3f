package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Queue;
import io.jenkins.plugins.gitops.configuration.ConfigRepository;
import io.jenkins.plugins.gitops.configuration.Drivers;
import io.jenkins.plugins.gitops.configuration.GitOpsWaves;
import io.jenkins.plugins.gitops.delivery.DuePromotion;
import io.jenkins.plugins.gitops.triggers.WavePromotionCause;
import io.jenkins.plugins.gitops.triggers.WavePromotionTrigger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.PipelineTriggersJobProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class PromotionTriggerITest {

    private static final String SCRIPTED = """
            properties([pipelineTriggers([wavePromotion(from: 'staging', to: 'internal')])])
            if (env.BUILD_NUMBER != '1') {
                promoteWave from: 'staging', to: 'internal', wait: true
            }
            """;

    private static final String DECLARATIVE = """
            pipeline {
                agent none
                triggers { wavePromotion(from: 'staging', to: 'internal', schedule: 'H 9 * * 1-4', repo: 'cfg-app') }
                stages {
                    stage('Promote') {
                        when { expression { env.BUILD_NUMBER != '1' } }
                        steps { promoteWave(from: 'staging', to: 'internal') }
                    }
                }
            }
            """;

    @TempDir
    private Path folder;

    private JenkinsRule jenkins;
    private Delivery delivery;
    private Rollouts argo;

    @BeforeEach
    void configure(JenkinsRule rule) throws Exception {
        jenkins = rule;
        delivery = Delivery.create(folder);
        argo = new Rollouts(folder.resolve("argocd"), delivery);
        argo.configure(delivery);
    }

    @AfterEach
    void close() {
        argo.close();
    }

    private static WavePromotionTrigger trigger(WorkflowJob job) {
        return (WavePromotionTrigger)
                job.getProperty(PipelineTriggersJobProperty.class).getTriggers().get(0);
    }

    /** Staging runs a set that internal has not, and the driver has seen it. */
    private void ready() throws Exception {
        WorkflowRun run = Delivery.startWaiting(
                jenkins, Delivery.job(jenkins, "app", Delivery.DELIVER + "awaitArgoSync wave: 'staging'"));
        delivery.report(jenkins, "success");
        jenkins.waitForMessage("Wave staging: 0 of 2 targets", run);
        argo.server.settle();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        awaitDue(true);
    }

    private static void awaitDue(boolean due) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> Drivers.get()
                                .state("cfg-app")
                                .filter(state -> !DuePromotion.in(state, "staging", "internal")
                                        .isEmpty())
                                .isPresent()
                        == due);
    }

    @Test
    void startsOneBuildForOneThingToDo() throws Exception {
        WorkflowJob job = Delivery.job(jenkins, "promote", SCRIPTED);
        jenkins.buildAndAssertSuccess(job);
        trigger(job).run();
        assertThat(Queue.getInstance().getItems(job)).as("nothing is there").isEmpty();
        ready();

        jenkins.jenkins.doQuietDown();
        trigger(job).run();
        trigger(job).run();
        assertThat(Queue.getInstance().getItems(job)).hasSize(1);
        jenkins.jenkins.doCancelQuietDown();
        jenkins.waitUntilNoActivity();

        WorkflowRun run = job.getLastBuild();
        jenkins.assertBuildStatusSuccess(run);
        assertThat(run.getNumber()).isEqualTo(2);
        assertThat(run.getCause(WavePromotionCause.class).getShortDescription())
                .contains("Service1", "staging", "internal", "cfg-app", "on all 2 targets", "nobody holds internal");
        assertThat(delivery.tip("auto")).isNotEqualTo(delivery.tip("master"));

        awaitDue(false);
        delivery.report(jenkins, "failure");
        awaitDue(true);
        trigger(job).run();
        jenkins.waitUntilNoActivity();
        assertThat(job.getLastBuild().getNumber())
                .as("what was evicted is not tried for ever")
                .isEqualTo(2);

        job.getLastBuild().delete();
        job.doReload();
        trigger(job).run();
        jenkins.waitUntilNoActivity();
        assertThat(job.getLastBuild().getNumber()).as("what nobody did is done").isEqualTo(3);
    }

    @Test
    void keepsItsSettingsInFormAndFile() throws Exception {
        WorkflowJob job = Delivery.job(jenkins, "promote", DECLARATIVE);
        jenkins.buildAndAssertSuccess(job);

        jenkins.configRoundtrip(job);
        job.doReload();

        WavePromotionTrigger trigger = trigger(job);
        assertThat(trigger.getFrom()).isEqualTo("staging");
        assertThat(trigger.getTo()).isEqualTo("internal");
        assertThat(trigger.getSchedule()).isEqualTo("H 9 * * 1-4");
        assertThat(trigger.getSpec()).isEqualTo("H 9 * * 1-4");
        assertThat(trigger.getRepo()).isEqualTo("cfg-app");
    }

    @Test
    void startsNoJobThatMayNotWriteTheWave() throws Exception {
        WorkflowJob job = Delivery.job(jenkins, "promote", SCRIPTED);
        jenkins.buildAndAssertSuccess(job);
        ready();
        ConfigRepository repository = GitOpsWaves.get().getRepositories().get(0);
        repository.getWaves().get(1).setAllowedJobs(List.of("acme/*"));

        trigger(job).run();

        jenkins.waitUntilNoActivity();
        assertThat(job.getLastBuild().getNumber()).isEqualTo(1);
    }
}
