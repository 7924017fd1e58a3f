package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Queue;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.DuePromotion;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.triggers.WavePromotionCause;
import io.jenkins.plugins.gitops.triggers.WavePromotionTrigger;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.PipelineTriggersJobProperty;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class PromotionTriggerITest extends RolloutITestBase {

    private static final String SCRIPTED = """
            properties([pipelineTriggers([wavePromotion(from: 'staging', to: 'internal')])])
            if (env.BUILD_NUMBER != '1') {
                promoteWave from: 'staging', to: 'internal', wait: true
            }
            """;

    private static final String DECLARATIVE = """
            pipeline {
                agent none
                triggers { wavePromotion(from: 'staging', to: 'internal', schedule: 'H 9 * * 1-4', repo: 'cfg-app', set: 'shop') }
                stages {
                    stage('Promote') {
                        when { expression { env.BUILD_NUMBER != '1' } }
                        steps { promoteWave(from: 'staging', to: 'internal') }
                    }
                }
            }
            """;

    private static WavePromotionTrigger trigger(WorkflowJob job) {
        return (WavePromotionTrigger)
                job.getProperty(PipelineTriggersJobProperty.class).getTriggers().get(0);
    }

    /** Staging runs a set that internal has not, and the driver has seen it. */
    private void ready() throws Exception {
        ready(DeliveryFixture.DELIVER);
    }

    private void ready(String deliver) throws Exception {
        WorkflowRun run = DeliveryFixture.startWaiting(
                jenkins, DeliveryFixture.job(jenkins, "app", deliver + "awaitArgoSync wave: 'staging'"));
        delivery.report(jenkins, "success");
        jenkins.waitForMessage("Wave staging: 0 of 2 targets", run);
        argo.server.settle();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        awaitDue(true);
    }

    private static void awaitDue(boolean due) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> DriverRegistry.get()
                                .state("cfg-app")
                                .filter(state -> !DuePromotion.in(state, "staging", "internal")
                                        .isEmpty())
                                .isPresent()
                        == due);
    }

    @Test
    void startsOneBuildForOneThingToDo() throws Exception {
        WorkflowJob job = DeliveryFixture.job(jenkins, "promote", SCRIPTED);
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

    private static final String ONE_SET = """
            properties([pipelineTriggers([wavePromotion(from: 'staging', to: 'internal'%s)])])
            if (env.BUILD_NUMBER != '1') {
                promoteWave from: 'staging', to: 'internal'
            }
            """;

    @Test
    void watchesOneSetOrAll() throws Exception {
        RepositoryDefinition repository =
                GitOpsWavesConfiguration.get().getRepositories().get(0);
        repository.setImageSets(List.of("blog", "shop"));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
        WorkflowJob one = DeliveryFixture.job(jenkins, "one", ONE_SET.formatted(", set: 'shop'"));
        WorkflowJob all = DeliveryFixture.job(jenkins, "all", ONE_SET.formatted(""));
        jenkins.buildAndAssertSuccess(one);
        jenkins.buildAndAssertSuccess(all);
        ready("""
                def image = [Service1: [Tag: 'docker.example.com/service1:1', Digest: 'docker.example.com/service1@%s']]
                commitConfig wave: 'staging', set: 'blog', images: image
                commitConfig wave: 'staging', set: 'shop', images: image
                waitForCiAndMerge()
                """.formatted(DeliveryFixture.DIGEST));

        trigger(one).run();
        jenkins.waitUntilNoActivity();

        jenkins.assertBuildStatusSuccess(one.getLastBuild());
        assertThat(one.getLastBuild().getCause(WavePromotionCause.class).getShortDescription())
                .contains("internal/shop");
        assertThat(delivery.show("auto", "images/internal/shop/digests.json")).contains(DeliveryFixture.DIGEST);
        trigger(one).run();
        jenkins.waitUntilNoActivity();
        assertThat(one.getLastBuild().getNumber())
                .as("the other set is not its own")
                .isEqualTo(2);
        trigger(all).run();
        jenkins.waitUntilNoActivity();
        jenkins.assertBuildStatusSuccess(all.getLastBuild());
        assertThat(delivery.show("auto", "images/internal/blog/digests.json")).contains(DeliveryFixture.DIGEST);
    }

    @Test
    void keepsItsSettingsInFormAndFile() throws Exception {
        WorkflowJob job = DeliveryFixture.job(jenkins, "promote", DECLARATIVE);
        jenkins.buildAndAssertSuccess(job);

        jenkins.configRoundtrip(job);
        job.doReload();

        WavePromotionTrigger trigger = trigger(job);
        assertThat(trigger.getFrom()).isEqualTo("staging");
        assertThat(trigger.getTo()).isEqualTo("internal");
        assertThat(trigger.getSchedule()).isEqualTo("H 9 * * 1-4");
        assertThat(trigger.getSpec()).isEqualTo("H 9 * * 1-4");
        assertThat(trigger.getRepo()).isEqualTo("cfg-app");
        assertThat(trigger.getSet()).isEqualTo("shop");
    }

    @Test
    void startsNoJobThatMayNotWriteTheWave() throws Exception {
        WorkflowJob job = DeliveryFixture.job(jenkins, "promote", SCRIPTED);
        jenkins.buildAndAssertSuccess(job);
        ready();
        RepositoryDefinition repository =
                GitOpsWavesConfiguration.get().getRepositories().get(0);
        repository.getWaves().get(1).setAllowedJobs(List.of("acme/*"));

        trigger(job).run();

        jenkins.waitUntilNoActivity();
        assertThat(job.getLastBuild().getNumber()).isEqualTo(1);
    }
}
