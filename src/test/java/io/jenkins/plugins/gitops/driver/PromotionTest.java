package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.delivery.DriverRequest.IsOnMain;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionRequest.Kind;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.explain.WrittenState;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one wave runs, taken to the next. */
class PromotionTest extends MemoryDriverTestBase {

    private static final Wave STAGING = Wave.named("staging")
            .targets(new TargetSelection(DeployedApplications.SERVER, List.of("staging-1", "staging-2"), ""))
            .build();
    private static final Wave INTERNAL =
            Wave.named("internal").promotesFrom("staging").build();
    private static final Wave PRODUCTION =
            Wave.named("production").promotesFrom("internal").build();

    private Driver driver;

    @BeforeEach
    void begin() throws GitOpsException {
        driver = scene.driver("jenkins", settings());
        driver.round();
    }

    private RepositorySettings settings() {
        return scene.settings(List.of(STAGING, INTERNAL, PRODUCTION));
    }

    /** A delivery to staging that lands; returns main. */
    private String deliver(String order, String... servicesAndVersions) throws GitOpsException {
        SubmittedChange appended = scene.announce(driver, order, servicesAndVersions);
        scene.report(driver, appended.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(appended.sha());
        return scene.main();
    }

    private PromotionResult promote(String revision) throws GitOpsException {
        return promote(driver, NewChange.newId(), STAGING, INTERNAL, revision);
    }

    private PromotionResult promote(Driver by, String id, Wave from, Wave to, String revision) throws GitOpsException {
        return scene.answer(
                by,
                new Promote(PromotionRequest.of(Kind.PROMOTE, from.name(), to.name())
                        .id(id)
                        .revision(revision)
                        .buildUrl("https://jenkins.example.com/job/p/1/")
                        .build()));
    }

    private void land(PromotionResult promoted) throws GitOpsException {
        scene.report(driver, promoted.submitted().orElseThrow().sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(promoted.submitted().orElseThrow().sha());
    }

    private String images(String wave, String file) {
        return scene.text("main", "images/" + wave + "/" + file);
    }

    @Test
    void takesTheSetThatRuns() throws GitOpsException {
        String deployed = deliver("app#1", "shop", "1", "cart", "1");
        scene.applications.run(deployed, "staging-1", "staging-2");

        PromotionResult promoted = promote(null);

        assertThat(promoted.submitted().orElseThrow().changed()).isTrue();
        assertThat(promoted.conditions().all())
                .extracting(PromotionCondition::name)
                .containsExactly(
                        PromotionCondition.DEPLOYED,
                        PromotionCondition.NOT_OLDER,
                        PromotionCondition.REJECTED,
                        PromotionCondition.HOLD,
                        PromotionCondition.DIFFERS);
        assertThat(promoted.conditions().all()).allMatch(PromotionCondition::met);
        land(promoted);
        assertThat(images("internal", "digests.json")).isEqualTo(images("staging", "digests.json"));
        assertThat(images("internal", "tags.json")).isEqualTo(images("staging", "tags.json"));
        assertThat(scene.message("main"))
                .contains("chore: promote staging to internal (7d1043473d)")
                .contains("Autocommit-Operation: promote")
                .contains("Autocommit-Target: internal")
                .contains("Autocommit-Services: cart, shop")
                .contains("Autocommit-App-SHA: 7d1043473d55bfa90e8530d35801d4e381bc69f0")
                .contains("Autocommit-Reason: promoted from staging")
                .contains("Autocommit-Source-Wave: staging")
                .contains("Autocommit-Source-SHA: " + deployed)
                .doesNotContain("Autocommit-Order");
    }

    @Test
    void takesWhatRunsAndNotWhatMainHas() throws GitOpsException {
        String deployed = deliver("app#1", "shop", "1");
        scene.applications.run(deployed, "staging-1", "staging-2");
        driver.round();
        deliver("app#2", "shop", "2");

        land(promote(null));

        assertThat(images("internal", "tags.json")).contains(":1\"").doesNotContain(":2\"");
    }

    @Test
    void removesServicesThatTheSetHasNoLonger() throws GitOpsException {
        String first = deliver("app#1", "shop", "1", "cart", "1");
        scene.applications.run(first, "staging-1", "staging-2");
        land(promote(null));
        String second =
                scene.byHand("images/staging/tags.json", "{\n  \"shop\": \"docker.example.com/shop:1\"\n}\n", "-");
        second = scene.byHand(
                "images/staging/digests.json",
                "{\n  \"shop\": \"" + RepositoryScene.image("shop", "1").digestReference() + "\"\n}\n",
                "Retire the cart");
        driver.round();
        scene.applications.run(second, "staging-1", "staging-2");

        land(promote(null));

        assertThat(images("internal", "tags.json")).doesNotContain("cart");
    }

    @Test
    void isRefusedWhileOneTargetIsNotWell() throws GitOpsException {
        String deployed = deliver("app#1", "shop", "1");
        scene.applications.run(deployed, "staging-1");
        scene.applications.degrade(deployed, "staging-2");

        PromotionResult refused = promote(deployed);

        assertThat(refused.submitted()).isEmpty();
        assertThat(refused.conditions().refusal()).contains(PromotionCondition.DEPLOYED, "staging-2", "degraded");
        assertThat(scene.queue()).isEmpty();

        scene.applications.run(deployed, "staging-2");
        assertThat(promote(deployed).submitted()).isPresent();
    }

    @Test
    void isRefusedWhileArgoCdCannotBeAsked() throws GitOpsException {
        String deployed = deliver("app#1", "shop", "1");
        scene.applications.run(deployed, "staging-1", "staging-2");
        scene.applications.fail("The token of Argo CD main has expired; store a new one.");

        assertThat(promote(deployed).conditions().refusal()).contains("has expired");
        assertThat(scene.queue()).isEmpty();
    }

    @Test
    void saysThatThereIsNothingToDo() throws GitOpsException {
        String deployed = deliver("app#1", "shop", "1");
        scene.applications.run(deployed, "staging-1", "staging-2");
        land(promote(null));

        PromotionResult again = promote(null);

        assertThat(again.submitted().orElseThrow().changed()).isFalse();
        assertThat(again.submitted().orElseThrow().superseded()).isFalse();
        assertThat(again.conditions().all().get(4).met()).isFalse();
        assertThat(scene.queue()).isEmpty();
    }

    @Test
    void sharesAPromotionThatIsQueued() throws GitOpsException {
        String deployed = deliver("app#1", "shop", "1");
        scene.applications.run(deployed, "staging-1", "staging-2");
        PromotionResult first = promote(null);

        PromotionResult second = promote(null);

        SubmittedChange attached = second.submitted().orElseThrow();
        assertThat(attached.state()).isEqualTo(SubmittedChange.State.ATTACHED);
        assertThat(attached.id()).isEqualTo(first.submitted().orElseThrow().id());
        assertThat(scene.queue()).hasSize(1);
    }

    @Test
    void promotesOnceHoweverOftenItIsAsked() throws GitOpsException {
        String deployed = deliver("app#1", "shop", "1");
        scene.applications.run(deployed, "staging-1", "staging-2");
        String id = NewChange.newId();

        PromotionResult first = promote(driver, id, STAGING, INTERNAL, null);
        PromotionResult resumed = promote(driver, id, STAGING, INTERNAL, null);

        assertThat(resumed.submitted().orElseThrow())
                .isEqualTo(first.submitted().orElseThrow());
        land(first);
        assertThat(promote(driver, id, STAGING, INTERNAL, null)
                        .submitted()
                        .orElseThrow()
                        .sha())
                .isEqualTo(scene.main());
        assertThat(scene.length("main")).isEqualTo(3);
    }

    @Test
    void neverPromotesBackwards() throws GitOpsException {
        String older = deliver("app#1", "shop", "1");
        scene.applications.run(older, "staging-1", "staging-2");
        driver.round();
        String newer = deliver("app#2", "shop", "2");
        scene.applications.run(newer, "staging-1", "staging-2");
        land(promote(newer));

        PromotionResult late = promote(older);
        assertThat(late.submitted().orElseThrow().superseded()).isTrue();

        // Argo CD was rolled back by hand: what runs is older than what was promoted.
        scene.applications.run(older, "staging-1", "staging-2");
        PromotionResult backwards = promote(null);
        assertThat(backwards.submitted()).isEmpty();
        assertThat(backwards.conditions().refusal()).contains(PromotionCondition.NOT_OLDER);
        assertThat(images("internal", "tags.json")).contains(":2\"");
    }

    @Test
    void ofTwoPromotionsTheNewerStaysWhateverTheOrderInWhichTheyLand() throws GitOpsException {
        String older = deliver("app#1", "shop", "1");
        scene.applications.run(older, "staging-1", "staging-2");
        PromotionResult first = promote(older);
        // Another controller, which has not seen the first, promotes a newer set straight onto main.
        String newer = scene.byHand(
                "images/staging/tags.json",
                scene.text("main", "images/staging/tags.json").replace(":1", ":2") + "\n",
                "-");
        newer = scene.byHand(
                "images/staging/digests.json",
                "{\n  \"shop\": \"" + RepositoryScene.image("shop", "2").digestReference() + "\"\n}\n",
                "Deliver by hand");
        scene.byHand("main", "images/internal/tags.json", scene.text(newer, "images/staging/tags.json") + "\n", "-");
        scene.byHand(
                "main",
                "images/internal/digests.json",
                scene.text(newer, "images/staging/digests.json") + "\n",
                "Promote by hand\n\nAutocommit-Id: abcdefgh12345678\nAutocommit-Operation: promote\n"
                        + "Autocommit-Target: internal\nAutocommit-Services: shop\nAutocommit-Source-Wave: staging\n"
                        + "Autocommit-Source-SHA: " + newer);
        driver.round();

        assertThat(scene.queue()).isEmpty();
        assertThat(scene.state(first.submitted().orElseThrow().id()))
                .contains("superseded", "a newer set was promoted");
        assertThat(images("internal", "tags.json")).contains(":2\"");
    }

    @Test
    void writesDownWhatAWaveRuns() throws GitOpsException {
        String first = deliver("app#1", "shop", "1");
        scene.applications.run(first, "staging-1");
        driver.round();
        assertThat(scene.files(RefNames.defaultState("main"), "waves/"))
                .as("one of two")
                .isEmpty();

        scene.applications.run(first, "staging-2");
        driver.round();
        String since = scene.clock.instant().toString();
        assertThat(stateFile("staging")).contains(first, since, "identity");

        scene.clock.turn(Duration.ofMinutes(5));
        String unrelated = scene.byHand("README.md", "Unrelated\n", "Say more");
        driver.round();
        scene.applications.run(unrelated, "staging-1", "staging-2");
        String state = scene.sha(RefNames.defaultState("main"));
        driver.round();
        assertThat(scene.sha(RefNames.defaultState("main")))
                .as("the same set at another commit is no transition")
                .isEqualTo(state);

        scene.applications.degrade(unrelated, "staging-2");
        driver.round();
        assertThat(stateFile("staging")).as("what was deployed stays written").contains(since);
    }

    @Test
    void twoDriversWriteATransitionOnce() throws GitOpsException {
        String first = deliver("app#1", "shop", "1");
        Driver other = scene.driver("other", settings());
        other.round();
        int before = scene.length(RefNames.defaultState("main"));
        scene.applications.run(first, "staging-1", "staging-2");

        driver.round();
        other.round();
        driver.round();

        assertThat(scene.length(RefNames.defaultState("main"))).isEqualTo(before + 1);
    }

    @Test
    void asksForAFreshLookAtWhatIsStale() throws Exception {
        String first = deliver("app#1", "shop", "1");
        scene.applications.run(first, "staging-1");
        scene.applications.goStale(first, "staging-2");

        Rollout rollout = driver.rollout(WavePath.of("staging"), Optional.of(first));

        assertThat(rollout.waiting()).extracting(TargetState::state).containsExactly(State.STALE);
        assertThat(scene.applications.refreshed)
                .isNotEmpty()
                .allMatch(id -> id.name().equals("staging-2"));
    }

    @Test
    void aWaveWithoutApplicationsIsWhereMainIs() throws Exception {
        String first = deliver("app#1", "shop", "1");
        scene.applications.run(first, "staging-1", "staging-2");
        land(promote(null));

        assertThat(driver.rollout(WavePath.of("internal"), Optional.of(scene.main()))
                        .deployed())
                .contains(scene.main());
        land(promote(driver, NewChange.newId(), INTERNAL, PRODUCTION, null));
        assertThat(images("production", "digests.json")).isEqualTo(images("staging", "digests.json"));
    }

    @Test
    void knowsWhatIsOnMain() throws GitOpsException {
        String first = deliver("app#1", "shop", "1");
        String elsewhere = scene.byHand("feature", "README.md", "Elsewhere\n", "Elsewhere");

        assertThat(scene.answer(driver, new IsOnMain(first))).isTrue();
        assertThat(scene.answer(driver, new IsOnMain(elsewhere))).isFalse();
        assertThat(scene.answer(driver, new IsOnMain("9".repeat(40)))).isFalse();
    }

    @Test
    void refusesToPromoteNothing() throws GitOpsException {
        scene.applications.run(scene.main(), "staging-1", "staging-2");

        assertThat(promote(null).conditions().refusal()).contains("no images");
    }

    @Test
    void showsTheNextPromotionAndWhyItMayNotHappen() throws Exception {
        String first = deliver("app#1", "shop", "1", "cart", "1");
        scene.applications.run(first, "staging-1");
        scene.applications.degrade(first, "staging-2");

        String json = WrittenState.of(driver.state().orElseThrow());

        assertThat(Json.parse(json).at("/waves/1/sets/0/next/allowed").asBoolean())
                .isFalse();
        assertThat(Json.parse(json).at("/waves/0/targets/1/state").asText()).isEqualTo("degraded");
        scene.applications.run(first, "staging-2");
        driver.round();
        RepositoryState.WaveSnapshot internal =
                driver.state().orElseThrow().waves().get(1);
        assertThat(internal.live().orElseThrow().next()).hasValueSatisfying(next -> {
            assertThat(next.allowed()).isTrue();
            assertThat(next.services()).containsExactly("cart", "shop");
        });
        assertThat(driver.state()
                        .orElseThrow()
                        .waves()
                        .get(0)
                        .deployed()
                        .orElseThrow()
                        .sha())
                .isEqualTo(first);
        land(promote(null));
        assertThat(driver.state()
                        .orElseThrow()
                        .waves()
                        .get(1)
                        .live()
                        .orElseThrow()
                        .next()
                        .orElseThrow()
                        .allowed())
                .as("nothing differs any more")
                .isFalse();
    }

    private String stateFile(String wave) {
        return scene.text(RefNames.defaultState("main"), "waves/" + wave + ".json");
    }

    @Test
    void aTargetThatHasNotComeToACommitIsBehindItAndNotPastIt() throws Exception {
        String first = deliver("app#1", "shop", "1");
        scene.applications.run(first, "staging-1", "staging-2");
        String second = deliver("app#2", "shop", "2");

        Rollout waiting = driver.rollout(WavePath.of("staging"), Optional.of(second));
        assertThat(waiting.superseded()).isFalse();
        assertThat(waiting.deployed()).isEmpty();

        scene.applications.run(second, "staging-1", "staging-2");
        assertThat(driver.rollout(WavePath.of("staging"), Optional.of(first)).superseded())
                .isTrue();
    }
}
