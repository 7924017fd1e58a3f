package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PreviewPromotion;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.PromotionPreview;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionRequest.Kind;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.Wave;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is said of each condition of a promotion, word for word, and which set is taken for it. */
class PromotionConditionsTest extends MemoryDriverTestBase {

    private static final Duration SOAK = Duration.ofMinutes(30);

    private Driver driver;

    private static Wave staging(String require, String... targets) {
        Wave.Builder staging = Wave.named("staging");
        if (targets.length > 0) {
            staging.targets(new TargetSelection(DeployedApplications.SERVER, List.of(targets), ""));
        }
        return staging.gates(Gates.builder()
                        .require(RolloutRequirement.parse(require))
                        .build())
                .build();
    }

    private static Wave internal(Duration soak) {
        return Wave.named("internal")
                .promotesFrom("staging")
                .gates(Gates.builder().soak(soak).build())
                .build();
    }

    private void begin(Wave... waves) throws GitOpsException {
        driver = scene.driver("jenkins", scene.settings(List.of(waves)));
        driver.round();
    }

    private void beginSoaking() throws GitOpsException {
        begin(staging("all", "staging-1"), internal(SOAK));
    }

    private String deliver(String version) throws GitOpsException {
        SubmittedChange change = scene.announce(driver, "app#" + version, "shop", version);
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        return scene.main();
    }

    private String deployed(String version, String... targets) throws GitOpsException {
        String sha = deliver(version);
        scene.applications.run(sha, targets.length == 0 ? new String[] {"staging-1"} : targets);
        driver.round();
        return sha;
    }

    private PromotionRequest request(Kind kind, String from, String revision) {
        return PromotionRequest.of(kind, from, "internal").revision(revision).build();
    }

    private PromotionResult promote(String revision) throws GitOpsException {
        return scene.answer(driver, new Promote(request(Kind.PROMOTE, "staging", revision)));
    }

    private void land(PromotionResult promoted) throws GitOpsException {
        assertThat(promoted.submitted()).isPresent();
        scene.report(driver, promoted.submitted().orElseThrow().sha(), CheckState.SUCCESS);
    }

    private static PromotionCondition condition(Stream<PromotionCondition> conditions, String name) {
        return conditions
                .filter(condition -> condition.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static PromotionCondition condition(PromotionResult result, String name) {
        return condition(result.conditions().all().stream(), name);
    }

    private RepositoryState.NextPromotion next() throws IOException {
        return driver.state()
                .orElseThrow()
                .waves()
                .get(1)
                .live()
                .orElseThrow()
                .next()
                .orElseThrow();
    }

    private PromotionCondition next(String name) throws IOException {
        return condition(next().conditions().stream(), name);
    }

    private static String shortened(String sha) {
        return sha.substring(0, 10);
    }

    private String inInternal() {
        return scene.text("main", "images/internal/tags.json");
    }

    // ---- deployed -----------------------------------------------------------------------------------------------

    @Test
    void theTargetsThatRunItAreCounted() throws Exception {
        begin(staging("1", "staging-1", "staging-2"), internal(Duration.ZERO));
        String sha = deployed("1");
        assertThat(next(PromotionCondition.DEPLOYED).seen())
                .isEqualTo("staging runs " + shortened(sha) + " on 1 of 2 targets.");

        scene.applications.run(sha, "staging-2");
        driver.round();
        assertThat(next(PromotionCondition.DEPLOYED).seen())
                .isEqualTo("staging runs " + shortened(sha) + " on all 2 targets.");
    }

    @Test
    void oneTargetAndNoTargetAreSaidAsSuch() throws Exception {
        begin(staging("all", "staging-1"), internal(Duration.ZERO));
        String sha = deployed("1");
        assertThat(next(PromotionCondition.DEPLOYED).seen())
                .isEqualTo("staging runs " + shortened(sha) + " on its target.");

        driver = scene.driver("other", scene.settings(List.of(staging("all"), internal(Duration.ZERO))));
        driver.round();
        assertThat(next(PromotionCondition.DEPLOYED).seen()).isEqualTo("staging runs " + shortened(sha) + ".");
    }

    @Test
    void aRevisionThatIsNotOnMainIsNamed() throws Exception {
        beginSoaking();
        deployed("1");

        PromotionResult refused = promote("9".repeat(40));

        assertThat(refused.submitted()).isEmpty();
        assertThat(condition(refused, PromotionCondition.DEPLOYED).seen())
                .startsWith("in staging: The branch main of ")
                .endsWith(" has no commit " + "9".repeat(40) + ".");
    }

    @Test
    void aTargetThatRunsACommitOfSomewhereElseIsNotDeployed() throws Exception {
        begin(staging("all", "staging-1"), internal(Duration.ZERO));
        deployed("1");
        scene.applications.run("9".repeat(40), "staging-1");

        PromotionResult refused = promote(null);

        assertThat(refused.submitted()).isEmpty();
        assertThat(condition(refused, PromotionCondition.DEPLOYED).met()).isFalse();
    }

    @Test
    void imageFilesThatCannotBeReadAreNamed() throws Exception {
        begin(staging("all"), internal(Duration.ZERO));
        String sha = deliver("1");
        scene.byHand("images/staging/tags.json", "{broken", "Break it");

        PromotionResult refused = promote(sha);

        assertThat(refused.submitted()).isEmpty();
        assertThat(condition(refused, PromotionCondition.DEPLOYED).seen())
                .startsWith("in staging: The image files of the wave staging cannot be read: ");
    }

    // ---- the set ------------------------------------------------------------------------------------------------

    @Test
    void theNextPromotionNamesTheImagesThatDiffer() throws Exception {
        begin(staging("all"), internal(Duration.ZERO));
        SubmittedChange change = scene.announce(driver, "app#1", "shop", "1", "cart", "1");
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        assertThat(next(PromotionCondition.DIFFERS).seen()).isEqualTo("internal has another set.");
        land(promote(null));
        assertThat(next(PromotionCondition.DIFFERS).seen()).isEqualTo("internal has this set already.");
        assertThat(next().images()).isEmpty();

        deliver("2");

        assertThat(next().services()).containsExactly("shop");
        assertThat(next().images()).containsOnlyKeys("shop").containsValue(RepositoryScene.image("shop", "2"));
    }

    @Test
    void whichSetIsNewerIsSaid() throws Exception {
        begin(staging("all", "staging-1"), internal(Duration.ZERO));
        String older = deployed("1");
        String newer = deployed("2");
        assertThat(next(PromotionCondition.NOT_OLDER).seen())
                .isEqualTo("nothing newer than " + shortened(newer) + " was promoted to internal.");
        land(promote(null));
        scene.applications.run(older, "staging-1");

        assertThat(condition(promote(null), PromotionCondition.NOT_OLDER).seen())
                .isEqualTo("what was promoted to internal last is of " + shortened(newer) + ", and so newer than "
                        + shortened(older) + ".");
    }

    @Test
    void aRejectionIsOneSentence() throws Exception {
        begin(staging("all"), internal(Duration.ZERO));
        deliver("1");
        String digest = RepositoryScene.digest("shop:1");
        Instant at = scene.clock.instant();
        scene.answer(
                driver, new ApplyStateCommand(new StateCommand.RejectImages(List.of(digest), "it leaks", "ada", at)));

        assertThat(next(PromotionCondition.REJECTED).seen())
                .isEqualTo("the image of shop (" + digest + ") was rejected by ada at " + at + ": it leaks.");

        scene.byHand("broken", "rejected.json", "{}", "Break it");
        scene.move(RefNames.defaultState("main"), "refs/heads/broken");
        driver.round();
        assertThat(next(PromotionCondition.REJECTED).seen()).endsWith(".").doesNotEndWith("..");
    }

    // ---- soak ---------------------------------------------------------------------------------------------------

    @Test
    void howLongItHasSoakedIsSaid() throws Exception {
        beginSoaking();
        deployed("1");
        Instant since = scene.clock.instant();
        assertThat(next(PromotionCondition.SOAK).seen())
                .isEqualTo("it runs there since " + since + ", so until " + since.plus(SOAK) + ".");

        scene.clock.turn(SOAK);
        assertThat(condition(promote(null), PromotionCondition.SOAK).met()).isTrue();
        driver.round();
        assertThat(condition(promote(null), PromotionCondition.SOAK).seen())
                .isEqualTo("it has run in staging for long enough.");
    }

    @Test
    void whatHasJustSoakedIsPromotedBeforeThatIsWrittenDown() throws Exception {
        beginSoaking();
        deployed("1");
        Instant since = scene.clock.instant();
        scene.clock.turn(SOAK);

        PromotionResult promoted = promote(null);

        assertThat(condition(promoted, PromotionCondition.SOAK).seen())
                .isIn("it runs there since " + since + ".", "it has run in staging for long enough.");
        assertThat(promoted.submitted()).isPresent();
    }

    @Test
    void aSetThatHasJustComeHasNotBegunToSoak() throws Exception {
        beginSoaking();
        deployed("1");
        String second = deliver("2");
        scene.applications.run(second, "staging-1");

        assertThat(condition(promote(null), PromotionCondition.SOAK).seen())
                .isEqualTo("it has not begun to run in all of staging.");
    }

    @Test
    void nothingSoaksInAWaveOfWhichNothingIsKnown() throws Exception {
        beginSoaking();
        deployed("1");
        scene.byHand("broken", "waves/staging.json", "{broken", "Break it");
        scene.move(RefNames.defaultState("main"), "refs/heads/broken");

        PromotionCondition soak = condition(promote(null), PromotionCondition.SOAK);

        assertThat(soak.met()).isFalse();
        assertThat(soak.seen()).contains("waves/staging.json");
    }

    @Test
    void aWaveThatSoaksNothingTakesNewSetsIn() throws Exception {
        Wave production = Wave.named("production")
                .promotesFrom("internal")
                .gates(Gates.builder().soak(SOAK).freeze(true).build())
                .build();
        begin(staging("all"), internal(Duration.ZERO), production);
        deliver("1");

        PromotionCondition intake = next(PromotionCondition.INTAKE);

        assertThat(intake.met()).isTrue();
        assertThat(intake.asked()).isEqualTo("nothing soaks in internal");
        assertThat(intake.seen()).isEqualTo("nothing soaks there that would be lost.");
    }

    // ---- sets that have soaked ----------------------------------------------------------------------------------

    private String soaked(String version) throws GitOpsException {
        String sha = deployed(version);
        scene.clock.turn(SOAK);
        driver.round();
        return sha;
    }

    @Test
    void ofTwoThatHaveSoakedTheOneThatIsAskedForIsTaken() throws Exception {
        beginSoaking();
        String first = soaked("1");
        soaked("2");

        PromotionResult promoted = promote(first);

        assertThat(condition(promoted, PromotionCondition.DEPLOYED).seen())
                .startsWith("staging ran " + shortened(first) + " for long enough, by ");
        land(promoted);
        assertThat(inInternal()).contains(":1\"");
    }

    @Test
    void aRejectedSetThatHasSoakedIsNotTaken() throws Exception {
        beginSoaking();
        soaked("1");
        deployed("2");
        assertThat(next(PromotionCondition.DEPLOYED).seen()).contains("for long enough");
        scene.answer(
                driver,
                new ApplyStateCommand(new StateCommand.RejectImages(
                        List.of(RepositoryScene.digest("shop:1")), "it leaks", "ada", scene.clock.instant())));

        PromotionResult refused = promote(null);

        assertThat(refused.submitted()).isEmpty();
        assertThat(refused.conditions().refusal()).startsWith("soak: it runs there since");
    }

    @Test
    void anOlderSetThatHasSoakedIsNotTaken() throws Exception {
        beginSoaking();
        soaked("1");
        soaked("2");
        land(promote(null));
        assertThat(inInternal()).contains(":2\"");
        deployed("3");

        PromotionResult refused = promote(null);

        assertThat(refused.submitted()).isEmpty();
        assertThat(refused.conditions().refusal()).startsWith("soak: it runs there since");
    }

    // ---- rollbacks ----------------------------------------------------------------------------------------------

    @Test
    void whatARollbackGoesBackToIsSaid() throws Exception {
        begin(staging("all"), internal(Duration.ZERO));
        String begin = scene.main();
        deliver("1");
        land(promote(null));
        String good = scene.main();
        deliver("2");
        land(promote(null));

        PromotionPreview back =
                scene.answer(driver, new PreviewPromotion(request(Kind.ROLLBACK_DRY_RUN, "internal", good)));
        assertThat(condition(back.conditions().all().stream(), PromotionCondition.EARLIER)
                        .seen())
                .isEqualTo("internal had this set in " + shortened(good) + ".");

        PromotionResult nowhere = scene.answer(driver, new Promote(request(Kind.ROLLBACK, "internal", begin)));
        assertThat(condition(nowhere, PromotionCondition.EARLIER).seen())
                .isEqualTo("main has no commit " + begin
                        + " in which internal has images; git log main names those that changed it.");
    }

    @Test
    void aSetThatIsReplacedAtTheEndOfItsSoakHasNotSoaked() throws Exception {
        beginSoaking();
        deployed("1");
        String second = deliver("2");
        scene.applications.run(second, "staging-1");
        scene.clock.turn(SOAK);

        driver.round();

        assertThat(driver.state().orElseThrow().waves().get(1).state().qualified())
                .isEmpty();
    }

    @Test
    void whatHasSoakedIsTakenFromTheMomentAtWhichAnotherRuns() throws Exception {
        beginSoaking();
        String first = soaked("1");
        scene.applications.run(deliver("2"), "staging-1");

        PromotionResult promoted = promote(null);

        assertThat(condition(promoted, PromotionCondition.DEPLOYED).seen())
                .startsWith("staging ran " + shortened(first) + " for long enough");
        land(promoted);
        assertThat(inInternal()).contains(":1\"");
    }
}
