package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import hudson.AbortException;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.common.ConfigConflict;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.failures.ChecksFailedCondition;
import io.jenkins.plugins.gitops.steps.failures.RolloutFailedCondition;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import jenkins.metrics.api.Metrics;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.junit.jupiter.api.Test;

class WaitForCiAndMergeStepTest extends DeliveryStepTestBase {

    private TestRun committed(String job, String service) throws Exception {
        return committed(job, service, ConfigRepoFixture.DIGEST);
    }

    private StepHarness.Started waiting(TestRun run, Map<String, Object> arguments) throws Exception {
        StepHarness.Started wait = steps.start(run, "waitForCiAndMerge", arguments);
        await().until(() -> wait.log().contains("Change "));
        return wait;
    }

    @Test
    void succeedsWhenTheChangeIsMerged() throws Exception {
        TestRun run = committed("app", "Service1");
        var wait = waiting(run, Map.of());
        assertThat(wait.status()).startsWith("waiting for change");
        String sha = repository.tip("auto");

        report(sha, "success");

        assertThat(wait.result()).contains(entry("outcome", "merged"), entry("sha", sha));
        assertThat((List<?>) wait.result().get("checks"))
                .isEqualTo(List.of(Map.of(
                        "context",
                        ConfigRepoFixture.CHECK,
                        "state",
                        "success",
                        "url",
                        "https://ci.example.com/" + sha,
                        "description",
                        "generated files")));
        assertThat(wait.result().get("waited")).isInstanceOf(Long.class);
        assertThat(repository.tip("master")).isEqualTo(sha);
        assertThat(DeliveryAction.of(run).getChanges()).singleElement().satisfies(change -> {
            assertThat(change.getState()).isEqualTo("merged");
            assertThat(change.getMainSha()).isEqualTo(sha);
            assertThat(change.getChecks()).hasSize(1);
        });
    }

    /** The clock is put forward, and the timers that are due in so many minutes run. */
    private static void passes(Duration time) {
        DriverRegistry drivers = DriverRegistry.get();
        drivers.setClock(Clock.offset(drivers.clock(), time));
        List<Delayed> due = drivers.executors().timer().getQueue().stream()
                .map(Delayed.class::cast)
                .filter(task -> task.getDelay(TimeUnit.MINUTES) == time.toMinutes() - 1)
                .toList();
        assertThat(due).isNotEmpty();
        due.forEach(task -> ((Runnable) task).run());
    }

    @Test
    void refusesAChangeOfAnotherRepository() throws Exception {
        TestRun run = committed("app", "Service1");
        String id = DeliveryAction.of(run).getChanges().get(0).getId();
        var other = new RepositoryDefinition(
                "other", folder.resolve("other.git").toUri().toString());
        other.setAllowInsecure(true);
        other.setAllJobs(true);
        other.setMergeWithoutChecks(true);
        steps.configure(repository.definition(), other);

        assertThatThrownBy(() -> steps.run(run, "waitForCiAndMerge", Map.of("repo", "other", "commit", id)))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContaining("is one of the config repository \"cfg-app\", not of \"other\"");
    }

    @Test
    void goesOnWhenJenkinsHasStoodStillForLongerThanItsTimeout() throws Exception {
        var wait = waiting(committed("app", "Service1"), Map.of("timeout", "2h"));
        DriverRegistry.get().downSince(Instant.EPOCH);

        passes(Duration.ofHours(2));
        report(repository.tip("auto"), "success");

        assertThat(wait.result()).containsEntry("outcome", "merged");
    }

    @Test
    void saysOnceAnHourWhatItStillWaitsFor() throws Exception {
        var wait = waiting(committed("app", "Service1"), Map.of());

        passes(Duration.ofHours(1));

        await().untilAsserted(() ->
                assertThat(wait.log()).contains("Still waiting, for 1h: Waiting for " + ConfigRepoFixture.CHECK));
    }

    @Test
    void succeedsWhenALaterBuildOfTheJobHasTakenItsPlace() throws Exception {
        TestRun earlier = steps.build("app");
        committed("app", "Service1", ConfigRepoFixture.OTHER_DIGEST);
        Map<String, Object> images = ConfigRepoFixture.images("Service1", ConfigRepoFixture.DIGEST);
        assertThat(steps.start(earlier, "commitConfig", Map.of("wave", "staging", "images", images))
                        .result())
                .containsEntry("superseded", true);

        assertThat(steps.start(earlier, "waitForCiAndMerge", Map.of()).result()).containsEntry("outcome", "superseded");
    }

    @Test
    void findsAChangeThatWasMergedBeforeItWaits() throws Exception {
        TestRun run = committed("app", "Service1");
        report(repository.tip("auto"), "success");
        await().until(() -> repository.queued() == 0);

        assertThat(steps.start(run, "waitForCiAndMerge", Map.of()).result()).containsEntry("outcome", "merged");
    }

    @Test
    void namesTheCommitAboveWhoseChecksCarriedTheChange() throws Exception {
        TestRun run = committed("app", "Service1");
        committed("other", "Service2");
        var wait = waiting(run, Map.of());
        String above = repository.tip("auto");

        report(above, "success");

        assertThat(wait.result()).contains(entry("outcome", "merged"));
        assertThat((List<?>) wait.result().get("checks"))
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, String.class))
                .containsEntry("context", ConfigRepoFixture.CHECK)
                .containsEntry("state", "success")
                .containsEntry("url", "https://ci.example.com/" + above)
                .containsEntry("description", "on " + above.substring(0, 10) + " above it");
    }

    @Test
    void failsWithTheFailedChecksWhenTheChangeIsEvicted() throws Exception {
        report(repository.tip("master"), "success");
        TestRun run = committed("app", "Service1");
        var wait = waiting(run, Map.of());
        String sha = repository.tip("auto");

        report(sha, "failure");

        assertThatThrownBy(wait::end)
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll(
                        "was evicted from cfg-app because a required check failed: ",
                        ConfigRepoFixture.CHECK + ": failure",
                        "https://ci.example.com/" + sha)
                .satisfies(failure -> assertThat(new ChecksFailedCondition().test(failure, null))
                        .isTrue())
                .satisfies(failure -> assertThat(new RolloutFailedCondition().test(failure, null))
                        .isFalse());
        assertThat(repository.queued()).isZero();
        assertThat(DeliveryAction.of(run).getChanges())
                .singleElement()
                .satisfies(change -> assertThat(change.getState()).isEqualTo("evicted"));
    }

    @Test
    void whatBecomesOfChangesIsCounted() throws Exception {
        MetricRegistry metrics = Metrics.metricRegistry();
        metrics.removeMatching((name, metric) -> metric instanceof Timer);
        report(repository.tip("master"), "success");
        committed("app", "Service1");
        committed("other", "Service2");
        await().untilAsserted(() -> assertThat(
                        metrics.getGauges().get("gitopswaves.cfg-app.queue").getValue())
                .isEqualTo(2));

        report(repository.tip("auto~1"), "failure");
        await().until(() -> repository.queued() == 1);
        report(repository.tip("auto"), "success");
        await().until(() -> repository.queued() == 0);

        await().untilAsserted(() -> assertThat(metrics.getTimers())
                .hasEntrySatisfying(
                        "gitopswaves.cfg-app.changes.evicted.red",
                        timer -> assertThat(timer.getCount()).isEqualTo(1))
                .hasEntrySatisfying(
                        "gitopswaves.cfg-app.changes.merged",
                        timer -> assertThat(timer.getCount()).isEqualTo(1)));
        assertThat(metrics.getGauges()).containsKeys("gitopswaves.cfg-app.trouble", "gitopswaves.cfg-app.hooks.missed");
    }

    @Test
    void keepsAnewWhatARewrittenCommitDoesToTheImages() throws Exception {
        report(repository.tip("master"), "success");
        committed("app", "Service1");
        String below = repository.tip("auto");
        TestRun run = steps.build("app");
        steps.run(
                run,
                "commitConfig",
                Map.of("wave", "staging", "images", ConfigRepoFixture.images("Service1", "sha256:" + "2".repeat(64))));
        waiting(run, Map.of());
        await().untilAsserted(() -> assertThat(
                        DeliveryAction.of(run).getChanges().get(0).getImages())
                .singleElement()
                .satisfies(image -> assertThat(image.getDigestBefore()).endsWith(ConfigRepoFixture.DIGEST)));

        report(below, "failure");

        await().untilAsserted(() -> assertThat(
                        DeliveryAction.of(run).getChanges().get(0).getImages())
                .singleElement()
                .satisfies(image -> assertThat(image.getDigestBefore()).isNull()));
    }

    @Test
    void goesOnAfterARestart() throws Exception {
        TestRun run = committed("app", "Service1");
        var wait = waiting(run, Map.of());

        wait.restart();
        await().until(() -> wait.log().contains("Change "));
        report(repository.tip("auto"), "success");

        assertThat(wait.result()).containsEntry("outcome", "merged");
    }

    @Test
    void hearsWhatHappenedWhileTheControllerWasDown() throws Exception {
        TestRun run = committed("app", "Service1");
        var wait = waiting(run, Map.of());
        byte[] saved = wait.save();
        report(repository.tip("auto"), "success");
        assertThat(wait.result()).containsEntry("outcome", "merged");

        wait.resume(saved);

        assertThat(wait.result()).containsEntry("outcome", "merged");
        assertThat(wait.context().completions()).isOne();
    }

    @Test
    void saysUnchangedAtOnce() throws Exception {
        committed("app", "Service1");
        report(repository.tip("auto"), "success");
        await().until(() -> repository.queued() == 0);
        TestRun again = committed("app", "Service1");

        assertThat(steps.start(again, "waitForCiAndMerge", Map.of()).result())
                .contains(entry("outcome", "unchanged"), entry("sha", repository.tip("master")), entry("waited", 0L));
    }

    @Test
    void followsAChangeOfAnotherBuildByItsIdOrItsCommit() throws Exception {
        TestRun run = committed("app", "Service1");
        String id = repository.trailer("auto", "Autocommit-Id");
        var byId = waiting(steps.build("other"), Map.of("commit", id));
        var bySha = waiting(steps.build("other"), Map.of("commit", repository.tip("auto")));

        report(repository.tip("auto"), "success");

        assertThat(byId.result()).containsEntry("outcome", "merged");
        assertThat(bySha.result()).containsEntry("outcome", "merged");
        assertThat(DeliveryAction.of(run).getChanges()).hasSize(1);
    }

    @Test
    void failsWithAConflictThatCanBeRetriedWhenTheChangeIsLost() throws Exception {
        var build = steps.build("app");
        var gone = new SubmittedChange(SubmittedChange.State.COMMITTED, "00000000000000000000", "0".repeat(40));
        DeliveryAction.of(build).record(ChangeEntry.submitted("cfg-app", WavePath.of("staging"), gone, 0));

        var wait = steps.start(build, "waitForCiAndMerge", Map.of());

        assertThatThrownBy(wait::end)
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContaining("00000000000000000000 was lost")
                .hasCauseInstanceOf(ConfigConflict.class);
    }

    @Test
    void aChangeThatNobodyKnowsIsNotCalledLost() throws Exception {
        var wait = steps.start(steps.build("app"), "waitForCiAndMerge", Map.of("commit", "00000000000000000000"));

        assertThatThrownBy(wait::end)
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContaining("00000000000000000000 is not known in cfg-app")
                .hasNoCause();
    }

    @Test
    void isAbortedAtOnceWithoutTouchingGit() throws Exception {
        var wait = waiting(committed("app", "Service1"), Map.of());
        String before = repository.tip("auto");

        wait.abort();
        wait.abort();

        assertThatThrownBy(wait::end).isInstanceOf(FlowInterruptedException.class);
        assertThat(repository.tip("auto")).isEqualTo(before);
        report(before, "success");
        await().until(() -> repository.queued() == 0);
        assertThat(wait.context().completions()).isOne();
    }

    @Test
    void isAbortedRightAfterARestart() throws Exception {
        var wait = waiting(committed("app", "Service1"), Map.of());

        wait.restart();
        wait.abort();

        assertThatThrownBy(wait::end).isInstanceOf(FlowInterruptedException.class);
        assertThat(wait.context().completions()).isOne();
        assertThat(repository.queued()).isOne();
    }

    @Test
    void evictsOnAbortWhenItWasAskedTo() throws Exception {
        var wait = waiting(committed("app", "Service1"), Map.of("evictOnAbort", true));

        wait.abort();

        await().until(() -> repository.queued() == 0);
        assertThat(repository.tip("auto")).isEqualTo(repository.tip("master"));
    }

    @Test
    void doesNotEvictWhatAnotherBuildWaitsFor() throws Exception {
        TestRun run = committed("app", "Service1");
        var wait = waiting(run, Map.of("evictOnAbort", true));
        String id = repository.trailer("auto", "Autocommit-Id");
        var other = waiting(steps.build("other"), Map.of("commit", id));

        wait.abort();
        report(repository.tip("auto"), "success");

        assertThat(other.result()).containsEntry("outcome", "merged");
    }

    @Test
    void endsAtItsDeadline() throws Exception {
        var wait = steps.start(committed("app", "Service1"), "waitForCiAndMerge", Map.of("timeout", "1s"));

        assertThatThrownBy(wait::end)
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll(
                        " was not merged within 1s: Waiting for " + ConfigRepoFixture.CHECK, "stays queued");
        assertThat(repository.queued()).isOne();
    }

    @Test
    void looksBeforeItGivesUpAfterADowntime() throws Exception {
        var wait = waiting(committed("app", "Service1"), Map.of("timeout", "1m"));
        byte[] saved = wait.save();

        steps.controllerIsDown(Duration.ofHours(7));
        report(repository.tip("auto"), "success");
        await().until(() -> repository.queued() == 0);
        wait.resume(saved);

        assertThat(wait.result()).containsEntry("outcome", "merged");
        assertThat(wait.context().completions()).isOne();
    }

    @Test
    void carriesOnWhenTheConfigurationChanges() throws Exception {
        var wait = waiting(committed("app", "Service1"), Map.of());
        var changed = repository.definition();
        changed.setCommitterName("Somebody else");

        steps.configure(changed);
        report(repository.tip("auto"), "success");

        assertThat(wait.result()).containsEntry("outcome", "merged");
    }

    @Test
    void outlivesATemporaryTroubleAndSaysSoOnce() throws Exception {
        try (GitHttpServer server =
                GitHttpServer.start(Files.createDirectory(folder.resolve("served")), "bot", "secret")) {
            ConfigRepoFixture served = new ConfigRepoFixture(server.create("cfg-app.git", "master"));
            TestCredentials.add("git", "bot", "secret");
            var configured = ConfigRepoFixture.definition(server.url("cfg-app.git"));
            configured.setCredentialsId("git");
            configured.setPollInterval("1s");
            steps.configure(configured);
            var wait = waiting(committed("app", "Service1"), Map.of());

            server.refuseAuthentication(true);
            await().until(() -> wait.log().contains("refused access"));
            server.refuseAuthentication(false);
            await().until(() -> wait.log().lines().count() >= 3);
            report(served.tip("auto"), "success");

            assertThat(wait.result()).containsEntry("outcome", "merged");
            assertThat(wait.log().lines().filter(line -> line.contains("refused access")))
                    .hasSize(1);
        }
    }

    @Test
    void refusesWhatItCannotFollow() {
        assertRefused(Map.of(), "commitConfig");
        assertRefused(Map.of("commit", "00000000000000000000", "timeout", "soon"), "timeout", "soon");
        assertRefused(Map.of("repo", "cfg-other"), "cfg-other");
        assertRefused(Map.of("patience", "6h"), "patience", "timeout");
    }

    private void assertRefused(Map<String, Object> arguments, String... words) {
        assertThatThrownBy(() -> steps.run(steps.build("app"), "waitForCiAndMerge", arguments))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll(words);
    }
}
