package io.jenkins.plugins.gitops.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.common.ConfigConflict;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import io.jenkins.plugins.gitops.worktree.ConfigTree;
import io.jenkins.plugins.gitops.worktree.FileEntry;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;

/** The rules by which a change becomes a commit on the tip of the queue, or needs none. */
class ChangeAppenderTest {

    private AutoBranchFixture scene = new AutoBranchFixture();

    private static NewChange announcement(String order, String... servicesAndVersions) {
        return AutoBranchFixture.change(ChangeOperation.ANNOUNCE, order, servicesAndVersions);
    }

    private static NewChange tagged(String order, String tag, String content) {
        ChangeTrailers trailers =
                AutoBranchFixture.trailers(ChangeOperation.ANNOUNCE, order).build();
        return new NewChange(trailers, ImageSet.of(Map.of("shop", AutoBranchFixture.image("shop", tag, content))));
    }

    // ---- the commit -------------------------------------------------------------------------------------------------

    @Test
    void aChangeBecomesOneCommitOnTheTip() throws Exception {
        QueuedCommit below = scene.announced("app#1", "shop", "1");
        QueuedCommit commit = scene.announced("app#2", "cart", "1");

        assertThat(commit.parent()).isEqualTo(below.sha());
        assertThat(scene.versions(commit.sha(), AutoBranchFixture.STAGING)).isEqualTo(Map.of("cart", "1", "shop", "1"));
        assertThat(commit.trailers().map(ChangeTrailers::services).orElseThrow())
                .as("the services that it sets, not those below it")
                .containsExactly("cart");
    }

    @Test
    void theFirstLineIsTheGivenOneElseTheConfiguredOne() throws Exception {
        ChangeTrailers trailers = AutoBranchFixture.trailers(ChangeOperation.ANNOUNCE, "app#1")
                .appSha("7d1043473d55bfa90e8530d35801d4e381bc69f0")
                .build();

        assertThat(scene.queued(new NewChange(trailers, AutoBranchFixture.images("shop", "1")))
                        .subject())
                .isEqualTo("chore: update app to 7d1043473d");
        assertThat(scene.queued(announcement("app#2", "shop", "2").withSubject("Ship it"))
                        .subject())
                .isEqualTo("Ship it");
    }

    @Test
    void imageFilesThatCannotBeReadAreRefused() {
        scene.pushToMain("images/staging/tags.json", "{broken");
        scene.auto = scene.main;

        assertThatThrownBy(() -> scene.append(announcement("app#1", "shop", "1")))
                .isInstanceOf(InvalidImagesException.class);
    }

    // ---- content that is there already ----------------------------------------------------------------------------

    @Test
    void contentThatMainHasNeedsNoCommit() throws Exception {
        scene.merge(scene.announced("app#1", "shop", "1"));

        assertThat(scene.append(announcement("app#2", "shop", "1"))).isEqualTo(new AppendResult.Unchanged(scene.main));
    }

    @Test
    void contentThatMainHasNeedsNoCommitIfAllThatIsQueuedLeavesIt() throws Exception {
        scene.merge(scene.announced("app#1", "shop", "1"));
        scene.announced("other#1", "cart", "1");
        assertThat(scene.append(announcement("app#2", "shop", "1"))).isEqualTo(new AppendResult.Unchanged(scene.main));

        scene.announced("other#2", "shop", "2");
        assertThat(scene.append(announcement("third#1", "shop", "1"))).isInstanceOf(AppendResult.Commit.class);
    }

    @Test
    void aChangeOfAnotherWaveIsNotWhatBringsTheContent() throws Exception {
        QueuedCommit queued = scene.announced("app#1", "shop", "1");
        scene.queued(scene.promotion(queued.sha()));

        assertThat(scene.append(announcement("third#1", "shop", "1"))).isEqualTo(new AppendResult.Attached(queued));
    }

    @Test
    void contentThatOneQueuedChangeBringsAttachesToIt() throws Exception {
        QueuedCommit queued = scene.announced("app#1", "shop", "1");
        scene.announced("other#1", "cart", "1");

        assertThat(scene.append(announcement("third#1", "shop", "1"))).isEqualTo(new AppendResult.Attached(queued));
    }

    @Test
    void contentThatMainHasAndAQueuedChangeTakesAwayNeedsACommit() throws Exception {
        scene.merge(scene.announced("app#1", "shop", "1"));
        scene.announced("other#1", "shop", "2");

        scene.announced("third#1", "shop", "1");

        assertThat(scene.queue().commits()).hasSize(2);
    }

    @Test
    void contentThatTwoQueuedChangesBringTogetherNeedsACommitOfItsOwn() throws Exception {
        scene.announced("app#1", "shop", "1");
        QueuedCommit below = scene.announced("other#1", "cart", "1");

        QueuedCommit both = scene.announced("third#1", "cart", "1", "shop", "1");

        assertThat(both.tree()).as("it is empty as long as both are there").isEqualTo(below.tree());
    }

    @Test
    void anotherTagOfTheSameDigestIsAChange() throws Exception {
        scene.merge(scene.queued(tagged("app#1", "1", "same")));

        scene.queued(tagged("app#2", "2", "same"));
    }

    @Test
    void anotherTagOfTheSameDigestIsNoChangeWhereOnlyDigestsCount() throws Exception {
        scene = new AutoBranchFixture(true, PathPatterns.NONE);
        scene.merge(scene.queued(tagged("app#1", "1", "same")));

        assertThat(scene.append(tagged("app#2", "2", "same"))).isEqualTo(new AppendResult.Unchanged(scene.main));
    }

    // ---- order

    @Test
    void servicesThatALaterBuildHasWrittenAreLeftOut() throws Exception {
        scene.announced("app#2", "shop", "2");

        QueuedCommit earlier = scene.announced("app#1", "cart", "1", "shop", "1");

        assertThat(scene.versions(earlier.sha(), AutoBranchFixture.STAGING))
                .isEqualTo(Map.of("cart", "1", "shop", "2"));
        assertThat(earlier.trailers().map(ChangeTrailers::services).orElseThrow())
                .containsExactly("cart");
    }

    @Test
    void aChangeIsSupersededWhenLaterBuildsHaveWrittenAllOfIt() throws Exception {
        scene.merge(scene.announced("app#2", "shop", "2"));

        assertThat(scene.append(announcement("app#1", "shop", "1"))).isEqualTo(new AppendResult.Superseded());
    }

    @Test
    void aHigherNumberFromBeforeTheBuildBeganIsNotLater() throws Exception {
        scene.merge(scene.announced("app#7", "shop", "7"));
        NewChange afterNumbersBeganAnew =
                announcement("app#1", "shop", "1").startedAt(scene.now().plus(Duration.ofDays(1)));

        QueuedCommit commit = scene.queued(afterNumbersBeganAnew);

        assertThat(scene.versions(commit.sha(), AutoBranchFixture.STAGING)).isEqualTo(Map.of("shop", "1"));
    }

    // ---- bodies -----------------------------------------------------------------------------------------------------

    private static BodyChanges body(ObjectId base, String path, String text) {
        var file = new BodyChanges.File(FileEntry.Kind.REGULAR, text.getBytes(StandardCharsets.UTF_8));
        return new BodyChanges(base, new TreeMap<>(Map.of(path, Optional.of(file))));
    }

    @Test
    void aBodyWorksOnTheTipWithTheImagesOfItsChange() throws Exception {
        scene.announced("app#1", "cart", "1");

        ConfigTree tree = scene.branch.appender().prepare(scene.queue(), announcement("app#2", "shop", "1"));

        assertThat(tree.base()).isEqualTo(scene.auto);
        assertThat(new String(tree.content("images/staging/tags.json"), StandardCharsets.UTF_8))
                .contains("cart:1", "shop:1");
    }

    @Test
    void whatABodyMadeIsPutOnWhatTheQueueHasBecomeMeanwhile() throws Exception {
        ObjectId base = scene.auto;
        QueuedCommit meanwhile = scene.announced("other#1", "cart", "1");

        QueuedCommit commit =
                scene.queued(announcement("app#1", "shop", "1").withBody(body(base, "generated/all.yaml", "a: 1\n")));

        assertThat(commit.parent()).isEqualTo(meanwhile.sha());
        assertThat(scene.versions(commit.sha(), AutoBranchFixture.STAGING)).isEqualTo(Map.of("cart", "1", "shop", "1"));
        assertThat(scene.text(commit.sha(), "generated/all.yaml")).isEqualTo("a: 1\n");
    }

    @Test
    void whatABodyMadeIsAConflictWhereItDoesNotFit() throws Exception {
        ObjectId base = scene.auto;
        scene.pushToQueue(AutoBranchFixture.README, AutoBranchFixture.LINES.replace("2", "two"));

        AppendResult result = scene.append(announcement("app#1", "shop", "1")
                .withBody(body(base, AutoBranchFixture.README, AutoBranchFixture.LINES.replace("2", "zwei"))));

        assertThat(result)
                .isInstanceOfSatisfying(
                        AppendResult.Conflict.class,
                        conflict -> assertThat(conflict.reason()).contains(AutoBranchFixture.README, "Make it again."));
    }

    @Test
    void whatABodyMadeOnACommitThatIsGoneIsAConflict() throws Exception {
        ObjectId gone = ObjectId.fromString("7d1043473d55bfa90e8530d35801d4e381bc69f0");

        assertThat(scene.append(announcement("app#1", "shop", "1").withBody(body(gone, "generated/all.yaml", "a\n"))))
                .isInstanceOf(AppendResult.Conflict.class);
        assertThatThrownBy(() -> scene.branch.appender().prepared(gone))
                .isInstanceOf(ConfigConflict.class)
                .hasMessageContaining("run the body again");
    }

    @Test
    void whatABodyMadeAndMainHasNeedsNoCommit() throws Exception {
        ObjectId base = scene.auto;
        NewChange change = announcement("app#1", "shop", "1").withBody(body(base, "generated/all.yaml", "a: 1\n"));
        scene.merge(scene.queued(change));

        NewChange again = announcement("app#2", "shop", "1").withBody(body(base, "generated/all.yaml", "a: 1\n"));

        assertThat(scene.append(again)).isEqualTo(new AppendResult.Unchanged(scene.main));
    }

    @Test
    void whatABodyMadeAndAQueuedChangeBringsAttachesToIt() throws Exception {
        ObjectId base = scene.auto;
        QueuedCommit queued =
                scene.queued(announcement("app#1", "shop", "1").withBody(body(base, "generated/all.yaml", "a: 1\n")));

        NewChange again = announcement("other#1", "shop", "1").withBody(body(base, "generated/all.yaml", "a: 1\n"));

        assertThat(scene.append(again)).isEqualTo(new AppendResult.Attached(queued));
    }

    @Test
    void aBodyOfAnEarlierBuildIsSuperseded() throws Exception {
        ObjectId base = scene.auto;
        scene.announced("app#2", "shop", "2");

        assertThat(scene.append(announcement("app#1", "shop", "1").withBody(body(base, "docs/a.md", "a\n"))))
                .isEqualTo(new AppendResult.Superseded());
    }

    @Test
    void aBodyOfAPromotionIsSupersededByThatOfANewerSet() throws Exception {
        scene.merge(scene.announced("app#1", "shop", "1"));
        ObjectId older = scene.main;
        scene.merge(scene.announced("app#2", "shop", "2"));
        scene.queued(scene.promotion(scene.main));

        assertThat(scene.append(scene.promotion(older).withBody(body(older, "docs/a.md", "a\n"))))
                .isEqualTo(new AppendResult.Superseded());
    }

    @Test
    void aBodyOfAnAppCommitThatComesAgainIsNotCommitted() throws Exception {
        scene.merge(scene.queued(ofApp("a".repeat(40), "app#1", "1")));
        scene.merge(scene.queued(ofApp("b".repeat(40), "app#2", "2")));

        NewChange again = ofApp("a".repeat(40), "app#3", "1");

        assertThat(scene.append(again.withBody(body(scene.main, "docs/a.md", "a\n"))))
                .isInstanceOfSatisfying(
                        AppendResult.Redelivered.class,
                        refused -> assertThat(refused.reason())
                                .startsWith("staging had the app commit aaaaaaaaaa already")
                                .endsWith(". To go back to it, say redeliver: true, or roll the wave back."));
        assertThat(scene.append(
                        again.withBody(body(scene.main, "docs/a.md", "a\n")).redelivering(true)))
                .isInstanceOf(AppendResult.Commit.class);
    }

    private static NewChange ofApp(String appSha, String order, String version) {
        ChangeTrailers trailers = AutoBranchFixture.trailers(ChangeOperation.ANNOUNCE, order)
                .appSha(appSha)
                .build();
        return new NewChange(trailers, AutoBranchFixture.images("shop", version));
    }

    @Test
    void whatABodyWorksOnAfterARestartIsItsCommit() throws Exception {
        scene.announced("app#1", "cart", "1");

        ConfigTree tree = scene.branch.appender().prepared(scene.auto);

        assertThat(tree.base()).isEqualTo(scene.auto);
        assertThat(tree.files()).containsKey(AutoBranchFixture.README);
    }

    @Test
    void theContentIsThatOfTheChangeThatBroughtItBack() throws Exception {
        scene.merge(scene.announced("app#1", "shop", "1"));
        scene.announced("other#1", "shop", "2");
        QueuedCommit back = scene.announced("third#1", "shop", "1");

        assertThat(scene.append(announcement("fourth#1", "shop", "1"))).isEqualTo(new AppendResult.Attached(back));
    }

    @Test
    void aReplacementIsSupersededByALaterOneOfOtherServices() throws Exception {
        scene.announced("base#1", "shop", "1", "cart", "1");
        scene.queued(AutoBranchFixture.change(ChangeOperation.REPLACE, "app#2", "shop", "2"));

        assertThat(scene.append(AutoBranchFixture.change(ChangeOperation.REPLACE, "app#1", "cart", "1")))
                .isEqualTo(new AppendResult.Superseded());
    }

    @Test
    void filesOfABodyThatMainHasAreNoContentWhileAQueuedCommitTakesThemAway() throws Exception {
        ObjectId base = scene.auto;
        NewChange change = announcement("app#1", "shop", "1").withBody(body(base, "docs/a.md", "a\n"));
        scene.merge(scene.queued(change));
        scene.pushToQueue("docs/a.md", "b\n");
        QueuedCommit back =
                scene.queued(announcement("third#1", "shop", "1").withBody(body(scene.auto, "docs/a.md", "a\n")));

        NewChange again = announcement("fourth#1", "shop", "1").withBody(body(base, "docs/a.md", "a\n"));

        assertThat(scene.append(again)).isEqualTo(new AppendResult.Attached(back));
    }

    @Test
    void filesOfABodyThatMainHasNeedNoCommitIfAllThatIsQueuedLeavesThem() throws Exception {
        ObjectId base = scene.auto;
        scene.merge(scene.queued(announcement("app#1", "shop", "1").withBody(body(base, "docs/a.md", "a\n"))));
        scene.announced("other#1", "cart", "1");

        NewChange again = announcement("third#1", "shop", "1").withBody(body(base, "docs/a.md", "a\n"));

        assertThat(scene.append(again)).isEqualTo(new AppendResult.Unchanged(scene.main));
    }

    @Test
    void aReplacementByNothingIsSupersededByALaterReplacement() throws Exception {
        scene.queued(AutoBranchFixture.change(ChangeOperation.REPLACE, "app#2", "shop", "2"));

        assertThat(scene.append(AutoBranchFixture.change(ChangeOperation.REPLACE, "app#1")))
                .isEqualTo(new AppendResult.Superseded());
    }
}
