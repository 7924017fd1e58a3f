package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.WaveFrozen;
import io.jenkins.plugins.gitops.delivery.ConditionReport;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PreviewPromotion;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.PromotionPreview;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionRequest.Kind;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.explain.WrittenState;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.PromotionWindow;
import io.jenkins.plugins.gitops.waves.Wave;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Everything that a promotion may have to wait for, and everything that keeps changes out of a wave. */
class GatesTest extends MemoryDriverTestBase {

    private static final Duration SOAK = Duration.ofMinutes(30);
    private static final Wave STAGING = Wave.named("staging")
            .targets(new TargetSelection(DeployedApplications.SERVER, List.of("staging-1", "staging-2"), ""))
            .build();

    private Driver driver;
    private Wave internal = internal(SOAK, true);

    @BeforeEach
    void begin() throws GitOpsException {
        use(internal);
    }

    private static Wave internal(Duration soak, boolean freeze, PromotionWindow... windows) {
        return internal(Gates.builder()
                .soak(soak)
                .freeze(freeze)
                .windows(List.of(windows))
                .build());
    }

    private static Wave internal(Gates gates) {
        return Wave.named("internal").promotesFrom("staging").gates(gates).build();
    }

    private void use(Wave wave) throws GitOpsException {
        internal = wave;
        driver = scene.driver("jenkins-" + System.identityHashCode(wave), scene.settings(List.of(STAGING, wave)));
        driver.round();
    }

    private String deliver(String order, String... servicesAndVersions) throws GitOpsException {
        SubmittedChange appended = scene.announce(driver, order, servicesAndVersions);
        scene.report(driver, appended.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(appended.sha());
        return scene.main();
    }

    /** A delivery that both targets of staging run, as the state says. */
    private String deployed(String order, String... servicesAndVersions) throws GitOpsException {
        String sha = deliver(order, servicesAndVersions);
        run(sha);
        return sha;
    }

    private void run(String sha) throws GitOpsException {
        scene.applications.run(sha, "staging-1", "staging-2");
        driver.round();
    }

    private PromotionResult promote(String revision) throws GitOpsException {
        return promote(Kind.PROMOTE, STAGING, revision, null);
    }

    private PromotionResult promote(Kind kind, Wave from, String revision, RolloutRequirement require)
            throws GitOpsException {
        return scene.answer(driver, new Promote(wish(kind, from, revision, require)));
    }

    private PromotionRequest wish(Kind kind, Wave from, String revision, RolloutRequirement require) {
        return PromotionRequest.of(kind, from.name(), internal.name())
                .revision(revision)
                .require(require)
                .requester("Ada")
                .build();
    }

    private PromotionRequest toInternal(String revision) {
        return PromotionRequest.of(Kind.PROMOTE, STAGING.name(), internal.name())
                .revision(revision)
                .build();
    }

    private PromotionPreview tryOut(Kind kind, Wave from, String revision) throws GitOpsException {
        return scene.answer(driver, new PreviewPromotion(wish(kind, from, revision, null)));
    }

    private String land(PromotionResult promoted) throws GitOpsException {
        scene.report(driver, promoted.submitted().orElseThrow().sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(promoted.submitted().orElseThrow().sha());
        return scene.main();
    }

    private static PromotionCondition condition(PromotionResult promoted, String name) {
        return condition(promoted.conditions(), name);
    }

    private static PromotionCondition condition(ConditionReport conditions, String name) {
        return conditions.all().stream()
                .filter(condition -> condition.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void mark(StateCommand marking) throws GitOpsException {
        scene.answer(driver, new ApplyStateCommand(marking));
    }

    private void hold(String reason, Instant until) throws GitOpsException {
        mark(new StateCommand.HoldWave(
                "internal", new Hold("Ada", reason, scene.clock.instant(), Optional.ofNullable(until))));
    }

    private String stateFile(String path) {
        return scene.text(RefNames.defaultState("main"), path);
    }

    private String internalTags() {
        return scene.text("main", "images/internal/tags.json");
    }

    // ---- soak, candidates, intake -----------------------------------------------------------------------------

    @Test
    void aPromotionWaitsWhileASetSoaksInTheWaveThatItGoesTo() throws GitOpsException {
        internal = Wave.named("internal").promotesFrom("staging").build();
        Wave production = Wave.named("production")
                .promotesFrom("internal")
                .gates(Gates.builder().soak(SOAK).freeze(true).build())
                .build();
        driver = scene.driver("jenkins-three", scene.settings(List.of(STAGING, internal, production)));
        driver.round();
        deployed("app#1", "cart", "v1");
        land(promote(null));
        driver.round();
        deployed("app#2", "cart", "v2");

        PromotionResult refused = promote(null);
        assertThat(refused.submitted()).isEmpty();
        PromotionCondition intake = condition(refused, PromotionCondition.INTAKE);
        assertThat(intake.met()).isFalse();
        assertThat(intake.seen()).contains("soaks in internal for production until");

        scene.clock.turn(SOAK);
        driver.round();
        assertThat(promote(null).submitted()).isPresent();
    }

    @Test
    void waitsUntilASetHasSoaked() throws GitOpsException {
        deployed("app#1", "shop", "1");
        Instant end = scene.clock.instant().plus(SOAK);

        PromotionCondition early = condition(promote(null), PromotionCondition.SOAK);
        assertThat(early.met()).isFalse();
        assertThat(early.nextLook()).isEqualTo(end);

        scene.clock.turn(SOAK.minusSeconds(1));
        assertThat(promote(null).submitted()).isEmpty();
        scene.clock.turn(Duration.ofSeconds(1));
        land(promote(null));
        assertThat(internalTags()).contains(":1\"");
    }

    @Test
    void remembersThatASetHasSoakedWhateverRunsNext() throws GitOpsException {
        String first = deployed("app#1", "shop", "1");
        scene.clock.turn(SOAK);
        driver.round();
        assertThat(stateFile("waves/internal.json")).contains("qualified", first);

        String second = deployed("app#2", "shop", "2");
        scene.applications.degrade(second, "staging-1");
        driver.round();

        PromotionResult promoted = promote(null);
        assertThat(condition(promoted, PromotionCondition.DEPLOYED).seen())
                .contains(first.substring(0, 10), "long enough");
        land(promoted);
        assertThat(internalTags()).contains(":1\"");
    }

    @Test
    void promotesTheNewestThatHasSoaked() throws GitOpsException {
        deployed("app#1", "shop", "1");
        scene.clock.turn(SOAK);
        driver.round();
        deployed("app#2", "shop", "2");
        scene.clock.turn(SOAK);

        land(promote(null));

        assertThat(internalTags()).contains(":2\"");
    }

    @Test
    void beginsTheSoakAnewWhenATargetWasUnwell() throws GitOpsException {
        String first = deployed("app#1", "shop", "1");
        scene.clock.turn(SOAK.minusMinutes(1));
        scene.applications.degrade(first, "staging-2");
        driver.round();
        scene.clock.turn(Duration.ofMinutes(5));
        run(first);

        PromotionCondition soak = condition(promote(null), PromotionCondition.SOAK);
        assertThat(soak.met()).isFalse();
        assertThat(soak.nextLook()).isEqualTo(scene.clock.instant().plus(SOAK));
    }

    @Test
    void namesASinceThatIsYetToCome() throws GitOpsException {
        deployed("app#1", "shop", "1");
        scene.clock.turn(Duration.ofHours(-2));

        PromotionCondition soak = condition(promote(null), PromotionCondition.SOAK);

        assertThat(soak.met()).isFalse();
        assertThat(soak.seen()).contains("do the clocks of the controllers disagree?");
    }

    @Test
    void keepsNewerSetsOutsideWhileOneSoaks() throws GitOpsException {
        deployed("app#1", "shop", "1");
        Instant end = scene.clock.instant().plus(SOAK);

        CompletableFuture<SubmittedChange> waiting =
                driver.submit(new AppendChange(RepositoryScene.change("app#2", RepositoryScene.images("shop", "2"))));
        driver.round();
        assertThat(waiting).isCompletedExceptionally();
        assertThatThrownBy(waiting::join).cause().isInstanceOfSatisfying(WaveFrozen.class, frozen -> {
            assertThat(frozen.until()).isEqualTo(end);
            assertThat(frozen).hasMessageContaining("soaks in staging for internal");
        });
        assertThat(scene.queue()).isEmpty();

        scene.clock.turn(SOAK);
        driver.round();
        deliver("app#2", "shop", "2");
    }

    @Test
    void ofThoseOutsideOnlyTheNewestIsKept() throws GitOpsException {
        deployed("app#1", "shop", "1");
        CompletableFuture<SubmittedChange> newer =
                driver.submit(new AppendChange(RepositoryScene.change("app#3", RepositoryScene.images("shop", "3"))));
        driver.round();

        SubmittedChange older = scene.announce(driver, "app#2", "shop", "2");

        assertThat(newer).isCompletedExceptionally();
        assertThat(older.superseded()).isTrue();
    }

    @Test
    void theSameSetNeedNotWaitOutside() throws GitOpsException {
        deployed("app#1", "shop", "1");

        assertThat(scene.announce(driver, "app#2", "shop", "1").changed()).isFalse();
    }

    @Test
    void letsAFixInWhereTheSetIsUnwellOrRejected() throws GitOpsException {
        String first = deployed("app#1", "shop", "1");
        scene.applications.degrade(first, "staging-1");
        driver.round();
        String second = deployed("app#2", "shop", "2");
        mark(new StateCommand.RejectRevision(second.substring(0, 8), "it crashes", "Ada", scene.clock.instant()));

        deliver("app#3", "shop", "3");
    }

    @Test
    void takesTheNewestWhereNothingIsFrozen() throws GitOpsException {
        use(internal(SOAK, false));
        deployed("app#1", "shop", "1");
        scene.clock.turn(SOAK.minusMinutes(1));
        deployed("app#2", "shop", "2");
        scene.clock.turn(Duration.ofMinutes(1));

        assertThat(condition(promote(null), PromotionCondition.SOAK).met()).isFalse();
        scene.clock.turn(SOAK);
        land(promote(null));
        assertThat(internalTags()).contains(":2\"");
    }

    // ---- windows ----------------------------------------------------------------------------------------------

    @Test
    void waitsForAWindow() throws Exception {
        Instant now = scene.clock.instant();
        var zone = ZoneId.of("UTC");
        int hour = now.atZone(zone).plusHours(2).getHour();
        use(internal(Duration.ZERO, false, new PromotionWindow("0 " + hour + " * * *", Duration.ofHours(1), zone)));
        deployed("app#1", "shop", "1");

        PromotionCondition window = condition(promote(null), PromotionCondition.WINDOW);
        assertThat(window.met()).isFalse();
        assertThat(window.nextLook()).isAfter(now).isBeforeOrEqualTo(now.plus(Duration.ofHours(2)));
        assertThat(driver.state().orElseThrow().nextLook(now)).contains(window.nextLook());

        scene.clock.turn(Duration.between(now, window.nextLook()));
        land(promote(null));
    }

    // ---- holds and rejections ---------------------------------------------------------------------------------

    @Test
    void aHoldKeepsPromotionsOutUntilItIsReleased() throws GitOpsException {
        use(internal(Duration.ZERO, false));
        deployed("app#1", "shop", "1");
        hold("the database moves", null);

        PromotionResult refused = promote(null);
        assertThat(refused.submitted()).isEmpty();
        assertThat(refused.conditions().refusal()).contains("hold: internal is held by Ada", "the database moves");
        assertThat(stateFile("waves/internal.json")).contains("the database moves");
        assertThat(scene.message(RefNames.defaultState("main")))
                .contains("internal is held", "Why: the database moves", "By: Ada");

        mark(new StateCommand.ReleaseWave("internal", Optional.empty(), "Ada"));
        land(promote(null));
    }

    @Test
    void aHoldEndsByItself() throws GitOpsException {
        use(internal(Duration.ZERO, false));
        deployed("app#1", "shop", "1");
        Instant until = scene.clock.instant().plus(Duration.ofHours(1));
        hold("over lunch", until);

        assertThat(condition(promote(null), PromotionCondition.HOLD).nextLook()).isEqualTo(until);
        scene.clock.turn(Duration.ofHours(1));
        land(promote(null));
    }

    @Test
    void aHoldKeepsWhatElseTheStateSaysOfTheWave() throws GitOpsException {
        String first = deployed("app#1", "shop", "1");
        mark(new StateCommand.HoldWave("staging", new Hold("Ada", "look", scene.clock.instant(), Optional.empty())));
        mark(new StateCommand.ReleaseWave("staging", Optional.empty(), "Ada"));

        assertThat(stateFile("waves/staging.json")).contains(first).doesNotContain("hold");
    }

    @Test
    void evictsWhatIsQueuedForAHeldWaveWhenItWouldMerge() throws GitOpsException {
        use(internal(Duration.ZERO, false));
        deployed("app#1", "shop", "1");
        PromotionResult promoted = promote(null);
        String main = scene.main();
        hold("the database moves", null);
        assertThat(scene.queue()).as("not before it would merge").hasSize(1);

        scene.report(driver, promoted.submitted().orElseThrow().sha(), CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(main);
        assertThat(scene.state(promoted.submitted().orElseThrow().id()))
                .contains("evicted", "\"held\"", "the database moves");
    }

    @Test
    void looksAtTheHoldOfAnotherControllerBeforeItMerges() throws GitOpsException {
        use(internal(Duration.ZERO, false));
        deployed("app#1", "shop", "1");
        PromotionResult promoted = promote(null);
        String main = scene.main();
        Driver other = scene.driver("other", scene.settings(List.of(STAGING, internal)));
        scene.answer(
                other,
                new ApplyStateCommand(new StateCommand.HoldWave(
                        "internal", new Hold("Bob", "no", scene.clock.instant(), Optional.empty()))));

        scene.report(driver, promoted.submitted().orElseThrow().sha(), CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(main);
    }

    @Test
    void refusesACommitIntoAHeldWave() throws GitOpsException {
        mark(new StateCommand.HoldWave(
                "staging", new Hold("Ada", "frozen for the fair", scene.clock.instant(), Optional.empty())));

        CompletableFuture<SubmittedChange> refused =
                driver.submit(new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("shop", "1"))));
        driver.round();

        assertThatThrownBy(refused::join)
                .cause()
                .isInstanceOf(RequestRefused.class)
                .hasMessageContaining("frozen for the fair");
    }

    @Test
    void aRejectedImageIsNeverPromotedAgain() throws GitOpsException {
        use(internal(Duration.ZERO, false));
        deployed("app#1", "shop", "1", "cart", "1");
        PromotionResult queued = promote(null);
        mark(new StateCommand.RejectImages(
                List.of(RepositoryScene.digest("cart:1")), "it leaks", "Ada", scene.clock.instant()));

        PromotionResult refused = promote(null);
        assertThat(refused.conditions().refusal()).contains("rejected digests", "cart", "it leaks");
        scene.report(driver, queued.submitted().orElseThrow().sha(), CheckState.SUCCESS);
        assertThat(scene.state(queued.submitted().orElseThrow().id())).contains("evicted", "\"rejected\"");
        CompletableFuture<SubmittedChange> again =
                driver.submit(new AppendChange(RepositoryScene.change("app#2", RepositoryScene.images("cart", "1"))));
        driver.round();
        assertThatThrownBy(again::join)
                .cause()
                .isInstanceOf(RequestRefused.class)
                .hasMessageContaining("it leaks");

        deployed("app#3", "cart", "2");
        land(promote(null));
    }

    @Test
    void rejectsWhatACommitBrought() throws GitOpsException {
        deployed("app#1", "shop", "1", "cart", "1");
        String second = deliverFrozen("app#2", "shop", "2");
        mark(new StateCommand.RejectRevision(second, "slow", "Ada", scene.clock.instant()));

        assertThat(stateFile("rejected/2026-11-23/"
                        + RepositoryScene.digest("shop:2").substring("sha256:".length()) + ".json"))
                .contains(RepositoryScene.digest("shop:2"), "slow", "Ada");
        assertThat(scene.files(RefNames.defaultState("main"), "rejected")).hasSize(1);
        CompletableFuture<ApplyStateCommand.Effect> nothing = driver.submit(new ApplyStateCommand(
                new StateCommand.RejectRevision("9".repeat(40), "slow", "Ada", scene.clock.instant())));
        driver.round();
        assertThatThrownBy(nothing::join).cause().isInstanceOf(RequestRefused.class);
    }

    private String deliverFrozen(String order, String... servicesAndVersions) throws GitOpsException {
        scene.clock.turn(SOAK);
        driver.round();
        return deliver(order, servicesAndVersions);
    }

    @Test
    void promotesNothingWhileSomebodyBrokeTheListOfRejections() throws GitOpsException {
        use(internal(Duration.ZERO, false));
        deployed("app#1", "shop", "1");
        String state = RefNames.defaultState("main");
        scene.byHand("broken", "rejected.json", "{}", "Break it");
        scene.move(state, "refs/heads/broken");

        CompletableFuture<PromotionResult> promoted = driver.submit(new Promote(toInternal(null)));

        driver.round();
        assertThat(promoted.join().conditions().all())
                .filteredOn(condition -> !condition.met())
                .singleElement()
                .satisfies(condition -> {
                    assertThat(condition.name()).isEqualTo(PromotionCondition.REJECTED);
                    assertThat(condition.seen())
                            .contains("rejected.json", "has no list of images", "sandbox/gitops repair");
                });
        assertThat(scene.queue()).isEmpty();
    }

    // ---- rollback, dry run, requirements ----------------------------------------------------------------------

    @Test
    void rollsBackAndHoldsTheWaveInOnePush() throws GitOpsException {
        use(internal(Duration.ZERO, false));
        deployed("app#1", "shop", "1", "cart", "1");
        String good = land(promote(null));
        deployed("app#2", "shop", "2");
        land(promote(null));
        deployed("app#3", "shop", "3");
        PromotionResult next = promote(null);

        PromotionResult back = promote(Kind.ROLLBACK, internal, good, null);

        assertThat(stateFile("waves/internal.json")).contains("hold", "rolled back to " + good, "Ada");
        land(evicted(next, back));
        assertThat(internalTags()).contains("shop:1\"");
        assertThat(scene.message("main")).contains("Autocommit-Operation: rollback", "Autocommit-Source-SHA: " + good);
        assertThat(promote(null).conditions().refusal()).contains("hold");

        mark(new StateCommand.ReleaseWave("internal", Optional.empty(), "Ada"));
        land(promote(null));
        assertThat(internalTags()).contains("shop:3\"");
    }

    /** The queued promotion goes first, and the rollback is replayed without it. */
    private PromotionResult evicted(PromotionResult held, PromotionResult back) throws GitOpsException {
        scene.report(driver, held.submitted().orElseThrow().sha(), CheckState.SUCCESS);
        assertThat(scene.state(held.submitted().orElseThrow().id())).contains("evicted");
        String id = back.submitted().orElseThrow().id();
        return PromotionResult.of(
                new SubmittedChange(SubmittedChange.State.COMMITTED, id, scene.auto()), back.conditions());
    }

    @Test
    void refusesARollbackToRejectedImages() throws GitOpsException {
        use(internal(Duration.ZERO, false));
        deployed("app#1", "shop", "1");
        land(promote(null));
        String bad = scene.main();
        deployed("app#2", "shop", "2");
        land(promote(null));
        mark(new StateCommand.RejectImages(
                List.of(RepositoryScene.digest("shop:1")), "it leaks", "Ada", scene.clock.instant()));

        PromotionResult refused = promote(Kind.ROLLBACK, internal, bad, null);

        assertThat(refused.submitted()).isEmpty();
        assertThat(refused.conditions().refusal()).contains(PromotionCondition.REJECTED, "shop", "it leaks");
    }

    @Test
    void refusesARollbackToNothing() throws GitOpsException {
        PromotionResult refused = promote(Kind.ROLLBACK, internal, scene.main(), null);

        assertThat(refused.submitted()).isEmpty();
        assertThat(refused.conditions().refusal()).contains(PromotionCondition.EARLIER);
    }

    @Test
    void triesOutWithoutPushing() throws GitOpsException {
        use(internal(Duration.ZERO, false));
        deployed("app#1", "shop", "1");
        land(promote(null));
        deployed("app#2", "shop", "2", "cart", "1");
        Map<String, String> refs = scene.refs();

        PromotionPreview tried = tryOut(Kind.DRY_RUN, STAGING, null);

        assertThat(scene.refs()).isEqualTo(refs);
        assertThat(tried.diff()).contains("+++ b/images/internal/tags.json", "docker.example.com/cart:1");
        assertThat(tried.conditions().all()).allMatch(PromotionCondition::met);
        assertThat(tried.differences()).hasSize(2);
        assertThat(tried.differences().get(0)).startsWith("cart: none -> docker.example.com/cart:1");
        assertThat(tried.differences().get(1)).contains("shop:1 (", "-> docker.example.com/shop:2");
    }

    @Test
    void triesOutWhatHasToWait() throws GitOpsException {
        deployed("app#1", "shop", "1");

        PromotionPreview tried = tryOut(Kind.DRY_RUN, STAGING, null);

        assertThat(condition(tried.conditions(), PromotionCondition.SOAK).met()).isFalse();
        assertThat(tried.differences()).hasSize(1);
        assertThat(tried.diff()).contains("+++ b/images/internal/tags.json");
    }

    @Test
    void triesOutARollback() throws GitOpsException {
        use(internal(Duration.ZERO, false));
        deployed("app#1", "shop", "1");
        String good = land(promote(null));
        deployed("app#2", "shop", "2");
        land(promote(null));
        Map<String, String> refs = scene.refs();

        PromotionPreview tried = tryOut(Kind.ROLLBACK_DRY_RUN, internal, good);

        assertThat(tried.differences()).singleElement().asString().contains("shop:2 (", "shop:1 (");
        assertThat(tried.diff()).contains("-  \"shop\": \"docker.example.com/shop:2");
        assertThat(scene.refs()).isEqualTo(refs);
    }

    @Test
    void whatIsOnlyTriedOutIsNeverPromoted() {
        for (Kind kind : List.of(Kind.DRY_RUN, Kind.ROLLBACK_DRY_RUN)) {
            PromotionRequest wish = wish(kind, STAGING, null, null);

            assertThatThrownBy(() -> new Promote(wish)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void mayAskForMoreTargetsThanIsConfigured() throws GitOpsException {
        Wave some = Wave.named("staging")
                .targets(STAGING.targets().orElseThrow())
                .gates(Gates.builder().require(RolloutRequirement.parse("1")).build())
                .build();
        internal = internal(Duration.ZERO, false);
        driver = scene.driver("some", scene.settings(List.of(some, internal)));
        driver.round();
        String first = deliver("app#1", "shop", "1");
        scene.applications.run(first, "staging-1");
        scene.applications.degrade(first, "staging-2");

        PromotionResult refused = promote(Kind.PROMOTE, some, null, RolloutRequirement.parse("canaries: staging-2"));
        assertThat(refused.conditions().refusal()).contains("staging-2");
        assertThat(refused.conditions().all().get(0).asked()).contains("1 and canaries: staging-2");
        assertThat(promote(Kind.PROMOTE, some, null, null).submitted()).isPresent();
    }

    @Test
    void saysInTheStateWhatIsAskedAndWhenItIsLookedAtNext() throws Exception {
        deployed("app#1", "shop", "1");
        hold("look", null);

        var json = Json.parse(WrittenState.of(driver.state().orElseThrow()));

        assertThat(json.at("/waves/1/hold/reason").asText()).isEqualTo("look");
        var soak = json.at("/waves/1/sets/0/next/conditions/1");
        assertThat(soak.path("name").asText()).isEqualTo(PromotionCondition.SOAK);
        assertThat(soak.path("asked").asText()).contains("30m");
        assertThat(soak.path("nextLook").asText())
                .isEqualTo(scene.clock.instant().plus(SOAK).toString());
    }

    @Test
    void saysInTheStateWhatAWaveRanNewestFirst() throws Exception {
        use(internal(Duration.ZERO, false));
        Instant begun = scene.clock.instant();
        String first = deployed("app#1", "shop", "1");
        scene.clock.turn(Duration.ofDays(1));
        String second = deployed("app#2", "shop", "2");

        assertThat(Json.parse(WrittenState.of(driver.state().orElseThrow())).at("/runs/staging"))
                .isEqualTo(Json.parse("""
                [{"identity": "%s", "sha": "%s", "since": "%s"},
                 {"identity": "%s", "sha": "%s", "since": "%s", "until": "%s"}]
                """.formatted(
                                RepositoryScene.images("shop", "2").identity(),
                                second,
                                begun.plus(Duration.ofDays(1)),
                                RepositoryScene.images("shop", "1").identity(),
                                first,
                                begun,
                                begun.plus(Duration.ofDays(1)))));
    }

    @Test
    void saysThatAWaveStarves() throws Exception {
        use(internal(Gates.builder().starvedAfter(Duration.ofDays(3)).build()));
        String first = deployed("app#1", "shop", "1");
        scene.clock.turn(Duration.ofDays(3));
        driver.round();

        String json = WrittenState.of(driver.state().orElseThrow());
        assertThat(Json.parse(json).at("/waves/1/sets/0/starved").asText())
                .startsWith("Nothing was promoted to internal since 2026-11-23T09:00:00Z, and staging");
        assertThat(Json.parse(json).at("/waves/1/sets/0/candidate/since").asText())
                .isEqualTo("2026-11-23T09:00:00Z");
        land(promote(first));
        assertThat(driver.state().orElseThrow().waves().get(1).warnings().starved())
                .isEmpty();
    }

    @Test
    void twoControllersPromoteOnce() throws Exception {
        use(internal(Duration.ZERO, false));
        String first = deployed("app#1", "shop", "1");
        Driver other = scene.driver("other", scene.settings(List.of(STAGING, internal)));
        other.round();
        var here = driver.submit(new Promote(toInternal(first)));
        var there = other.submit(new Promote(toInternal(first)));

        var racing = CompletableFuture.runAsync(() -> roundOf(other));
        driver.round();
        racing.join();

        assertThat(scene.queue()).hasSize(1);
        assertThat(here.join().submitted().orElseThrow().id())
                .isEqualTo(there.join().submitted().orElseThrow().id());
    }

    @Test
    void ofARollbackAndAPromotionAtOnceOnlyTheRollbackLands() throws Exception {
        use(internal(Duration.ZERO, false));
        deployed("app#1", "shop", "1");
        String good = land(promote(null));
        deployed("app#2", "shop", "2");
        land(promote(null));
        deployed("app#3", "shop", "3");
        Driver other = scene.driver("other", scene.settings(List.of(STAGING, internal)));
        other.round();
        var back = driver.submit(new Promote(wish(Kind.ROLLBACK, internal, good, null)));
        var next = other.submit(new Promote(wish(Kind.PROMOTE, STAGING, null, null)));

        var racing = CompletableFuture.runAsync(() -> roundOf(other));
        driver.round();
        racing.join();
        String before = scene.main();
        for (int i = 0; i < 2 && !scene.queue().isEmpty(); i++) {
            scene.report(driver, scene.auto(), CheckState.SUCCESS);
        }

        assertThat(scene.line(before, "main"))
                .singleElement()
                .satisfies(landed -> assertThat(scene.message(landed)).contains("Autocommit-Operation: rollback"));
        assertThat(internalTags()).contains("shop:1\"");
        assertThat(scene.state(back.join().submitted().orElseThrow().id())).contains("merged");
        Optional<SubmittedChange> promoted = next.join().submitted();
        assertThat(
                        promoted.isEmpty()
                                ? next.join().conditions().refusal()
                                : scene.state(promoted.get().id()))
                .contains("internal is held by Ada");
    }

    private static void roundOf(Driver driver) {
        try {
            driver.round();
        } catch (GitOpsException e) {
            throw new AssertionError(e);
        }
    }
}
