package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hudson.model.Item;
import hudson.model.Items;
import hudson.model.Label;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.User;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockFolder;
import org.jvnet.hudson.test.MockQueueItemAuthenticator;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What may happen to builds, jobs, agents and the configuration while builds wait. */
@WithJenkins
class WaitingITest extends DeliveryITestBase {

    private static final Duration LONG = Duration.ofSeconds(120);

    private void assertThatItMerges(WorkflowRun run) throws Exception {
        delivery.report(jenkins, "success");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("true merged 1", run);
        assertThat(delivery.tip("master")).isEqualTo(delivery.tip("auto"));
    }

    /** Jenkins itself deletes no build that runs; a job it deletes with all of them. */
    @Test
    void aBuildWhoseJobIsDeletedLeavesItsChange() throws Exception {
        WorkflowJob job = DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER);
        WorkflowRun run = DeliveryFixture.startWaiting(jenkins, job);
        String queued = delivery.tip("auto");
        assertThatThrownBy(run::delete).hasMessageContaining("still running");

        job.delete();
        delivery.report(jenkins, queued, "success");

        await().atMost(LONG).until(() -> delivery.tip("master").equals(queued));
        assertThat(run.getRootDir()).doesNotExist();
    }

    @Test
    void aJobMayBeRenamedAndMoved() throws Exception {
        WorkflowJob job = DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER);
        WorkflowRun run = DeliveryFixture.startWaiting(jenkins, job);

        job.renameTo("shop");
        WorkflowJob moved = Items.move(job, jenkins.createProject(MockFolder.class, "acme"));

        assertThat(moved.getFullName()).isEqualTo("acme/shop");
        assertThatItMerges(run);
    }

    @Test
    void theConfigurationMayBeSaidAgain() throws Exception {
        WorkflowRun run =
                DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER));
        Path yaml = Files.writeString(folder.resolve("jenkins.yaml"), """
                unclassified:
                  gitopsWaves:
                    repositories:
                      - name: cfg-app
                        url: URL
                        allowInsecure: true
                        allJobs: true
                        redGrace: 0s
                        checks: [{reported: {}}]
                        requiredChecks: [ci/generated]
                """.replace(
                        "URL", delivery.bare().toUri().toString()));

        ConfigurationAsCode.get().configure(yaml.toString());
        ConfigurationAsCode.get().configure(yaml.toString());

        assertThatItMerges(run);
    }

    @Test
    void aRepositoryMayBeTakenOutAndPutBack() throws Exception {
        WorkflowRun run =
                DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER));

        GitOpsWavesConfiguration.get().setRepositories(List.of());
        delivery.configure();

        assertThatItMerges(run);
    }

    @Test
    void anAgentThatIsLostInABodyLeavesNothing() throws Exception {
        RepositoryDefinition repository = delivery.definition();
        repository.setGeneratedPaths(List.of("generated/**"));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
        DumbSlave agent = jenkins.createOnlineSlave(Label.get("agent"));
        WorkflowRun run = DeliveryFixture.job(jenkins, "app", """
                        retry(count: 2, conditions: [agent()]) {
                          node('agent') {
                            commitConfig(wave: 'staging', images: [Service1: [Tag: 'docker.example.com/service1:1',
                                Digest: 'docker.example.com/service1@DIGEST']]) {
                              sh 'mkdir generated; echo made > generated/all.yaml; until test -e GO; do sleep 0.1; done'
                            }
                          }
                        }
                        """.replace("DIGEST", DeliveryFixture.DIGEST)
                        .replace("GO", folder.resolve("go").toString()))
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("+ test -e", run);

        jenkins.jenkins.removeNode(agent);

        jenkins.waitForMessage("Retrying", run);
        assertThat(delivery.tip("auto")).isEqualTo(delivery.tip("master"));
        Files.createFile(folder.resolve("go"));
        jenkins.createOnlineSlave(Label.get("agent"));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        assertThat(delivery.show("auto", "generated/all.yaml")).isEqualTo("made\n");
    }

    @Test
    void aRestartDoesNotWaitForWhatWaits() throws Exception {
        WorkflowRun run =
                DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER));

        assertThat(run.getExecution().blocksRestart()).isFalse();
    }

    @Test
    void twoHundredPipelinesWaitAtOnce() throws Exception {
        int builds = 200;
        WorkflowJob job = DeliveryFixture.job(
                jenkins, "app", DeliveryFixture.DELIVER.replace("'Service1'", "\"service-${env.BUILD_NUMBER}\""));
        job.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("NUMBER", "")));
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        for (int i = 1; i <= builds; i++) {
            job.scheduleBuild2(0, new ParametersAction(new StringParameterValue("NUMBER", String.valueOf(i))));
        }
        await().atMost(LONG)
                .until(() -> job.getLastBuild() != null && job.getLastBuild().getNumber() == builds);
        List<WorkflowRun> runs = new ArrayList<>(job.getBuilds());
        for (WorkflowRun run : runs) {
            jenkins.waitForMessage("Waiting for " + DeliveryFixture.CHECK, run);
        }
        assertThat(ManagementFactory.getThreadMXBean().getThreadCount() - threads)
                .as("threads for builds that wait")
                .isLessThan(builds / 2);

        delivery.report(jenkins, "success");

        for (WorkflowRun run : runs) {
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        }
        assertThat(delivery.show("master", "images/staging/tags.json").lines())
                .filteredOn(line -> line.contains("service-"))
                .hasSize(builds);
    }

    @Test
    void buildsOfAUserWhoMayDoLittleDeliver() throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .to("dev")
                .grant(Item.READ, Item.BUILD)
                .everywhere()
                .to("dev"));
        QueueItemAuthenticatorConfiguration.get()
                .getAuthenticators()
                .add(new MockQueueItemAuthenticator()
                        .authenticate("app", User.getById("dev", true).impersonate2()));
        WorkflowRun run =
                DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER));

        assertThatItMerges(run);
    }

    @Test
    void aJobThatMayNotUseTheRepositoryReadsAndWritesNothing() throws Exception {
        RepositoryDefinition repository = delivery.definition();
        repository.setAllowedJobs(List.of("acme/**"));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
        for (String step : List.of(
                "commitConfig wave: 'staging', images: '{}'",
                "waitForCiAndMerge commit: '00000000000000000000'",
                "awaitArgoSync wave: 'staging'",
                "promoteWave to: 'staging'",
                "holdWave wave: 'staging', reason: 'no'",
                "releaseWave wave: 'staging'",
                "rejectImages digests: ['" + DeliveryFixture.DIGEST + "'], reason: 'no'",
                "reportCiStatus sha: '" + "a".repeat(40) + "', context: 'ci/generated', state: 'success'")) {
            WorkflowJob job = jenkins.createProject(WorkflowJob.class);
            job.setDefinition(new CpsFlowDefinition(step, true));

            WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, job);

            jenkins.assertLogContains("may not use the config repository \"cfg-app\"", run);
        }
    }
}
