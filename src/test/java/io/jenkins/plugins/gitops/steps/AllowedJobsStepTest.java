package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.world.GitCli;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What steps may do to a wave whose {@code allowedJobs} does not name their job, or does no longer. */
class AllowedJobsStepTest extends ArgoCdStepTestBase {

    private RepositoryDefinition configured() {
        return GitOpsWavesConfiguration.get().getRepositories().get(0);
    }

    private WaveDefinition wave(String name) {
        return configured().getWaves().stream()
                .filter(wave -> name.equals(wave.getName()))
                .findFirst()
                .orElseThrow();
    }

    /** Saves the configuration after staging was closed to all jobs but these. */
    private void allow(String... jobs) {
        wave("staging").setAllowedJobs(List.of(jobs));
        GitOpsWavesConfiguration.get()
                .setRepositories(GitOpsWavesConfiguration.get().getRepositories());
    }

    private StepHarness.Started waiting(TestRun build, Map<String, Object> arguments) throws Exception {
        StepHarness.Started wait = steps.start(build, "waitForCiAndMerge", arguments);
        await().until(() -> wait.log().contains("Change "));
        return wait;
    }

    private void assertRefused(String job, String step, Map<String, Object> arguments, String... words) {
        assertThatThrownBy(() -> steps.run(steps.build(job), step, arguments))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void anotherJobEvictsNothingOfTheWave() throws Exception {
        allow("app");
        committed("app", "Service1", ConfigRepoFixture.OTHER_DIGEST);
        String id = repository.trailer("auto", "Autocommit-Id");
        var wait = waiting(steps.build("other"), Map.of("commit", id, "evictOnAbort", true));

        wait.abort();

        await().until(() -> wait.log().contains("is not evicted"));
        assertThat(wait.log()).contains("staging", "allowedJobs");
        assertThat(repository.queued()).isOne();
    }

    @Test
    void aJobThatWasRemovedWhileItWaitedEvictsNothing() throws Exception {
        allow("app");
        TestRun build = committed("app", "Service1", ConfigRepoFixture.OTHER_DIGEST);
        var wait = waiting(build, Map.of("evictOnAbort", true));
        allow("other");

        wait.abort();

        await().until(() -> wait.log().contains("is not evicted"));
        assertThat(repository.queued()).isOne();
    }

    @Test
    void aJobThatMayNotUseTheRepositoryAnyMoreEndsToWait() throws Exception {
        TestRun build = committed("app", "Service1", ConfigRepoFixture.OTHER_DIGEST);
        var wait = waiting(build, Map.of("evictOnAbort", true));
        configured().setAllowedJobs(List.of("acme/**"));

        wait.restart();

        assertThatThrownBy(wait::end).hasMessageContainingAll("app", "cfg-app", "the repository's allowedJobs");
        assertThat(repository.queued()).isOne();
    }

    @Test
    void aJobOfTheWaveEvictsAChangeThatAnotherBuildMade() throws Exception {
        allow("app");
        committed("app", "Service1", ConfigRepoFixture.OTHER_DIGEST);
        String id = repository.trailer("auto", "Autocommit-Id");

        assertThat(steps.start(steps.build("app"), "waitForCiAndMerge", Map.of("commit", id, "evictOnAbort", true)))
                .satisfies(wait -> {
                    await().until(() -> wait.log().contains("Change "));
                    wait.abort();
                    await().until(() -> repository.queued() == 0);
                });
    }

    @Test
    void anotherJobSynchronisesNothing() {
        allow("app");

        assertRefused("other", "awaitArgoSync", Map.of("wave", "staging", "sync", true), "other", "synchronise");
        assertRefused("other", "awaitArgoSync", Map.of("wave", "staging", "retryFailed", 1), "other", "synchronise");
    }

    @Test
    void anotherJobWaitsForTheWave() throws Exception {
        allow("app");
        var wait = steps.start(steps.build("other"), "awaitArgoSync", Map.of("wave", "staging"));
        argo.server.settle();

        assertThat(wait.result()).containsEntry("superseded", false);
    }

    @Test
    void aJobThatWasRemovedWhileItWaitedSynchronisesNothing() throws Exception {
        allow("app");
        argo.second.failNext(1, "Failed", "the quota is used up");
        var wait = steps.start(run, "awaitArgoSync", Map.of("wave", "staging", "retryFailed", 1));
        await().until(() -> wait.log().contains("0 of 2 targets"));
        allow("other");

        argo.server.settle();

        assertThatThrownBy(wait::end).hasMessageContainingAll("app", "synchronise targets of", "staging");
    }

    @Test
    void imagesAreRejectedByWhoMayWriteIntoEveryWave() throws Exception {
        allow("app");
        Map<String, Object> images = Map.of("digests", List.of(ConfigRepoFixture.OTHER_DIGEST), "reason", "crashes");

        assertRefused("other", "rejectImages", images, "other", "reject images of", "staging", "allowedJobs");

        steps.run(steps.build("app"), "rejectImages", images);
        assertThat(GitCli.run(
                        repository.bare(),
                        "ls-tree",
                        "-r",
                        "--name-only",
                        "refs/gitops-waves/master/state",
                        "rejected"))
                .isNotBlank();
    }

    @Test
    void aPromotionThatWaitsAsksAgain() throws Exception {
        var wait = steps.start(run, "promoteWave", Map.of("to", "internal", "wait", true));
        await().until(() -> wait.log().contains("Promotion from staging to internal: "));
        wave("internal").setAllowedJobs(List.of("acme/promote"));

        argo.server.settle();

        assertThatThrownBy(wait::end).hasMessageContainingAll("app", "promote into", "internal", "allowedJobs");
        assertThat(repository.queued()).isZero();
    }

    /** By kind: a step that is added has to be in one of these. */
    @Test
    void noStepActsOnAWaveForAJobThatTheWaveDoesNotName() throws Exception {
        allow("app");
        wave("internal").setAllowedJobs(List.of("app"));
        String digest = ConfigRepoFixture.OTHER_DIGEST;
        var images = ConfigRepoFixture.images("Service1", digest);
        String main = repository.tip("master");
        Map<String, List<Map<String, Object>>> attempts = new TreeMap<>(Map.of(
                "commitConfig",
                List.of(
                        Map.of("wave", "staging", "images", images),
                        Map.of("wave", "staging", "images", images, "dryRun", true)),
                "promoteWave",
                List.of(
                        Map.of("to", "internal"),
                        Map.of("to", "internal", "dryRun", true),
                        Map.of("to", "internal", "wait", true),
                        Map.of("to", "internal", "rollback", true, "revision", main),
                        Map.of("to", "staging", "rollback", true, "revision", main)),
                "awaitArgoSync",
                List.of(Map.of("wave", "staging", "sync", true), Map.of("wave", "staging", "retryFailed", 3)),
                "holdWave",
                List.of(Map.of("wave", "staging", "reason", "mine")),
                "releaseWave",
                List.of(Map.of("wave", "staging")),
                "rejectImages",
                List.of(
                        Map.of("digests", List.of(digest), "reason", "mine"),
                        Map.of("revision", main, "reason", "mine"))));
        attempts.put("awaitRollout", attempts.get("awaitArgoSync"));
        attempts.put("acceptImages", List.of(Map.of("digests", List.of(digest), "reason", "mine")));
        attempts.put("approveSet", List.of(Map.of("wave", "internal"), Map.of("wave", "internal", "withdraw", true)));
        attempts.put("reportVerification", List.of(Map.of("wave", "staging", "name", "smoke", "state", "success")));
        attempts.put("verifyWave", List.of(Map.of("wave", "staging")));
        // These act on no wave: what they may is asked elsewhere, and an eviction when it is to be made.
        Set<String> others = Set.of("generateConfig", "recordImage", "reportCiStatus", "waitForCiAndMerge");
        String before = GitCli.run(repository.bare(), "for-each-ref");

        attempts.forEach((step, arguments) ->
                arguments.forEach(each -> assertThatThrownBy(() -> steps.run(steps.build("other"), step, each))
                        .as(step + " " + each)
                        .isExactlyInstanceOf(AbortException.class)
                        .hasMessageContainingAll("\"other\"", "allowedJobs")));

        assertThat(GitCli.run(repository.bare(), "for-each-ref")).isEqualTo(before);
        assertThat(ExtensionList.lookup(GitOpsStepDescriptor.class))
                .extracting(GitOpsStepDescriptor::getFunctionName)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(attempts.keySet().stream(), others.stream())
                        .toList());
    }
}
