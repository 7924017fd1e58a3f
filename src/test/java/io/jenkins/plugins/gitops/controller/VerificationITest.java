package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.gates.VerificationDefinition;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.gates.VerificationCause;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.waves.VerificationResult;
import io.jenkins.plugins.gitops.waves.VerificationResult.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Jobs verify what waves run, on a controller that is started again. */
class VerificationITest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String ECHO =
            "echo \"of ${params.GITOPS_REPO} ${params.GITOPS_WAVE} ${params.GITOPS_REVISION}\"\n";

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    private Path folder;

    private static void configure(DeliveryFixture delivery, String onFailure) {
        var smoke = new VerificationDefinition("smoke");
        smoke.setJob("smoke");
        smoke.setOnFailure(onFailure);
        WaveDefinition staging = new WaveDefinition("staging");
        staging.setVerifications(List.of(smoke));
        WaveDefinition production = new WaveDefinition("production");
        production.setPromotesFrom("staging");
        RepositoryDefinition repository = delivery.definition();
        repository.setWaves(List.of(staging, production));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    private static void deliver(DeliveryFixture delivery, JenkinsRule jenkins) throws Exception {
        WorkflowRun run =
                DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER));
        delivery.report(jenkins, "success");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    private static Optional<RepositoryState.WaveSnapshot> staging() {
        return DriverRegistry.get().state("cfg-app").map(state -> state.waves().get(0));
    }

    private static void awaitResult(State state) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(staging().stream()
                                .flatMap(wave -> wave.state().verifications().stream())
                                .map(VerificationResult::state))
                        .containsExactly(state));
    }

    @Test
    void aBuildThatRunsGoesOnAfterARestart() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            configure(delivery, "none");
            WorkflowJob job = DeliveryFixture.job(jenkins, "smoke", ECHO + "sleep 30");
            deliver(delivery, jenkins);
            await().atMost(SOON).until(() -> job.getBuildByNumber(1) != null);
            assertThat(job.getBuildByNumber(1).getCause(VerificationCause.class))
                    .isNotNull();
            awaitResult(State.RUNNING);
        });
        sessions.then(jenkins -> {
            WorkflowJob job = jenkins.jenkins.getItemByFullName("smoke", WorkflowJob.class);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(job.getBuildByNumber(1)));
            jenkins.assertLogContains("of cfg-app staging " + delivery.tip("master"), job.getBuildByNumber(1));
            awaitResult(State.PASSED);
            assertThat(job.getLastBuild().getNumber()).as("once").isEqualTo(1);
            assertThat(staging().orElseThrow().state().verifications().get(0).url())
                    .endsWith("job/smoke/1/");
        });
    }

    @Test
    void aJobThatIsMissingDisabledOrNotAllowedIsStartedOnceThatIsMended() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            configure(delivery, "hold");
            deliver(delivery, jenkins);
            awaitResult(State.BLOCKED);
            assertThat(staging().orElseThrow().state().verifications().get(0).reason())
                    .contains("there is no job smoke");
        });
        sessions.then(jenkins -> {
            WorkflowJob job = DeliveryFixture.job(jenkins, "smoke", ECHO);
            job.setDisabled(true);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(staging()
                                    .orElseThrow()
                                    .state()
                                    .verifications()
                                    .get(0)
                                    .reason())
                            .contains("is disabled"));
            RepositoryDefinition repository =
                    GitOpsWavesConfiguration.get().getRepositories().get(0);
            repository.setAllowedJobs(List.of("app"));
            job.setDisabled(false);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(staging()
                                    .orElseThrow()
                                    .state()
                                    .verifications()
                                    .get(0)
                                    .reason())
                            .contains("may not use the config repository"));
            repository.setAllowedJobs(List.of("app", "smoke"));
            awaitResult(State.PASSED);
            assertThat(staging().orElseThrow().state().hold()).isEmpty();
        });
    }

    /** The threads of the controller are those of nobody, who sees no job on a controller with users. */
    @Test
    void itsJobIsFoundWhereNobodySeesItWithoutALogin() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
            jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                    .grant(Jenkins.ADMINISTER)
                    .everywhere()
                    .to("alice"));
            configure(delivery, "none");
            DeliveryFixture.job(jenkins, "smoke", ECHO);
            deliver(delivery, jenkins);
            awaitResult(State.PASSED);
        });
    }

    @Test
    void aFailureHoldsTheWaveAndARepeatedRunCanSucceed() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            configure(delivery, "hold");
            DeliveryFixture.job(jenkins, "smoke", "if (env.BUILD_NUMBER == '1') { error 'checkout is broken' }");
            deliver(delivery, jenkins);
            awaitResult(State.FAILED);
            assertThat(staging().orElseThrow().state().hold()).isPresent();
            assertThat(staging().orElseThrow().state().unwell()).isTrue();

            jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "again", "verifyWave wave: 'staging'"));
            awaitResult(State.PASSED);
        });
    }

    @Test
    void whatTakesTooLongIsAbortedAndHasFailed() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            configure(delivery, "none");
            RepositoryDefinition repository =
                    GitOpsWavesConfiguration.get().getRepositories().get(0);
            repository.getWaves().get(0).getVerifications().get(0).setTimeout("3s");
            GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
            WorkflowJob job = DeliveryFixture.job(jenkins, "smoke", "sleep 600");
            deliver(delivery, jenkins);
            awaitResult(State.FAILED);
            assertThat(staging().orElseThrow().state().verifications().get(0).reason())
                    .contains("did not end in time");
            jenkins.waitForCompletion(job.getBuildByNumber(1));
        });
    }

    @Test
    void aJobThatIsDeletedWhileItsBuildRunsIsStartedAnewOnceItIsThereAgain() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            configure(delivery, "hold");
            WorkflowJob job = DeliveryFixture.job(jenkins, "smoke", "sleep 600");
            deliver(delivery, jenkins);
            await().atMost(SOON).until(() -> job.getBuildByNumber(1) != null);
            awaitResult(State.RUNNING);

            job.delete();
            awaitResult(State.BLOCKED);
            assertThat(staging().orElseThrow().state().verifications().get(0).reason())
                    .contains("there is no job smoke");
        });
        sessions.then(jenkins -> {
            DeliveryFixture.job(jenkins, "smoke", ECHO);
            awaitResult(State.PASSED);
            assertThat(staging().orElseThrow().state().hold())
                    .as("that is no fault of the set")
                    .isEmpty();
        });
    }

    @Test
    void whatTakesTooLongIsAbortedAfterARestartToo() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            configure(delivery, "none");
            RepositoryDefinition repository =
                    GitOpsWavesConfiguration.get().getRepositories().get(0);
            repository.getWaves().get(0).getVerifications().get(0).setTimeout("40s");
            GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
            WorkflowJob job = DeliveryFixture.job(jenkins, "smoke", "sleep 600");
            deliver(delivery, jenkins);
            await().atMost(SOON).until(() -> job.getBuildByNumber(1) != null);
            awaitResult(State.RUNNING);
        });
        sessions.then(jenkins -> {
            awaitResult(State.FAILED);
            assertThat(staging().orElseThrow().state().verifications().get(0).reason())
                    .contains("did not end in time");
            WorkflowJob job = jenkins.jenkins.getItemByFullName("smoke", WorkflowJob.class);
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(job.getBuildByNumber(1)));
            assertThat(job.getBuilds()).as("started once").hasSize(1);
        });
    }
}
