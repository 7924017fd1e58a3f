package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.DuePromotion;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionRequest.Kind;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.waves.ApprovalRule;
import io.jenkins.plugins.gitops.waves.FanIn;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A wave that promotes from several others: staging feeds two regions, which feed production together. */
class FanInTest extends MemoryDriverTestBase {

    private static final Duration SOAK = Duration.ofMinutes(30);

    private Driver driver;

    private static Wave region(String name) {
        return Wave.named(name)
                .promotesFrom("staging")
                .targets(new TargetSelection(DeployedApplications.SERVER, List.of(name + "-1"), ""))
                .build();
    }

    private static Wave.Builder production(FanIn mode) {
        return Wave.named("production").promotesFrom(List.of("eu", "us")).fanIn(mode);
    }

    private void begin(Wave.Builder production) throws GitOpsException {
        driver = scene.driver(
                "jenkins",
                scene.settings(List.of(Wave.named("staging").build(), region("eu"), region("us"), production.build())));
        driver.round();
    }

    /** Announces a version, which is then in staging, since that has no targets. */
    private void deliver(String version) throws GitOpsException {
        SubmittedChange appended = scene.announce(driver, "app#" + version, "shop", version);
        scene.report(driver, appended.sha(), CheckState.SUCCESS);
    }

    /** Promotes what staging has to a region, whose target then runs it. */
    private String rollOut(String region) throws GitOpsException {
        String sha = land(promote(region, "staging"));
        scene.applications.run(sha, region + "-1");
        driver.round();
        return sha;
    }

    private PromotionResult promote(String to, String... from) throws GitOpsException {
        return scene.answer(
                driver,
                new Promote(PromotionRequest.of(Kind.PROMOTE, List.of(from), to).build()));
    }

    private String land(PromotionResult promoted) throws GitOpsException {
        assertThat(promoted.conditions().refusal()).isEmpty();
        scene.report(driver, promoted.submitted().orElseThrow().sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(promoted.submitted().orElseThrow().sha());
        return scene.main();
    }

    private String inProduction() {
        return scene.text("main", "images/production/tags.json");
    }

    private RepositoryState.NextPromotion next() throws IOException {
        return driver.state()
                .orElseThrow()
                .waves()
                .get(3)
                .live()
                .orElseThrow()
                .next()
                .orElseThrow();
    }

    private PromotionCondition condition(String name) throws IOException {
        return next().conditions().stream()
                .filter(condition -> condition.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    // ---- all ----------------------------------------------------------------------------------------------------

    @Test
    void needsTheSetInAllOfThem() throws Exception {
        begin(production(FanIn.ALL));
        deliver("1");
        rollOut("eu");

        PromotionCondition deployed = condition(PromotionCondition.DEPLOYED);
        assertThat(deployed.met()).isFalse();
        assertThat(deployed.seen()).startsWith("in us: ").doesNotContain("eu runs");
        assertThat(promote("production", "eu").submitted())
                .as("whichever of them is named")
                .isEmpty();

        rollOut("us");
        assertThat(next().allowed()).isTrue();
        assertThat(next().qualifiedIn()).containsExactly("eu", "us");
        land(promote("production", "eu", "us"));
        assertThat(inProduction()).contains(":1\"");
    }

    @Test
    void remembersOfEachThatTheSetWasThere() throws Exception {
        begin(production(FanIn.ALL).gates(Gates.builder().soak(SOAK).build()));
        deliver("1");
        rollOut("eu");
        scene.clock.turn(SOAK);
        driver.round();
        assertThat(scene.text(RefNames.defaultState("main"), "waves/production.json"))
                .contains("\"from\": \"eu\"");

        String late = land(promote("us", "staging"));
        deliver("2");
        rollOut("eu");
        assertThat(promote("production", "eu", "us").submitted()).isEmpty();
        scene.applications.run(late, "us-1");
        driver.round();
        assertThat(condition(PromotionCondition.SOAK).met())
                .as("it has soaked in eu, and not in us")
                .isFalse();
        scene.clock.turn(SOAK);
        driver.round();

        land(promote("production", "eu", "us"));
        assertThat(inProduction()).contains(":1\"");
    }

    @Test
    void aSetThatASlowOneGetsIsRememberedOfAFastOneHoweverFarThatIs() throws Exception {
        begin(production(FanIn.ALL));
        deliver("1");
        rollOut("eu");
        String slow = land(promote("us", "staging"));
        for (int version = 2; version < 14; version++) {
            deliver(String.valueOf(version));
            rollOut("eu");
        }

        scene.applications.run(slow, "us-1");
        driver.round();

        land(promote("production", "eu", "us"));
        assertThat(inProduction()).contains(":1\"");
    }

    @Test
    void takesTheNewestThatAllHave() throws Exception {
        begin(production(FanIn.ALL));
        deliver("1");
        rollOut("eu");
        rollOut("us");
        deliver("2");
        rollOut("eu");
        rollOut("us");
        deliver("3");
        rollOut("eu");

        land(promote("production", "eu", "us"));

        assertThat(inProduction()).contains(":2\"");
    }

    @Test
    void isDueForEachJobThatNamesOneOfThem() throws Exception {
        begin(production(FanIn.ALL));
        deliver("1");
        rollOut("eu");
        rollOut("us");
        RepositoryState state = driver.state().orElseThrow();

        assertThat(DuePromotion.in(state, "us", "production")).hasSize(1);
        assertThat(DuePromotion.in(state, "eu", "production")).hasSize(1);
        assertThat(DuePromotion.in(state, "staging", "production")).isEmpty();
    }

    /** Such a wave has its set as soon as main has. */
    @Test
    void needsNothingMoreOfOneWithoutTargets() throws Exception {
        driver = scene.driver(
                "jenkins",
                scene.settings(List.of(
                        Wave.named("staging").build(),
                        region("eu"),
                        Wave.named("us").promotesFrom("staging").build(),
                        production(FanIn.ALL).build())));
        deliver("1");
        rollOut("eu");
        assertThat(condition(PromotionCondition.DEPLOYED).met()).isFalse();

        land(promote("us", "staging"));
        land(promote("production", "eu", "us"));

        assertThat(inProduction()).contains(":1\"");
    }

    // ---- any ----------------------------------------------------------------------------------------------------

    @Test
    void isContentWithOneOfThem() throws Exception {
        begin(production(FanIn.ANY));
        assertThat(condition(PromotionCondition.DEPLOYED).seen()).contains("in eu", "in us");
        deliver("1");
        rollOut("us");

        assertThat(promote("production", "eu").submitted())
                .as("not what the other has")
                .isEmpty();
        land(promote("production", "eu", "us"));
        assertThat(inProduction()).contains(":1\"");
    }

    /** Their commits say nothing of which is newer: one may be slow. */
    @Test
    void goesNotBackToWhatASlowOneGetsLater() throws Exception {
        begin(production(FanIn.ANY));
        deliver("1");
        PromotionResult slow = promote("us", "staging");
        String late = land(slow);
        deliver("2");
        rollOut("eu");
        land(promote("production", "eu", "us"));

        scene.applications.run(late, "us-1");
        driver.round();

        assertThat(promote("production", "us").conditions().refusal()).contains("began its way");
        assertThat(inProduction()).contains(":2\"");
    }

    // ---- approvals ----------------------------------------------------------------------------------------------

    /** One commit of main may have a set in one region, and another set in the other. */
    @Test
    void anApprovalIsOfTheSetThatIsMeant() throws Exception {
        begin(production(FanIn.ANY)
                .gates(Gates.builder()
                        .approvals(new ApprovalRule(1, List.of(), false))
                        .build()));
        deliver("1");
        rollOut("eu");
        deliver("2");
        String both = rollOut("us");

        assertThatThrownBy(() -> approve(both, Optional.empty()))
                .hasMessageContaining("has different sets in eu and us, so it does not say which one is meant");
        assertThatThrownBy(() -> approve(both, Optional.of("f".repeat(64))))
                .hasMessageContaining("has another set than the one that is meant");
        String second = RepositoryScene.images("shop", "2").identity();
        approve(both, Optional.of(second));

        assertThat(driver.state().orElseThrow().waves().get(3).state().approvals())
                .singleElement()
                .satisfies(approval -> assertThat(approval.identity()).isEqualTo(second));
        assertThat(promote("production", "eu").submitted())
                .as("what eu has is not approved")
                .isEmpty();
        land(promote("production", "us"));
        assertThat(inProduction()).contains(":2\"");
    }

    private void approve(String revision, Optional<String> identity) throws GitOpsException {
        scene.answer(
                driver,
                new ApplyStateCommand(new StateCommand.ApproveSet(
                        WavePath.of("production"), revision, identity, "ada", "", "", scene.clock.instant())));
    }

    // ---- settings -----------------------------------------------------------------------------------------------

    @Test
    void refusesCirclesAndWavesThatAreNotThere() {
        Wave one = Wave.named("one").promotesFrom(List.of("three", "two")).build();
        Wave two = Wave.named("two").promotesFrom("one").build();
        Wave three = Wave.named("three").build();

        assertThatThrownBy(() -> scene.settings(List.of(one, two, three))).hasMessageContaining("goes in a circle");
        assertThatThrownBy(() -> scene.settings(List.of(three, one))).hasMessageContaining("\"two\"");
        assertThatThrownBy(() -> scene.settings(List.of(
                        three,
                        Wave.named("two")
                                .promotesFrom(List.of("three", "three"))
                                .build())))
                .hasMessageContaining("names three twice");
    }

    @Test
    void followsADiamondOfManyWavesOnce() {
        var waves = new ArrayList<Wave>();
        waves.add(Wave.named("w0-a").build());
        waves.add(Wave.named("w0-b").build());
        for (int level = 1; level < 40; level++) {
            for (String side : List.of("a", "b")) {
                waves.add(Wave.named("w" + level + "-" + side)
                        .promotesFrom(List.of("w" + (level - 1) + "-a", "w" + (level - 1) + "-b"))
                        .build());
            }
        }

        RepositorySettings settings = scene.settings(waves);

        assertThat(settings.waves()).hasSize(80);
    }

    // ---- which set, and from where ------------------------------------------------------------------------------

    private PromotionResult promoteOf(String revision, String... from) throws GitOpsException {
        return scene.answer(
                driver,
                new Promote(PromotionRequest.of(Kind.PROMOTE, List.of(from), "production")
                        .revision(revision)
                        .build()));
    }

    @Test
    void takesTheNewerOfTwoThatMayGo() throws Exception {
        begin(production(FanIn.ANY));
        deliver("1");
        rollOut("us");
        deliver("2");
        rollOut("eu");

        land(promote("production", "eu", "us"));

        assertThat(inProduction()).contains(":2\"");
    }

    @Test
    void takesTheOlderWhereTheNewerMayNotGo() throws Exception {
        begin(production(FanIn.ANY));
        deliver("1");
        rollOut("eu");
        deliver("2");
        rollOut("us");
        scene.answer(
                driver,
                new ApplyStateCommand(new StateCommand.RejectImages(
                        List.of(RepositoryScene.digest("shop:2")), "it leaks", "ada", scene.clock.instant())));

        land(promote("production", "eu", "us"));

        assertThat(inProduction()).contains(":1\"");
    }

    @Test
    void whatTheWaveHasIsNotChosenWhereAnotherHasSomethingElse() throws Exception {
        begin(production(FanIn.ANY));
        deliver("1");
        String late = land(promote("us", "staging"));
        deliver("2");
        rollOut("eu");
        land(promote("production", "eu", "us"));
        scene.applications.run(late, "us-1");
        driver.round();

        for (List<String> from : List.of(List.of("eu", "us"), List.of("us", "eu"))) {
            PromotionResult back = promote("production", from.toArray(String[]::new));
            assertThat(back.conditions().refusal()).startsWith("not older: ").contains("began its way");
            assertThat(back.submitted()).isEmpty();
        }
    }

    @Test
    void whatBothHadForLongEnoughIsTakenAlthoughTheyRunAnother() throws Exception {
        begin(production(FanIn.ALL).gates(Gates.builder().soak(SOAK).build()));
        deliver("1");
        rollOut("eu");
        String first = rollOut("us");
        scene.clock.turn(SOAK);
        driver.round();
        deliver("2");
        String inEu = rollOut("eu");
        rollOut("us");

        assertThat(next().sha()).isNotEqualTo(scene.main());
        assertThat(condition(PromotionCondition.DEPLOYED).seen())
                .isEqualTo("eu ran it for long enough, by " + scene.clock.instant() + ". us ran it for long enough, by "
                        + scene.clock.instant() + ".");
        assertThat(next().images()).containsOnlyKeys("shop");
        assertThat(promoteOf(scene.main(), "eu", "us").conditions().refusal()).contains("soak: ");
        assertThat(inEu).isNotEqualTo(first);

        land(promoteOf(first, "eu", "us"));
        assertThat(inProduction()).contains(":1\"");
    }

    @Test
    void aRevisionThatIsOlderThanWhatWasPromotedIsSuperseded() throws Exception {
        begin(production(FanIn.ALL));
        deliver("1");
        rollOut("eu");
        String first = rollOut("us");
        deliver("2");
        rollOut("eu");
        String second = rollOut("us");
        land(promoteOf(second, "eu", "us"));

        PromotionResult late = promoteOf(first, "eu", "us");

        assertThat(late.submitted().orElseThrow().superseded()).isTrue();
        assertThat(inProduction()).contains(":2\"");
    }

    @Test
    void whereNoneHasASetEachIsNamed() throws Exception {
        String begin = scene.main();
        driver = scene.driver(
                "jenkins",
                scene.settings(List.of(
                        Wave.named("staging").build(),
                        region("eu"),
                        Wave.named("us").promotesFrom("staging").build(),
                        production(FanIn.ALL).build())));
        driver.round();

        assertThat(condition(PromotionCondition.DEPLOYED).seen())
                .startsWith("in eu: ")
                .doesNotContain("in eu: there are no images yet.")
                .endsWith("in us: there are no images yet.");
        assertThat(promoteOf(begin, "eu", "us").conditions().refusal())
                .contains("none of them has images in " + begin.substring(0, 10) + " of main.");
    }

    // ---- verifications ------------------------------------------------------------------------------------------

    private static Wave verified(String name) {
        return Wave.named(name)
                .promotesFrom("staging")
                .targets(new TargetSelection(DeployedApplications.SERVER, List.of(name + "-1"), ""))
                .gates(Gates.builder()
                        .verifications(List.of(new VerificationRule(
                                "load", Optional.empty(), Duration.ofMinutes(30), 0, VerificationRule.OnFailure.NONE)))
                        .build())
                .build();
    }

    private void beginVerified(FanIn mode) throws GitOpsException {
        driver = scene.driver(
                "jenkins",
                scene.settings(List.of(
                        Wave.named("staging").build(),
                        verified("eu"),
                        verified("us"),
                        production(mode).build())));
        driver.round();
    }

    private void report(String region, boolean passed) throws GitOpsException {
        scene.answer(
                driver,
                new ApplyStateCommand(new StateCommand.ReportVerification(
                        WavePath.of(region), "load", Optional.empty(), passed, "k6", "", "", scene.clock.instant())));
    }

    @Test
    void ofTwoThatRunASetTheOneThatVerifiedItIsItsSource() throws Exception {
        beginVerified(FanIn.ANY);
        deliver("1");
        rollOut("eu");
        rollOut("us");
        assertThat(condition(PromotionCondition.VERIFIED).seen()).startsWith("in eu: load is not reported yet");
        report("us", true);

        assertThat(next().qualifiedIn()).containsExactly("us");
        land(promote("production", "eu", "us"));

        assertThat(scene.message("main")).contains("Autocommit-Source-Wave: us\n");
    }

    @Test
    void whatIsToldIsOfTheWaveInWhichTheSetHasComeFarthest() throws Exception {
        beginVerified(FanIn.ANY);
        deliver("1");
        rollOut("us");

        assertThat(condition(PromotionCondition.DEPLOYED).met()).isTrue();
        assertThat(condition(PromotionCondition.DEPLOYED).seen())
                .startsWith("us runs ")
                .endsWith(" on its target.");
        assertThat(condition(PromotionCondition.VERIFIED).seen()).startsWith("in us: load is not reported yet");

        deliver("2");
        rollOut("eu");
        assertThat(condition(PromotionCondition.DEPLOYED).seen()).startsWith("eu runs ");
    }

    @Test
    void allHaveToVerifyItAndAQueuedPromotionIsEvictedWhereOneDoesNotAnyMore() throws Exception {
        beginVerified(FanIn.ALL);
        deliver("1");
        rollOut("eu");
        assertThat(condition(PromotionCondition.DEPLOYED).seen()).startsWith("in us: ");
        rollOut("us");
        report("eu", true);
        assertThat(condition(PromotionCondition.VERIFIED).seen()).startsWith("in us: load is not reported yet");
        report("us", true);
        String id = promote("production", "eu", "us").submitted().orElseThrow().id();

        report("us", false);
        scene.report(driver, scene.auto(), CheckState.SUCCESS);

        assertThat(driver.status(id).orElseThrow().reason())
                .isEqualTo("The set is no longer verified in us, by all of load.");
    }

    // ---- time ---------------------------------------------------------------------------------------------------

    @Test
    void isLookedAtNextWhenTheFirstOfThemMayHold() throws Exception {
        begin(production(FanIn.ALL).gates(Gates.builder().soak(SOAK).build()));
        deliver("1");
        rollOut("eu");
        Instant first = scene.clock.instant().plus(SOAK);
        scene.clock.turn(Duration.ofMinutes(10));
        rollOut("us");
        Instant second = scene.clock.instant().plus(SOAK);

        assertThat(condition(PromotionCondition.SOAK).nextLook()).isEqualTo(first);

        scene.clock.turn(Duration.ofMinutes(20));
        driver.round();
        assertThat(condition(PromotionCondition.SOAK).nextLook()).isEqualTo(second);

        scene.clock.turn(Duration.ofMinutes(10));
        driver.round();
        assertThat(condition(PromotionCondition.SOAK).nextLook()).isNull();
    }

    @Test
    void isLookedAtNextWhenTheFirstHoldsWhicheverThatIs() throws Exception {
        begin(production(FanIn.ALL).gates(Gates.builder().soak(SOAK).build()));
        deliver("1");
        rollOut("us");
        Instant first = scene.clock.instant().plus(SOAK);
        scene.clock.turn(Duration.ofMinutes(10));
        rollOut("eu");

        assertThat(condition(PromotionCondition.SOAK).nextLook()).isEqualTo(first);
    }

    @Test
    void whatRunsAnotherSetIsNamedByItsCommit() throws Exception {
        begin(production(FanIn.ALL));
        deliver("1");
        String first = rollOut("us");
        deliver("2");
        rollOut("eu");

        assertThat(condition(PromotionCondition.DEPLOYED).seen())
                .isEqualTo("us runs another set, that of " + first.substring(0, 10) + ".");
    }

    @Test
    void whatOneAloneHadForLongEnoughIsItsOwn() throws Exception {
        begin(production(FanIn.ANY).gates(Gates.builder().soak(SOAK).build()));
        deliver("1");
        rollOut("us");
        scene.clock.turn(SOAK);
        driver.round();
        deliver("2");
        rollOut("us");

        land(promote("production", "eu", "us"));

        assertThat(inProduction()).contains(":1\"");
        assertThat(scene.message("main")).contains("Autocommit-Source-Wave: us\n");
    }
}
