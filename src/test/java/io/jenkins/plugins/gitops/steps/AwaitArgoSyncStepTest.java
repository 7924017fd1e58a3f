package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import hudson.AbortException;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.SafeLinks;
import io.jenkins.plugins.gitops.build.SavedTarget;
import io.jenkins.plugins.gitops.configuration.ArgoCdServerDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.steps.failures.ConfigConflictCondition;
import io.jenkins.plugins.gitops.steps.failures.RolloutFailedCondition;
import io.jenkins.plugins.gitops.world.ApplicationSpec;
import io.jenkins.plugins.gitops.world.ApplicationSpec.Source;
import io.jenkins.plugins.gitops.world.ArgoCdSimulator;
import io.jenkins.plugins.gitops.world.SimulatedApplication;
import io.jenkins.plugins.gitops.world.SyncStep;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jenkins.metrics.api.Metrics;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.junit.jupiter.api.Test;

class AwaitArgoSyncStepTest extends ArgoCdStepTestBase {

    private StepHarness.Started waiting(Map<String, Object> arguments, String word) throws Exception {
        StepHarness.Started wait = steps.start(run, "awaitArgoSync", arguments);
        await().until(() -> wait.log().contains(word));
        return wait;
    }

    @Test
    void succeedsWhenEveryTargetRunsTheChange() throws Exception {
        var wait = waiting(Map.of("wave", "staging"), "0 of 2 targets");
        assertThat(wait.status()).startsWith("waiting for the rollout to staging: 0 of 2 targets");

        argo.first.settle();
        await().until(() -> wait.log().contains("1 of 2 targets are deployed."));
        argo.second.settle();

        String sha = repository.tip("master");
        assertThat(wait.result())
                .contains(entry("wave", "staging"), entry("revision", sha), entry("superseded", false));
        assertThat((List<?>) wait.result().get("targets"))
                .hasSize(2)
                .first()
                .satisfies(target -> assertThat((Map<?, ?>) target)
                        .isEqualTo(Map.of(
                                "name", "staging-1",
                                "namespace", "argocd",
                                "server", "main",
                                "state", "deployed",
                                "sync", "Synced",
                                "health", "Healthy",
                                "revision", sha,
                                "reason", "it runs " + sha.substring(0, 10) + ".")));
        assertThat(DeliveryAction.of(run).getRollouts()).singleElement().satisfies(rollout -> {
            assertThat(rollout.getState()).isEqualTo("deployed");
            assertThat(rollout.getRevision()).isEqualTo(sha);
            assertThat(rollout.getTargets()).extracting(SavedTarget::getState).containsOnly("deployed");
        });
        await().until(() -> repository.state("waves/staging.json").contains(sha));
        await().until(() -> Metrics.metricRegistry().getTimers().containsKey("gitopswaves.cfg-app.deployed.staging"));
    }

    @Test
    void isNotFooledByTheHealthBeforeTheRollout() throws Exception {
        argo.server.settle();
        run = delivered("app", "Service1", ConfigRepoFixture.OTHER_DIGEST);
        var wait = waiting(Map.of("wave", "staging"), "0 of 2 targets");

        argo.first.settle();
        argo.second.advanceTo(SyncStep.SUCCEEDED);

        await().until(() -> wait.log().contains("staging-2: ") && wait.log().contains("1 of 2 targets are deployed."));
        assertThat(wait.context().hasEnded()).isFalse();
        argo.second.settle();
        assertThat(wait.result()).containsEntry("superseded", false);
    }

    @Test
    void asksArgoCdToTryWhatFailedAgain() throws Exception {
        argo.second.failNext(1, "Failed", "the quota is used up");
        var wait = waiting(Map.of("wave", "staging", "retryFailed", 1), "0 of 2 targets");

        argo.server.settle();
        await().until(() -> wait.log().contains("Asking Argo CD to try again (1 of 1)"));
        assertThat(wait.log()).contains("staging-2 failed").doesNotContain("staging-1 failed");
        await().until(() -> {
            argo.server.settle();
            return wait.context().hasEnded();
        });

        assertThat(wait.result()).containsEntry("superseded", false);
    }

    @Test
    void failsWhenTryingAgainDoesNotHelp() throws Exception {
        argo.second.failNext(2, "Failed", "the quota is used up");
        var wait = waiting(Map.of("wave", "staging", "retryFailed", 1), "0 of 2 targets");

        argo.server.settle();
        await().until(() -> wait.log().contains("Asking Argo CD to try again (1 of 1)"));
        argo.second.advanceTo(SyncStep.STARTED);
        await().until(() -> wait.log().contains("staging-2: its synchronisation runs"));
        argo.server.settle();

        assertThatThrownBy(wait::end).isExactlyInstanceOf(AbortException.class);
    }

    /** Adds an application to the wave that Argo CD does not synchronise by itself. */
    private SimulatedApplication manual() throws Exception {
        GitOpsWavesConfiguration.get()
                .getRepositories()
                .get(0)
                .getWaves()
                .get(0)
                .setApplications(List.of("staging-*", "manual-1"));
        GitOpsWavesConfiguration.get()
                .setRepositories(GitOpsWavesConfiguration.get().getRepositories());
        return argo.server.add(new ApplicationSpec("manual-1", repository.url(), "images/staging", "master").manual());
    }

    @Test
    void asksAgainForWhatASyncWindowRefused() throws Exception {
        SimulatedApplication manual = manual();
        manual.close(true);
        argo.server.settle();
        var wait = waiting(
                Map.of("wave", "staging", "sync", true),
                "manual-1: The Argo CD server main does not synchronise manual-1 now (cannot sync: blocked by sync window):"
                        + " wait until the window of its project lets it, or give the window manualSync: true. It is asked"
                        + " for again in a minute.");

        manual.close(false);
        wait.restart();
        await().until(() -> {
            argo.server.settle();
            return wait.context().hasEnded();
        });

        assertThat(wait.result()).containsEntry("superseded", false);
    }

    @Test
    void asksArgoCdToSynchroniseWhatDoesNotByItself() throws Exception {
        manual();
        argo.server.settle();
        var wait = waiting(Map.of("wave", "staging", "sync", true), "asking Argo CD to synchronise manual-1");

        await().until(() -> {
            argo.server.settle();
            return wait.context().hasEnded();
        });

        assertThat(wait.result()).containsEntry("superseded", false);
    }

    @Test
    void isContentWithTheTargetsThatAreRequired() throws Exception {
        GitOpsWavesConfiguration.get()
                .getRepositories()
                .get(0)
                .getWaves()
                .get(0)
                .setRequire("1");
        GitOpsWavesConfiguration.get()
                .setRepositories(GitOpsWavesConfiguration.get().getRepositories());
        argo.second.failNext(1, "Failed", "the quota is used up");
        var all = waiting(
                Map.of("wave", "staging", "require", "canaries: staging-2"), "required: 1 and canaries: staging-2");

        argo.server.settle();

        assertThat(steps.start(run, "awaitArgoSync", Map.of("wave", "staging")).result())
                .containsEntry("superseded", false);
        assertThatThrownBy(all::end).isExactlyInstanceOf(AbortException.class);
    }

    @Test
    void asksTheServerOfTheWave() throws Exception {
        try (ArgoCdSimulator west = ArgoCdSimulator.start(folder.resolve("west"), Clock.systemUTC(), 0)) {
            west.fetchFrom(repository.url(), repository.url());
            west.add(new ApplicationSpec("staging-1", repository.url(), "images/staging", "master"));
            TestCredentials.addSecret("west-token", west.token("jenkins"));
            var connection = new ArgoCdServerDefinition("west", west.url());
            connection.setAllowInsecure(true);
            connection.setCredentialsId("west-token");
            List<ArgoCdServerDefinition> servers =
                    new ArrayList<>(GitOpsWavesConfiguration.get().getArgoServers());
            servers.add(connection);
            GitOpsWavesConfiguration.get().setArgoServers(servers);
            WaveDefinition internal = GitOpsWavesConfiguration.get()
                    .getRepositories()
                    .get(0)
                    .getWaves()
                    .get(1);
            internal.setArgoServer("west");
            internal.setSelector(null);
            internal.setApplications(List.of("staging-*"));
            GitOpsWavesConfiguration.get()
                    .setRepositories(GitOpsWavesConfiguration.get().getRepositories());
            argo.server.settle();

            var wait = waiting(Map.of("wave", "internal"), "0 of 1 targets");
            west.settle();

            assertThat((List<?>) wait.result().get("targets"))
                    .singleElement()
                    .satisfies(target ->
                            assertThat(((Map<?, ?>) target).get("server")).isEqualTo("west"));
        }
    }

    @Test
    void goesOnAfterARestart() throws Exception {
        var wait = waiting(Map.of("wave", "staging"), "0 of 2 targets");

        wait.restart();
        argo.server.settle();

        assertThat(wait.result()).containsEntry("superseded", false);
        assertThat(wait.context().completions()).isOne();
    }

    @Test
    void isAbortedAtOnce() throws Exception {
        var wait = waiting(Map.of("wave", "staging"), "0 of 2 targets");

        wait.abort();
        wait.abort();
        argo.server.settle();

        assertThatThrownBy(wait::end).isInstanceOf(FlowInterruptedException.class);
        assertThat(wait.context().completions()).isOne();
    }

    @Test
    void failsWhereASynchronisationFailed() throws Exception {
        argo.second.failNext(1, "Failed", "the quota is used up");
        var wait = waiting(Map.of("wave", "staging"), "0 of 2 targets");

        argo.server.settle();

        assertThatThrownBy(wait::end)
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll(
                        "The rollout to staging failed: staging-2 could not be synchronised.", "the quota is used up")
                .satisfies(failure -> assertThat(new RolloutFailedCondition().test(failure, null))
                        .isTrue())
                .satisfies(failure -> assertThat(new ConfigConflictCondition().test(failure, null))
                        .isFalse());
        assertThat(DeliveryAction.of(run).getRollouts())
                .singleElement()
                .satisfies(rollout -> assertThat(rollout.getState()).isEqualTo("failed"));
    }

    @Test
    void bearsADegradedTargetForAWhile() throws Exception {
        argo.second.degradeNextRollout("crash loop");
        var wait = waiting(Map.of("wave", "staging", "degradedFor", "1h"), "0 of 2 targets");
        argo.server.settle();
        await().until(() -> wait.log().contains("crash loop"));

        argo.second.recover();

        assertThat(wait.result()).containsEntry("superseded", false);
    }

    @Test
    void failsWhenATargetStaysDegraded() throws Exception {
        argo.second.degradeNextRollout("crash loop");
        var wait = waiting(Map.of("wave", "staging", "degradedFor", "1s"), "0 of 2 targets");

        argo.server.settle();

        assertThatThrownBy(wait::end)
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll("staging-2", "unwell for 1s");
    }

    @Test
    void isSupersededWhenANewerSetArrives() throws Exception {
        var wait = waiting(Map.of("wave", "staging"), "0 of 2 targets");
        delivered("app", "Service1", ConfigRepoFixture.OTHER_DIGEST);

        argo.first.settle();

        assertThat(wait.result()).containsEntry("superseded", true);
    }

    @Test
    void passesThroughForABuildThatWasSuperseded() throws Exception {
        TestRun early = steps.build("late");
        delivered("late", "Service2", ConfigRepoFixture.OTHER_DIGEST);
        steps.run(
                early,
                "commitConfig",
                Map.of("wave", "staging", "images", ConfigRepoFixture.images("Service2", ConfigRepoFixture.DIGEST)));

        assertThat(steps.start(early, "awaitArgoSync", Map.of("wave", "staging"))
                        .result())
                .contains(entry("superseded", true), entry("targets", List.of()));
    }

    @Test
    void waitsForWhateverRunsWhereTheBuildMadeNoChange() throws Exception {
        argo.server.settle();

        var wait = steps.start(steps.build("other"), "awaitArgoSync", Map.of("wave", "staging"));

        assertThat((List<?>) wait.result().get("targets")).hasSize(2);
    }

    @Test
    void isDoneAtOnceWhereNobodyIsToldOf() throws Exception {
        steps.configure(repository.definition());

        var wait = steps.start(run, "awaitArgoSync", Map.of("wave", "staging"));

        assertThat(wait.result()).contains(entry("superseded", false), entry("targets", List.of()));
    }

    @Test
    void aTargetLeadsToItsPageInArgoCd() {
        String server = GitOpsWavesConfiguration.get().getArgoServers().get(0).getUrl();

        assertThat(SafeLinks.application("main", "staging-1")).isEqualTo(server + "/applications/staging-1");
        assertThat(SafeLinks.application("other", "staging-1")).isNull();
    }

    @Test
    void endsAtItsDeadline() throws Exception {
        var wait = steps.start(run, "awaitArgoSync", Map.of("wave", "staging", "timeout", "1s"));

        assertThatThrownBy(wait::end)
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageStartingWith("The wave staging of \"cfg-app\" did not come to run "
                        + repository.tip("master") + " within 1s. ")
                .hasMessageContainingAll("staging-1: ", "staging-2: ");
    }

    @Test
    void looksBeforeItGivesUpAfterADowntime() throws Exception {
        var wait = waiting(Map.of("wave", "staging", "timeout", "1m"), "0 of 2 targets");
        byte[] saved = wait.save();

        steps.controllerIsDown(Duration.ofHours(2));
        wait.resume(saved);
        argo.server.settle();

        assertThat(wait.result()).containsEntry("superseded", false);
        assertThat(wait.context().completions()).isOne();
    }

    @Test
    void doesNotCountADowntimeAgainstAnUnhealthyTarget() throws Exception {
        argo.second.degradeNextRollout("crash loop");
        var wait = waiting(Map.of("wave", "staging", "degradedFor", "10m"), "0 of 2 targets");
        argo.server.settle();
        await().until(() -> wait.log().contains("crash loop"));
        byte[] saved = wait.save();

        steps.controllerIsDown(Duration.ofHours(2));
        wait.resume(saved);
        await().until(() -> wait.status().contains("crash loop"));
        assertThat(wait.context().hasEnded()).isFalse();
        argo.second.recover();

        assertThat(wait.result()).containsEntry("superseded", false);
    }

    @Test
    void saysThatTheServerDoesNotAnswerAndGoesOn() throws Exception {
        var wait = waiting(Map.of("wave", "staging"), "0 of 2 targets");

        argo.server.revoke(argo.token);
        argo.server.faults().dropStreams();
        await().until(() -> wait.log().contains("refuses the token"));
        assertThat(wait.log()).doesNotContain(argo.token);
        assertThat(wait.context().hasEnded()).isFalse();

        wait.abort();
        assertThatThrownBy(wait::end).isInstanceOf(FlowInterruptedException.class);
    }

    @Test
    void namesATargetThatDisappears() throws Exception {
        var wait = waiting(Map.of("wave", "staging"), "0 of 2 targets");
        argo.first.settle();

        argo.server.remove(argo.second);
        argo.server.remove(argo.first);

        await().until(() -> wait.log().contains("No application on Argo CD main matches staging-*"));
        wait.abort();
    }

    @Test
    void saysThatASelectedTargetIsGone() throws Exception {
        var wait = waiting(Map.of("wave", "staging"), "0 of 2 targets");

        argo.server.remove(argo.second);
        argo.first.settle();

        assertThat((List<?>) wait.result().get("targets")).hasSize(1);
        assertThat(wait.log())
                .contains("Wave staging: staging-2 is not a target any more; Argo CD or Flux has it no longer");
    }

    @Test
    void namesATargetThatGoesToAnotherRepository() throws Exception {
        var wait = waiting(Map.of("wave", "staging"), "0 of 2 targets");
        argo.first.settle();

        argo.second.sources(List.of(new Source("https://git.example.com/acme/other.git", "", "main")));

        await().until(() -> wait.log().contains("staging-2: it takes its manifests from elsewhere"));
        wait.abort();
    }

    @Test
    void takesNoUnknownWordForSuccess() throws Exception {
        var wait = waiting(Map.of("wave", "staging"), "0 of 2 targets");
        argo.server.settle();
        assertThat(wait.result()).containsEntry("superseded", false);
        run = delivered("app", "Service1", ConfigRepoFixture.OTHER_DIGEST);
        argo.second.overrideField("/status/health/status", "Elated");

        var next = steps.start(run, "awaitArgoSync", Map.of("wave", "staging"));
        argo.server.settle();

        await().until(() -> next.log().contains("\"Elated\""));
        assertThat(next.context().hasEnded()).isFalse();
        argo.second.clearOverrides();
        assertThat(next.result()).containsEntry("superseded", false);
    }

    @Test
    void refusesWhatItCannotWaitFor() throws Exception {
        assertRefused(Map.of(), "wave");
        assertRefused(Map.of("wave", "moon"), "moon", "staging, internal");
        assertRefused(Map.of("wave", "staging", "timeout", "soon"), "timeout", "soon");
        assertRefused(Map.of("wave", "staging", "degradedFor", "soon"), "degradedFor", "soon");
        assertRefused(Map.of("wave", "staging", "revision", "abc"), "revision", "abc");
        assertRefused(Map.of("wave", "staging", "revision", "9".repeat(40)), "9".repeat(40), "no commit");
        assertRefused(Map.of("wave", "staging", "patience", "1h"), "patience", "degradedFor");
    }

    @Test
    void refusesABuildWhoseChangeIsNotOnMain() throws Exception {
        TestRun early = steps.build("early");
        steps.run(
                early,
                "commitConfig",
                Map.of("wave", "staging", "images", ConfigRepoFixture.images("Service3", ConfigRepoFixture.DIGEST)));

        assertThatThrownBy(() -> steps.run(early, "awaitArgoSync", Map.of("wave", "staging")))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll("waitForCiAndMerge", "queued");
    }

    private void assertRefused(Map<String, Object> arguments, String... words) {
        assertThatThrownBy(() -> steps.run(run, "awaitArgoSync", arguments))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll(words);
    }
}
