package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.explain.WrittenState;
import io.jenkins.plugins.gitops.waves.ApprovalRule;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.SetApproval;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** People approve a set before it is promoted into production. */
class ApprovalTest extends MemoryDriverTestBase {

    private static final WavePath PRODUCTION = WavePath.of("production");

    private GatedScene gated;

    @BeforeEach
    void begin() {
        gated = new GatedScene(scene);
    }

    private void asking(int count, String... from) throws GitOpsException {
        gated.begin(
                Gates.NONE,
                Gates.builder()
                        .approvals(new ApprovalRule(count, List.of(from), false))
                        .build());
    }

    private void approve(String revision, String by, String right) throws GitOpsException {
        gated.command(new StateCommand.ApproveSet(
                PRODUCTION, revision, Optional.empty(), by, right, "looks good", scene.clock.instant()));
    }

    @Test
    void waitsForAsManyPeopleAsAreAsked() throws Exception {
        asking(2, "release-managers");
        String sha = gated.deploy("1");

        PromotionCondition nobody = gated.condition(PromotionCondition.APPROVED);
        assertThat(nobody.met()).isFalse();
        assertThat(nobody.asked()).isEqualTo("2 people approved it for production");
        assertThat(nobody.seen()).contains("nobody approved", "0 of 2", "There may still approve: release-managers");

        approve(sha, "ada", "release-managers");
        approve(sha, "ada", "release-managers");
        assertThat(gated.promote().conditions().refusal()).contains("1 of 2", "ada at", "looks good");

        approve(sha.substring(0, 7), "grace", "release-managers");
        PromotionResult promoted = gated.promote();
        scene.report(gated.driver, promoted.submitted().orElseThrow().sha(), CheckState.SUCCESS);
        assertThat(scene.text("main", "images/production/tags.json")).contains(":1\"");
    }

    @Test
    void isOfOneSetOnly() throws Exception {
        asking(1);
        String first = gated.deploy("1");
        assertThat(gated.condition(PromotionCondition.APPROVED).asked())
                .isEqualTo("somebody approved it for production");
        approve(first, "ada", "");
        assertThat(gated.condition(PromotionCondition.APPROVED).met()).isTrue();

        gated.deploy("2");

        assertThat(gated.condition(PromotionCondition.APPROVED).met()).isFalse();
        assertThat(gated.promote().submitted()).isEmpty();
    }

    @Test
    void isTakenBackByWhoGaveIt() throws Exception {
        asking(1);
        String sha = gated.deploy("1");
        approve(sha, "ada", "");

        gated.command(new StateCommand.WithdrawApproval(PRODUCTION, sha, Optional.empty(), "grace"));
        assertThat(gated.condition(PromotionCondition.APPROVED).met()).isTrue();
        gated.command(new StateCommand.WithdrawApproval(PRODUCTION, sha, Optional.empty(), "ada"));

        assertThat(gated.condition(PromotionCondition.APPROVED).met()).isFalse();
    }

    @Test
    void staysWhileThePromotionIsQueuedHoweverManyApproveOtherSets() throws Exception {
        asking(1);
        String before = gated.deploy("1");
        String sha = gated.deploy("2");
        approve(sha, "ada", "");
        PromotionResult promoted = gated.promote();
        for (int i = 0; i < 100; i++) {
            approve(before, "person" + i, "");
        }

        scene.report(gated.driver, promoted.submitted().orElseThrow().sha(), CheckState.SUCCESS);

        assertThat(scene.text("main", "images/production/tags.json")).contains(":2\"");
    }

    @Test
    void evictsAQueuedPromotionWhoseApprovalIsTakenBack() throws Exception {
        asking(1);
        String sha = gated.deploy("1");
        approve(sha, "ada", "");
        PromotionResult promoted = gated.promote();
        gated.command(new StateCommand.WithdrawApproval(PRODUCTION, sha, Optional.empty(), "ada"));

        scene.report(gated.driver, promoted.submitted().orElseThrow().sha(), CheckState.SUCCESS);

        var end = gated.driver.status(promoted.submitted().orElseThrow().id()).orElseThrow();
        assertThat(end.outcome()).contains(Outcome.EVICTED);
        assertThat(end.cause()).contains("not approved");
        assertThat(scene.main()).isEqualTo(sha);
    }

    @Test
    void countsNoLongerWhenItsGroupIsTakenOutOfTheConfiguration() throws Exception {
        asking(1, "release-managers");
        String sha = gated.deploy("1");
        approve(sha, "ada", "release-managers");
        assertThat(gated.condition(PromotionCondition.APPROVED).met()).isTrue();

        asking(1, "admins");

        assertThat(gated.condition(PromotionCondition.APPROVED).met()).isFalse();
    }

    @Test
    void isRecordedWithPersonTimeAndWords() throws Exception {
        asking(1);
        String sha = gated.deploy("1");
        approve(sha, "ada", "");

        assertThat(gated.state("production").approvals())
                .singleElement()
                .satisfies(approval -> assertThat(approval)
                        .isEqualTo(
                                new SetApproval(approval.identity(), "ada", "", "looks good", scene.clock.instant())));
        assertThat(scene.message("refs/gitops-waves/main/state"))
                .contains("A set is approved for production", "Why: looks good", "By: ada");
        var json = Json.parse(WrittenState.of(gated.driver.state().orElseThrow()));
        assertThat(json.at("/waves/1/sets/0/approvals/0/by").asText()).isEqualTo("ada");
    }

    @Test
    void refusesWhatCannotBeApproved() throws Exception {
        asking(1, "release-managers");
        String sha = gated.deploy("1");

        assertThatThrownBy(() -> approve(sha, "mallory", "somebody"))
                .hasRootCauseMessage("mallory may not approve for production; these may: release-managers.");
        assertThatThrownBy(() -> approve("0123456789", "ada", "release-managers"))
                .rootCause()
                .hasMessageContaining("has no commit 0123456789");
        // It was taken for a damage of the clone, and tried again.
        assertThatThrownBy(() -> approve("9".repeat(40), "ada", "release-managers"))
                .rootCause()
                .hasMessageContaining("has no commit " + "9".repeat(40));
        assertThatThrownBy(() -> gated.command(new StateCommand.ApproveSet(
                        WavePath.of("staging"), sha, Optional.empty(), "ada", "", "", scene.clock.instant())))
                .rootCause()
                .hasMessageContaining("Nobody has to approve what is promoted to staging");
    }

    @Test
    void isForPromotionsOnly() {
        Wave first = Wave.named("staging")
                .gates(Gates.builder()
                        .approvals(new ApprovalRule(1, List.of(), false))
                        .build())
                .build();

        assertThatThrownBy(() -> scene.settings(List.of(first)))
                .hasMessageContaining("approvals of the wave staging are for promotions");
    }

    // ---- how long they are kept ----------------------------------------------------------------------------------

    /** As many people as are remembered approve another set. */
    private void approveOften(String revision) throws GitOpsException {
        for (int i = 0; i < 100; i++) {
            approve(revision, "person" + i, "");
        }
    }

    private void announce(String version) throws GitOpsException {
        scene.announce(gated.driver, "app#" + version, "shop", version);
    }

    @Test
    void staysForTheSetThatRunsWhileMainHasAnother() throws Exception {
        asking(1);
        String before = gated.deploy("1");
        approve(gated.deploy("2"), "ada", "");
        announce("3");
        scene.report(gated.driver, scene.auto(), CheckState.SUCCESS);

        approveOften(before);

        assertThat(gated.condition(PromotionCondition.APPROVED).seen()).startsWith("approved by ada at ");
    }

    @Test
    void staysForTheSetThatComesBack() throws Exception {
        asking(1);
        String before = gated.deploy("1");
        approve(gated.deploy("2"), "ada", "");
        gated.deploy("3");
        scene.announce(gated.driver, "app#4", "shop", "2");

        approveOften(before);

        scene.report(gated.driver, scene.auto(), CheckState.SUCCESS);
        gated.run(scene.main());
        assertThat(gated.condition(PromotionCondition.APPROVED).seen()).startsWith("approved by ada at ");
    }

    @Test
    void staysForTheSetOfAQueuedPromotionAfterTheWaveRunsAnother() throws Exception {
        asking(1);
        String before = gated.deploy("1");
        approve(gated.deploy("2"), "ada", "");
        announce("3");
        String newer = scene.auto();
        PromotionResult promoted = gated.promote();
        scene.report(gated.driver, newer, CheckState.SUCCESS);
        gated.run(newer);

        approveOften(before);

        scene.report(gated.driver, promoted.submitted().orElseThrow().sha(), CheckState.SUCCESS);
        assertThat(scene.text("main", "images/production/tags.json")).contains(":2\"");
    }
}
