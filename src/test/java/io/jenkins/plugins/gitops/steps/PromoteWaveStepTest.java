package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import hudson.AbortException;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.SavedCondition;
import io.jenkins.plugins.gitops.common.ConfigConflict;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.world.ApplicationSpec;
import io.jenkins.plugins.gitops.world.ApplicationSpec.Source;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.junit.jupiter.api.Test;

class PromoteWaveStepTest extends ArgoCdStepTestBase {

    private void deployed() throws Exception {
        argo.server.settle();
        steps.run(run, "awaitArgoSync", Map.of("wave", "staging"));
    }

    @Test
    void takesTheWholeRoad() throws Exception {
        deployed();

        var promoted =
                steps.start(run, "promoteWave", Map.of("from", "staging")).result();

        assertThat(promoted).contains(entry("changed", true), entry("superseded", false));
        assertThat((List<?>) promoted.get("conditions"))
                .hasSize(5)
                .allMatch(condition -> Boolean.TRUE.equals(((Map<?, ?>) condition).get("met")));
        assertThat(repository.trailer("auto", "Autocommit-Source-SHA")).isEqualTo(repository.tip("master"));
        merge(run);
        argo.server.settle();
        assertThat(steps.start(run, "awaitArgoSync", Map.of("wave", "internal")).result())
                .contains(entry("superseded", false), entry("revision", repository.tip("master")));
        assertThat(repository.show("master", "images/internal/digests.json"))
                .isEqualTo(repository.show("master", "images/staging/digests.json"));
        assertThat(DeliveryAction.of(run).getTimeline()).hasSize(5);
    }

    @Test
    void failsWithTheConditionsThatDoNotHold() throws Exception {
        argo.first.settle();

        var refused = steps.start(run, "promoteWave", Map.of("to", "internal"));

        assertThatThrownBy(refused::end)
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll("staging", "internal", "deployed and healthy", "wait: true")
                .hasCauseInstanceOf(NotPromotable.class);
        assertThat(repository.queued()).isZero();
        assertThat(DeliveryAction.of(run).getPromotions()).singleElement().satisfies(promotion -> {
            assertThat(promotion.getState()).isEqualTo("refused");
            assertThat(promotion.getConditions())
                    .extracting(SavedCondition::isMet)
                    .containsExactly(false, true);
        });
    }

    @Test
    void waitsUntilItMay() throws Exception {
        argo.second.degradeNextRollout("crash loop");
        argo.server.settle();
        var wait = steps.start(run, "promoteWave", Map.of("to", "internal", "wait", true));
        await().until(() -> wait.log().contains("staging-2: it is degraded: crash loop"));
        assertThat(wait.status()).contains("promoting from staging to internal", "crash loop");
        assertThat(repository.queued()).isZero();

        argo.second.recover();

        assertThat(wait.result()).containsEntry("changed", true);
        assertThat(repository.queued()).isOne();
        assertThat(wait.log().lines().filter(line -> line.startsWith("Promotion from staging to internal: ")))
                .as("a line for each condition that was seen otherwise")
                .doesNotHaveDuplicates()
                .allMatch(line -> line.startsWith("Promotion from staging to internal: deployed and healthy: "));
    }

    @Test
    void waitsForATargetThatGoesToAnotherRepository() throws Exception {
        var wait = steps.start(run, "promoteWave", Map.of("to", "internal", "wait", true));
        argo.first.settle();
        argo.second.sources(List.of(new Source("https://git.example.com/acme/other.git", "", "main")));
        await().until(() -> wait.log().contains("deployed and healthy: in staging: 1 of 2 targets")
                && wait.log().contains("staging-2: it takes its manifests from elsewhere"));
        assertThat(repository.queued()).isZero();

        argo.second.sources(List.of(new Source(repository.url(), "images/staging", "master")));
        argo.second.settle();

        assertThat(wait.result()).containsEntry("changed", true);
    }

    @Test
    void waitsForATargetThatDisappears() throws Exception {
        GitOpsWavesConfiguration.get()
                .getRepositories()
                .get(0)
                .getWaves()
                .get(0)
                .setApplications(List.of("staging-1", "staging-2"));
        GitOpsWavesConfiguration.get()
                .setRepositories(GitOpsWavesConfiguration.get().getRepositories());
        var wait = steps.start(run, "promoteWave", Map.of("to", "internal", "wait", true));
        argo.server.remove(argo.second);
        argo.first.settle();
        await().until(() -> wait.log().contains("staging-2: Argo CD main has no such application"));
        assertThat(repository.queued()).isZero();

        argo.server
                .add(new ApplicationSpec("staging-2", repository.url(), "images/staging", "master"))
                .settle();

        assertThat(wait.result()).containsEntry("changed", true);
    }

    @Test
    void waitsOnAfterARestart() throws Exception {
        var wait = steps.start(run, "promoteWave", Map.of("to", "internal", "wait", true));
        await().until(() -> wait.log().contains("deployed and healthy"));

        wait.restart();
        argo.server.settle();

        assertThat(wait.result()).containsEntry("changed", true);
        assertThat(wait.context().completions()).isOne();
        assertThat(repository.queued()).isOne();
    }

    @Test
    void promotesOnceThoughKilledRightAfterThePush() throws Exception {
        deployed();
        var promotion = steps.prepare(run, "promoteWave", Map.of("to", "internal"));
        promotion.begin();
        byte[] saved = promotion.save();
        String sha = (String) promotion.result().get("sha");

        promotion.resume(saved);

        assertThat(promotion.result()).contains(entry("changed", true), entry("sha", sha));
        assertThat(repository.queued()).isOne();
    }

    @Test
    void pushesNothingBeforeItsStateIsSaved() throws Exception {
        deployed();
        var promotion = steps.prepare(run, "promoteWave", Map.of("to", "internal"));
        promotion.context().holdSaves();
        promotion.begin();
        byte[] saved = promotion.save();
        assertThat(repository.queued()).isZero();

        promotion.resume(saved);

        assertThat(promotion.result()).containsEntry("changed", true);
        assertThat(repository.queued()).isOne();
    }

    @Test
    void isAbortedWhileItWaitsWithoutTouchingGit() throws Exception {
        var wait = steps.start(run, "promoteWave", Map.of("to", "internal", "wait", true));
        await().until(() -> wait.log().contains("deployed and healthy"));

        wait.abort();
        argo.server.settle();

        assertThatThrownBy(wait::end).isInstanceOf(FlowInterruptedException.class);
        await().until(() -> repository.state("waves/staging.json").contains(repository.tip("master")));
        assertThat(repository.queued()).isZero();
    }

    @Test
    void saysThatThereIsNothingToDo() throws Exception {
        deployed();
        steps.run(run, "promoteWave", Map.of("to", "internal"));
        merge(run);

        TestRun again = steps.build("promote");
        assertThat(steps.start(again, "promoteWave", Map.of("to", "internal")).result())
                .contains(entry("changed", false), entry("superseded", false));
        assertThat(steps.start(again, "waitForCiAndMerge", Map.of()).result()).containsEntry("outcome", "unchanged");
    }

    @Test
    void aLateBuildDoesNotPromoteBackwards() throws Exception {
        deployed();
        TestRun newer = delivered("app", "Service1", ConfigRepoFixture.OTHER_DIGEST);
        argo.server.settle();
        steps.run(newer, "awaitArgoSync", Map.of("wave", "staging"));
        steps.run(newer, "promoteWave", Map.of("to", "internal"));
        merge(newer);
        String before = repository.tip("auto");

        assertThat(steps.start(run, "promoteWave", Map.of("to", "internal")).result())
                .contains(entry("superseded", true), entry("changed", false));
        assertThat(repository.tip("auto")).isEqualTo(before);
    }

    /** A body for which a file is generated from the images of the next wave. */
    private static Object generate(Path cfg) throws Exception {
        Files.createDirectories(cfg.resolve("generated"));
        Files.copy(cfg.resolve("images/internal/tags.json"), cfg.resolve("generated/tags.json"));
        return null;
    }

    private StepHarness.Started promote(TestStepContext.Body body, Map<String, Object> arguments) throws Exception {
        steps.in(Files.createDirectories(folder.resolve("workspace")).toFile());
        Map<String, Object> all = new HashMap<>(arguments);
        all.put("to", "internal");
        all.put("bodyPaths", List.of("generated/**"));
        return steps.body(body).start(run, "promoteWave", all);
    }

    /** Somebody pushes a file to main. */
    private void pushToMain(String path, String content) throws Exception {
        Path checkout = folder.resolve("checkout");
        GitCli.run(folder, "clone", "-q", repository.url(), checkout.toString());
        Files.createDirectories(checkout.resolve(path).getParent());
        Files.writeString(checkout.resolve(path), content);
        GitCli.run(checkout, "add", "-A");
        GitCli.run(checkout, "commit", "-q", "-m", "By hand");
        GitCli.run(checkout, "push", "-q", "origin", "HEAD:refs/heads/master");
    }

    @Test
    void commitsWhatItsBodyMadeWithTheImages() throws Exception {
        deployed();

        var promoted = promote(PromoteWaveStepTest::generate, Map.of());

        assertThat(promoted.result()).contains(entry("changed", true), entry("sha", repository.tip("auto")));
        assertThat(repository.queued()).isOne();
        assertThat(repository.show("auto", "generated/tags.json"))
                .isEqualTo(repository.show("auto", "images/internal/tags.json"));
        assertThat(repository.trailer("auto", "Autocommit-Source-SHA")).isEqualTo(repository.tip("master"));
    }

    @Test
    void survivesARestartInItsBody() throws Exception {
        deployed();
        var promotion = promote(cfg -> TestStepContext.Body.GOES_ON, Map.of());
        await().until(() -> promotion.context().runningBody() != null);
        assertThat(promotion.status()).contains("running the body");

        promotion.restart();
        generate(folder.resolve("workspace/cfg"));
        promotion.endBody();

        assertThat(promotion.result()).containsEntry("id", repository.trailer("auto", "Autocommit-Id"));
        assertThat(repository.show("auto", "generated/tags.json")).contains("service1:1");
        assertThat(promotion.context().completions()).isOne();
        assertThat(repository.queued()).isOne();
    }

    @Test
    void runsItsBodyOnlyWhenItMayPromote() throws Exception {
        var refused = promote(
                cfg -> {
                    throw new AssertionError("nothing is to be generated yet");
                },
                Map.of());
        assertThatThrownBy(refused::end)
                .hasMessageContaining("deployed and healthy")
                .hasCauseInstanceOf(NotPromotable.class);
        var wait = promote(PromoteWaveStepTest::generate, Map.of("wait", true));
        await().until(() -> wait.log().contains("deployed and healthy"));
        assertThat(folder.resolve("workspace/cfg")).doesNotExist();

        argo.server.settle();

        assertThat(wait.result()).containsEntry("changed", true);
        assertThat(repository.show("auto", "generated/tags.json")).contains("service1:1");
    }

    @Test
    void waitsOnWithWhatItsBodyMade() throws Exception {
        deployed();
        TestRun admin = steps.build("admin");
        var bodies = new AtomicInteger();
        var wait = promote(
                cfg -> {
                    bodies.incrementAndGet();
                    steps.body(null).run(admin, "holdWave", Map.of("wave", "internal", "reason", "the database moves"));
                    return generate(cfg);
                },
                Map.of("wait", true));
        await().until(() -> wait.log().contains("hold: internal is held by admin #1"));
        assertThat(repository.queued()).isZero();

        steps.body(null).run(admin, "releaseWave", Map.of("wave", "internal"));

        assertThat(wait.result()).containsEntry("changed", true);
        assertThat(bodies).hasValue(1);
        assertThat(repository.show("auto", "generated/tags.json")).contains("service1:1");
    }

    @Test
    void failsWhereItsFilesConflictInAWayThatCanBeRetried() throws Exception {
        deployed();

        var conflict = promote(
                cfg -> {
                    pushToMain("generated/tags.json", "by hand");
                    return generate(cfg);
                },
                Map.of("wait", true));

        assertThatThrownBy(conflict::end)
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContaining("generated/tags.json")
                .hasCauseInstanceOf(ConfigConflict.class);
        assertThat(repository.queued()).isZero();
    }

    @Test
    void promotesTheSetOfItsBodyOrNone() throws Exception {
        deployed();

        var promotion = promote(
                cfg -> {
                    steps.body(null);
                    TestRun newer = delivered("app", "Service1", ConfigRepoFixture.OTHER_DIGEST);
                    argo.server.settle();
                    steps.run(newer, "awaitArgoSync", Map.of("wave", "staging"));
                    return generate(cfg);
                },
                Map.of());

        assertThat(promotion.result()).contains(entry("superseded", true), entry("changed", false));
        assertThat(repository.queued()).isZero();
    }

    @Test
    void doesNotRunItsBodyForNothing() throws Exception {
        deployed();
        steps.run(run, "promoteWave", Map.of("to", "internal"));
        merge(run);
        TestStepContext.Body never = cfg -> {
            throw new AssertionError("there is nothing to generate");
        };

        run = steps.build("promote");
        assertThat(promote(never, Map.of()).result()).containsEntry("changed", false);
        assertThat(promote(never, Map.of("dryRun", true)).result()).containsEntry("changed", false);
    }

    @Test
    void isTriedAgainInABuildThatMadeNothingElse() throws Exception {
        deployed();
        run = steps.build("promote");
        String id = (String)
                promote(PromoteWaveStepTest::generate, Map.of()).result().get("id");

        assertThat(promote(PromoteWaveStepTest::generate, Map.of()).result()).containsEntry("id", id);
    }

    /** Promotes two sets into the internal wave, one after the other; returns the commit of the first. */
    private String promotedTwice() throws Exception {
        deployed();
        steps.run(run, "promoteWave", Map.of("to", "internal"));
        merge(run);
        String good = repository.tip("master");
        TestRun newer = delivered("app", "Service1", ConfigRepoFixture.OTHER_DIGEST);
        argo.server.settle();
        steps.run(newer, "awaitArgoSync", Map.of("wave", "staging"));
        steps.run(newer, "promoteWave", Map.of("to", "internal"));
        merge(newer);
        return good;
    }

    @Test
    void rollsBackWithWhatItsBodyMade() throws Exception {
        String good = promotedTwice();

        run = steps.build("rollback");
        promote(
                        cfg -> {
                            assertThat(cfg.resolve("images/internal/digests.json"))
                                    .content()
                                    .contains(ConfigRepoFixture.DIGEST);
                            return generate(cfg);
                        },
                        Map.of("rollback", true, "revision", good))
                .result();

        assertThat(repository.trailer("auto", "Autocommit-Operation")).isEqualTo("rollback");
        assertThat(repository.show("auto", "generated/tags.json")).contains("service1:1");
        assertThat(repository.state("waves/internal.json")).contains("rolled back to " + good, "rollback #1");
    }

    private void soak(String duration) {
        GitOpsWavesConfiguration.get()
                .getRepositories()
                .get(0)
                .getWaves()
                .get(1)
                .setSoak(duration);
        GitOpsWavesConfiguration.get()
                .setRepositories(GitOpsWavesConfiguration.get().getRepositories());
    }

    @Test
    void waitsForASoakAndForARelease() throws Exception {
        soak("1h");
        deployed();
        TestRun admin = steps.build("admin");
        steps.run(admin, "holdWave", Map.of("wave", "internal", "reason", "the database moves"));
        var wait = steps.start(run, "promoteWave", Map.of("to", "internal", "wait", true));
        await().until(() -> wait.log().contains("soak: it runs there since"));
        await().until(() -> wait.log().contains("hold: internal is held by admin #1"));

        wait.restart();
        steps.run(admin, "releaseWave", Map.of("wave", "internal"));
        soak("1s");

        assertThat(wait.result()).containsEntry("changed", true);
        await().untilAsserted(() -> assertThat(repository.state("waves/internal.json"))
                .contains("qualified")
                .doesNotContain("database"));
    }

    @Test
    void keepsNewerSetsOutsideWhileOneSoaks() throws Exception {
        soak("1h");
        deployed();
        TestRun newer = steps.build("app");

        var commit = steps.start(
                newer,
                "commitConfig",
                Map.of(
                        "wave",
                        "staging",
                        "images",
                        ConfigRepoFixture.images("Service1", ConfigRepoFixture.OTHER_DIGEST)));

        await().until(() -> commit.log().contains("soaks in staging for internal"));
        assertThat(commit.status()).contains("soaks in staging");
        await().untilAsserted(() -> assertThat(DeliveryAction.of(newer).getChanges())
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.getState()).isEqualTo("waiting");
                    assertThat(change.getReason()).contains("soaks in staging for internal");
                }));
        commit.restart();
        soak("1s");
        assertThat(commit.result()).containsEntry("changed", true);
        assertThat(DeliveryAction.of(steps.reload(newer)).getChanges())
                .singleElement()
                .satisfies(change -> assertThat(change.getState()).isEqualTo("queued"));
    }

    @Test
    void showsWhyNothingWasCommitted() throws Exception {
        TestRun admin = steps.build("admin");
        steps.run(admin, "holdWave", Map.of("wave", "staging", "reason", "the database moves"));
        TestRun newer = steps.build("app");

        assertThatThrownBy(() -> steps.run(
                        newer,
                        "commitConfig",
                        Map.of(
                                "wave",
                                "staging",
                                "images",
                                ConfigRepoFixture.images("Service1", ConfigRepoFixture.OTHER_DIGEST))))
                .hasMessageContaining("the database moves");

        assertThat(DeliveryAction.of(newer).getChanges()).singleElement().satisfies(change -> {
            assertThat(change.getState()).isEqualTo("refused");
            assertThat(change.getReason()).contains("the database moves");
        });
        assertThat(DeliveryAction.of(newer).lastChange("cfg-app")).isEmpty();
    }

    @Test
    void triesOut() throws Exception {
        deployed();

        var tried = steps.start(run, "promoteWave", Map.of("to", "internal", "dryRun", true));

        assertThat(tried.result()).contains(entry("changed", false), entry("id", ""));
        assertThat((List<?>) tried.result().get("differences"))
                .singleElement()
                .asString()
                .startsWith("Service1: none -> docker.example.com/service1:1");
        assertThat(repository.queued()).isZero();
        assertThat(DeliveryAction.of(run).getPromotions()).singleElement().satisfies(promotion -> {
            assertThat(promotion.getState()).isEqualTo("tried out");
            assertThat(promotion.getDifferences()).hasSize(1);
        });
        assertThat(diff()).contains("+++ b/images/internal/tags.json");
    }

    @Test
    void triesOutWhatItsBodyMakes() throws Exception {
        deployed();

        var tried = promote(PromoteWaveStepTest::generate, Map.of("dryRun", true));

        assertThat(tried.result()).contains(entry("changed", false), entry("id", ""));
        assertThat(diff())
                .contains(
                        "+++ b/images/internal/tags.json",
                        "+++ b/generated/tags.json",
                        "docker.example.com/service1:1");
        assertThat(repository.queued()).isZero();
    }

    @Test
    void triesOutWhatItsBodyMakesWhenItMayNotPromoteYet() throws Exception {
        soak("1h");
        deployed();

        var tried = promote(PromoteWaveStepTest::generate, Map.of("dryRun", true));

        assertThat(tried.result()).containsEntry("changed", false);
        assertThat(tried.log()).contains("Nothing is pushed (dryRun). soak: it runs there since");
        assertThat(diff()).contains("+++ b/generated/tags.json");
        assertThat(repository.queued()).isZero();
    }

    private String diff() throws Exception {
        DeliveryAction delivery = DeliveryAction.of(run);
        return delivery.diff(delivery.getDryRuns().get(0));
    }

    @Test
    void rollsBackAndHolds() throws Exception {
        String good = promotedTwice();

        TestRun back = steps.build("rollback");
        steps.run(back, "promoteWave", Map.of("to", "internal", "rollback", true, "revision", good));
        merge(back);

        assertThat(repository.show("master", "images/internal/digests.json")).contains(ConfigRepoFixture.DIGEST);
        assertThat(repository.trailer("master", "Autocommit-Operation")).isEqualTo("rollback");
        assertThat(repository.state("waves/internal.json")).contains("rolled back to " + good, "rollback #1");
        assertThatThrownBy(() -> steps.run(steps.build("p"), "promoteWave", Map.of("to", "internal")))
                .hasMessageContaining("hold: internal is held");
    }

    private static Map<String, ?> rejections() {
        return DriverRegistry.get().state("cfg-app").orElseThrow().rejections().byDigest();
    }

    @Test
    void imagesOfAReleaseThatIsNamedByItsBuildAreRejected() throws Exception {
        promotedTwice();

        steps.run(steps.build("ops"), "rejectImages", Map.of("revision", "#" + run.getNumber(), "reason", "it leaks"));

        await().untilAsserted(() -> assertThat(rejections()).containsOnlyKeys(ConfigRepoFixture.DIGEST));
        assertThatThrownBy(() ->
                        steps.run(steps.build("ops"), "rejectImages", Map.of("revision", "#99", "reason", "it leaks")))
                .hasMessageContaining(
                        "\"#99\" is not a release that staging or internal", "name the build of one (#5)");
    }

    @Test
    void rollsBackToAReleaseThatIsNamedByItsBuild() throws Exception {
        promotedTwice();

        TestRun back = steps.build("rollback");
        steps.run(back, "promoteWave", Map.of("to", "internal", "rollback", true, "revision", "#" + run.getNumber()));
        merge(back);

        assertThat(repository.show("master", "images/internal/digests.json")).contains(ConfigRepoFixture.DIGEST);
        assertThat(repository.trailer("master", "Autocommit-Operation")).isEqualTo("rollback");
        assertThatThrownBy(() -> steps.run(
                        steps.build("p"), "promoteWave", Map.of("to", "internal", "rollback", true, "revision", "#99")))
                .hasMessageContaining("\"#99\" is not a release that internal is known to have had");
    }

    @Test
    void neverPromotesWhatWasRejected() throws Exception {
        deployed();
        TestRun admin = steps.build("admin");
        steps.run(admin, "rejectImages", Map.of("digests", List.of(ConfigRepoFixture.DIGEST), "reason", "it leaks"));

        String rejected = GitCli.run(
                        repository.bare(), "ls-tree", "-r", "--name-only", "refs/gitops-waves/master/state", "rejected")
                .strip();
        assertThat(repository.state(rejected)).contains(ConfigRepoFixture.DIGEST, "it leaks", "admin #1");
        assertThatThrownBy(() -> steps.run(run, "promoteWave", Map.of("to", "internal")))
                .hasMessageContainingAll("rejected digests", "Service1", "it leaks");
    }

    @Test
    void refusesMarkingsThatMakeNoSense() throws Exception {
        assertRefused("holdWave", Map.of("wave", "internal"), "reason");
        assertRefused("holdWave", Map.of("wave", "moon", "reason", "x"), "moon", "staging, internal");
        String tooLong = "x".repeat(1001);
        assertRefused("holdWave", Map.of("wave", "internal", "reason", tooLong), "reason", "1001", "at most 1000");
        assertRefused(
                "rejectImages",
                Map.of("digests", List.of(ConfigRepoFixture.DIGEST), "reason", tooLong),
                "reason",
                "at most 1000");
        assertRefused(
                "promoteWave",
                Map.of("from", "staging", "to", "internal", "message", tooLong),
                "message",
                "at most 1000");
        assertRefused("holdWave", Map.of("wave", "internal", "reason", "x", "until", "noon"), "until");
        assertRefused(
                "holdWave", Map.of("wave", "internal", "reason", "x", "until", "2020-01-01T00:00:00Z"), "over already");
        assertRefused("holdWave", Map.of("wave", "internal", "reason", "x", "until", "2020-01-01Tnoon"), "offset");
        assertRefused("holdWave", Map.of("wave", "internal", "reason", "x", "set", "shop"), "no parameter \"set\"");
        assertRefused("releaseWave", Map.of(), "wave");
        assertRefused("rejectImages", Map.of("reason", "x"), "digests", "revision");
        assertRefused("rejectImages", Map.of("reason", "x", "digests", "latest"), "latest", "sha256:");
        assertRefused("rejectImages", Map.of("reason", "x", "revision", "main"), "\"main\" is not a release");
        assertRefused("rejectImages", Map.of("reason", "x", "revision", "9".repeat(40)), "has no commit");
        assertRefused("awaitArgoSync", Map.of("wave", "staging", "retryFailed", -1), "retryFailed");
        assertRefused("awaitArgoSync", Map.of("wave", "staging", "retryFailed", "often"), "whole number");
        GitOpsWavesConfiguration.get()
                .getRepositories()
                .get(0)
                .getWaves()
                .get(1)
                .setAllowedJobs(List.of("admin"));
        assertRefused("holdWave", Map.of("wave", "internal", "reason", "x"), "allowedJobs");
        assertRefused("releaseWave", Map.of("wave", "internal"), "allowedJobs");
    }

    @Test
    void refusesWhatItCannotPromote() throws Exception {
        assertRefused(Map.of(), "from", "to");
        assertRefused(Map.of("to", "moon"), "moon", "staging, internal");
        assertRefused(Map.of("from", "moon"), "moon");
        assertRefused(Map.of("from", "internal"), "none promotes from internal");
        assertRefused(Map.of("to", "staging"), "promotes from no other");
        assertRefused(Map.of("from", "internal", "to", "internal"), "promotes from staging");
        assertRefused(Map.of("to", "internal", "revision", "main"), "revision", "main");
        assertRefused(Map.of("to", "internal", "rollback", true), "needs revision");
        assertRefused(Map.of("to", "internal", "rollback", true, "wait", true), "rollback", "waits for no condition");
        assertRefused(Map.of("to", "internal", "require", "some"), "require", "canaries");
        assertRefused(Map.of("to", "internal", "set", "shop"), "shop", "leave set: out");
        assertThat(repository.queued()).isZero();
    }

    @Test
    void refusesAJobThatMayNotWriteTheWave() throws Exception {
        var configured = GitOpsWavesConfiguration.get().getRepositories().get(0);
        WaveDefinition internal = configured.getWaves().get(1);
        internal.setAllowedJobs(List.of("acme/promote-*"));

        assertRefused(Map.of("to", "internal"), "app", "internal", "allowedJobs");
    }

    private void assertRefused(Map<String, Object> arguments, String... words) {
        assertRefused("promoteWave", arguments, words);
    }

    private void assertRefused(String step, Map<String, Object> arguments, String... words) {
        assertThatThrownBy(() -> steps.run(run, step, arguments))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll(words);
    }
}
