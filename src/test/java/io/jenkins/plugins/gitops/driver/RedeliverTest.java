package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.DriverRequest.EvictChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PrepareChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PreviewChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionRequest.Kind;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.waves.FanIn;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A commit of the application that a wave had before, and something newer since. */
class RedeliverTest extends MemoryDriverTestBase {

    private static final String OLD = "a".repeat(40);
    private static final String NEW = "b".repeat(40);

    private static final Wave STAGING = Wave.named("staging")
            .targets(new TargetSelection(DeployedApplications.SERVER, List.of("staging-1"), ""))
            .build();
    private static final Wave INTERNAL =
            Wave.named("internal").promotesFrom("staging").build();

    private Driver driver;

    @BeforeEach
    void begin() throws GitOpsException {
        driver = scene.driver("jenkins", scene.settings(List.of(STAGING, INTERNAL)));
        driver.round();
    }

    private static NewChange change(String appSha, String order, String... servicesAndVersions) {
        return change(ChangeOperation.ANNOUNCE, appSha, order, servicesAndVersions);
    }

    private static NewChange change(
            ChangeOperation operation, String appSha, String order, String... servicesAndVersions) {
        return new NewChange(
                RepositoryScene.trailers(operation, WavePath.of("staging"), order)
                        .appSha(appSha)
                        .build(),
                RepositoryScene.images(servicesAndVersions));
    }

    private SubmittedChange append(NewChange change) throws GitOpsException {
        return scene.answer(driver, new AppendChange(change));
    }

    /** A delivery to staging that lands; returns main. */
    private String deliver(NewChange change) throws GitOpsException {
        scene.report(driver, append(change).sha(), CheckState.SUCCESS);
        return scene.main();
    }

    private void assertRefused(NewChange change) throws GitOpsException {
        String before = scene.auto();
        CompletableFuture<SubmittedChange> asked = driver.submit(new AppendChange(change));
        driver.round();
        assertThatThrownBy(asked::get)
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContainingAll(
                        "Nothing was committed to staging",
                        "staging had the app commit aaaaaaaaaa already (change ",
                        "newer since: bbbbbbbbbb (change ",
                        "redeliver: true",
                        "roll the wave back");
        assertThat(scene.auto()).isEqualTo(before);
    }

    // ---- builds and announcements --------------------------------------------------------------------------------

    @Test
    void anOldCommitWithAHigherNumberIsRefused() throws Exception {
        deliver(change(OLD, "app#1", "shop", "1"));
        deliver(change(NEW, "app#2", "shop", "2"));

        assertRefused(change(OLD, "app#3", "shop", "1"));
        // A second build of the same commit may have another digest.
        assertRefused(change(OLD, "app#4", "shop", "1-rebuilt"));
        assertRefused(change(ChangeOperation.REPLACE, OLD, "app#5", "shop", "1"));
        assertRefused(change(OLD, "announced:images#9", "shop", "1"));
        assertThat(scene.tag("main", "shop")).isEqualTo("2");
    }

    @Test
    void whatIsQueuedCountsAsDelivered() throws Exception {
        append(change(OLD, "app#1", "shop", "1"));
        append(change(NEW, "app#2", "shop", "2"));

        assertRefused(change(OLD, "app#3", "shop", "1"));
    }

    @Test
    void bodiesAndPreviewsAreRefusedBeforeTheyBegin() throws Exception {
        deliver(change(OLD, "app#1", "shop", "1"));
        deliver(change(NEW, "app#2", "shop", "2"));
        CompletableFuture<?> prepared = driver.submit(new PrepareChange(change(OLD, "app#3", "shop", "1")));
        CompletableFuture<?> previewed = driver.submit(new PreviewChange(change(OLD, "app#3", "shop", "1")));
        driver.round();

        assertThatThrownBy(prepared::get).hasMessageContaining("staging had the app commit aaaaaaaaaa already");
        assertThatThrownBy(previewed::get).hasMessageContaining("staging had the app commit aaaaaaaaaa already");
    }

    @Test
    void redeliverSaysThatItIsMeant() throws Exception {
        deliver(change(OLD, "app#1", "shop", "1"));
        deliver(change(NEW, "app#2", "shop", "2"));

        deliver(change(OLD, "app#3", "shop", "1").redelivering(true));

        assertThat(scene.tag("main", "shop")).isEqualTo("1");
    }

    @Test
    void equalContentStaysANoOp() throws Exception {
        deliver(change(OLD, "app#1", "shop", "1", "cart", "1"));
        deliver(change(NEW, "app#2", "shop", "2"));

        SubmittedChange again = append(change(OLD, "app#3", "cart", "1"));

        assertThat(again.changed()).isFalse();
    }

    @Test
    void theNewestCommitMayComeAgain() throws Exception {
        deliver(change(OLD, "app#1", "shop", "1"));
        deliver(change(OLD, "app#2", "shop", "1-rebuilt"));
        deliver(change(NEW, "app#3", "shop", "2"));

        deliver(change(NEW, "app#4", "shop", "2-rebuilt"));

        assertThat(scene.tag("main", "shop")).isEqualTo("2-rebuilt");
    }

    @Test
    void servicesOfOtherJobsAreNothingNewer() throws Exception {
        deliver(change(NEW, "orders#1", "orders", "2"));
        // The job of the shop takes longer and is still at the commit before.
        deliver(change(OLD, "shop#1", "shop", "1"));
        deliver(change(NEW, "shop#2", "shop", "2"));

        assertThat(scene.tag("main", "shop")).isEqualTo("2");
        assertThat(scene.tag("main", "orders")).isEqualTo("2");
    }

    @Test
    void anEarlierBuildThatIsLateIsSupersededAsEver() throws Exception {
        deliver(change(OLD, "app#1", "shop", "1"));
        deliver(change(NEW, "app#3", "shop", "2"));

        assertThat(append(change(OLD, "app#2", "shop", "1")).superseded()).isTrue();
    }

    @Test
    void aServiceThatWasRetiredDoesNotComeBack() throws Exception {
        deliver(change(OLD, "app#1", "shop", "1", "cart", "1"));
        deliver(change(ChangeOperation.REPLACE, NEW, "app#2", "shop", "2"));

        assertRefused(change(OLD, "app#3", "cart", "1"));
    }

    @Test
    void anotherControllerKnowsItFromGit() throws Exception {
        deliver(change(OLD, "app#1", "shop", "1"));
        deliver(change(NEW, "app#2", "shop", "2"));
        driver = scene.driver("other", scene.settings(List.of(STAGING, INTERNAL)));

        assertRefused(change(OLD, "app#3", "shop", "1"));
    }

    @Test
    void aNewerCommitThatWasEvictedIsNothingNewer() throws Exception {
        deliver(change(OLD, "app#1", "shop", "1"));
        SubmittedChange bad = append(change(NEW, "app#2", "shop", "2"));
        scene.answer(driver, new EvictChange(bad.id(), "it is bad"));

        deliver(change(OLD, "app#3", "shop", "1-rebuilt"));

        assertThat(scene.tag("main", "shop")).isEqualTo("1-rebuilt");
    }

    @Test
    void whatIsMeantStaysMeantWhenItIsReplayed() throws Exception {
        deliver(change(OLD, "app#1", "shop", "1"));
        deliver(change(NEW, "app#2", "shop", "2"));
        SubmittedChange meant = append(change(OLD, "app#3", "shop", "1").redelivering(true));

        scene.byHand("targets.txt", "one more\n", "Add a target");
        driver.round();
        scene.report(driver, scene.auto(), CheckState.SUCCESS);

        assertThat(driver.status(meant.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
        assertThat(scene.tag("main", "shop")).isEqualTo("1");
    }

    /** As of a CI that announces with another name than before. */
    @Test
    void anotherOrderIsNoWayAround() throws Exception {
        deliver(change(OLD, "app#1", "shop", "1", "cart", "1"));
        deliver(change(NEW, "app#2", "shop", "2"));

        assertRefused(change(OLD, "renamed/app#1", "shop", "1"));
        // The cart had nothing newer.
        deliver(change(OLD, "renamed/app#2", "cart", "1-rebuilt"));
        assertThat(scene.tag("main", "cart")).isEqualTo("1-rebuilt");
        assertThat(scene.tag("main", "shop")).isEqualTo("2");
    }

    // ---- promotions and rollbacks --------------------------------------------------------------------------------

    private PromotionResult promote(boolean redeliver) throws GitOpsException {
        return scene.answer(
                driver,
                new Promote(PromotionRequest.of(Kind.PROMOTE, "staging", "internal")
                        .redeliver(redeliver)
                        .build()));
    }

    private void land(PromotionResult promoted) throws GitOpsException {
        scene.report(driver, promoted.submitted().orElseThrow().sha(), CheckState.SUCCESS);
    }

    /** Staging runs the newer commit, internal has it too, and staging is rolled back to the older one. */
    private void rollBackStaging() throws GitOpsException {
        String old = deliver(change(OLD, "app#1", "shop", "1"));
        scene.applications.run(old, "staging-1");
        land(promote(false));
        scene.applications.run(deliver(change(NEW, "app#2", "shop", "2")), "staging-1");
        land(promote(false));
        land(scene.answer(
                driver,
                new Promote(PromotionRequest.of(Kind.ROLLBACK, "staging", "staging")
                        .revision(old)
                        .build())));
        scene.applications.run(scene.main(), "staging-1");
        scene.answer(
                driver, new ApplyStateCommand(new StateCommand.ReleaseWave("staging", Optional.empty(), "somebody")));
    }

    @Test
    void aPromotionDoesNotTakeTheNextWaveBack() throws Exception {
        rollBackStaging();

        PromotionResult refused = promote(false);

        assertThat(refused.submitted()).isEmpty();
        assertThat(refused.conditions().all())
                .filteredOn(condition -> !condition.met())
                .singleElement()
                .satisfies(condition -> {
                    assertThat(condition.name()).isEqualTo(PromotionCondition.NOT_REDELIVERED);
                    assertThat(condition.seen())
                            .contains(
                                    "internal had the app commit aaaaaaaaaa already",
                                    "newer since: bbbbbbbbbb",
                                    "redeliver: true",
                                    "roll internal back");
                });

        land(promote(true));
        assertThat(scene.text("main", "images/internal/tags.json")).contains("shop:1");
    }

    @Test
    void whatIsQueuedForTheNextWaveCountsToo() throws Exception {
        Wave open = Wave.named("internal")
                .promotesFrom("staging")
                .directCommits(true)
                .build();
        driver = scene.driver("open", scene.settings(List.of(STAGING, open)));
        scene.applications.run(deliver(change(OLD, "app#1", "shop", "1")), "staging-1");
        for (String appSha : List.of(OLD, NEW)) {
            append(new NewChange(
                    RepositoryScene.trailers(ChangeOperation.ANNOUNCE, WavePath.of("internal"), "other#1")
                            .appSha(appSha)
                            .build(),
                    RepositoryScene.images("shop", appSha.equals(OLD) ? "1" : "2")));
        }

        PromotionResult refused = promote(false);

        assertThat(refused.submitted()).isEmpty();
        assertThat(refused.conditions().refusal())
                .startsWith("not delivered before: internal had the app commit aaaaaaaaaa already");
    }

    @Test
    void whatWasRolledBackIsStillTheNewestAndMayComeAgain() throws Exception {
        rollBackStaging();

        deliver(change(NEW, "app#3", "shop", "2"));

        assertThat(scene.tag("main", "shop")).isEqualTo("2");
        scene.applications.run(scene.main(), "staging-1");
        assertThat(promote(false).submitted().orElseThrow().changed()).isFalse();
    }

    @Test
    void aSecondBuildOfTheNewestCommitOfOneOfTwoApplicationsIsPromoted() throws Exception {
        scene.applications.run(deliver(change(OLD, "orders#1", "orders", "1")), "staging-1");
        land(promote(false));
        scene.applications.run(deliver(change(NEW, "shop#1", "shop", "2")), "staging-1");
        land(promote(false));
        scene.applications.run(deliver(change(OLD, "orders#2", "orders", "1-rebuilt")), "staging-1");

        land(promote(false));

        assertThat(scene.text("main", "images/internal/tags.json")).contains("orders:1-rebuilt");
    }

    /** One of two regions is slow, and has now what production had long ago. */
    @Test
    void aSlowRegionTakesNoWaveBack() throws Exception {
        Wave eu = region("eu");
        Wave us = region("us");
        Wave production = Wave.named("production")
                .promotesFrom(List.of("eu", "us"))
                .fanIn(FanIn.ANY)
                .build();
        driver = scene.driver("regions", scene.settings(List.of(STAGING, eu, us, production)));
        String old = deliver(change(OLD, "app#1", "shop", "1"));
        scene.applications.run(old, "staging-1");
        land(promote("staging", "eu"));
        land(promote("staging", "us"));
        scene.applications.run(scene.main(), "eu-1");
        land(promote("eu", "production"));
        scene.applications.run(deliver(change(NEW, "app#2", "shop", "2")), "staging-1");
        land(promote("staging", "eu"));
        scene.applications.run(scene.main(), "eu-1");
        land(promote("eu", "production"));
        assertThat(scene.text("main", "images/production/tags.json")).contains("shop:2");

        scene.applications.run(scene.main(), "us-1");
        PromotionResult refused = promote("us", "production");

        assertThat(refused.submitted().filter(SubmittedChange::changed)).isEmpty();
        assertThat(refused.conditions().all()).anyMatch(condition -> !condition.met());
        assertThat(scene.text("auto", "images/production/tags.json")).contains("shop:2");
    }

    private static Wave region(String name) {
        return Wave.named(name)
                .promotesFrom("staging")
                .targets(new TargetSelection(DeployedApplications.SERVER, List.of(name + "-1"), ""))
                .build();
    }

    private PromotionResult promote(String from, String to) throws GitOpsException {
        return scene.answer(
                driver, new Promote(PromotionRequest.of(Kind.PROMOTE, from, to).build()));
    }
}
