package io.jenkins.plugins.gitops.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.images.ImageSetLayout;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.signing.TrustedSignersFixture;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.Test;

/** The rules by which the commits of the queue are replayed on another base. */
class ReplayTest {

    private AutoBranchFixture scene = new AutoBranchFixture();

    private static ReplayResult.Dropped onlyDropped(ReplayResult result) {
        assertThat(result.kept()).isEmpty();
        assertThat(result.dropped()).hasSize(1);
        return result.dropped().get(0);
    }

    // ---- image files ----------------------------------------------------------------------------------------------

    @Test
    void announcementsOfNeighbouringServicesDoNotConflictWhereOneIsEvicted() throws Exception {
        QueuedCommit lower = scene.announced("shop#1", "shop", "1");
        scene.announced("cart#1", "cart", "1");

        ReplayResult result = scene.replayWithout(lower);

        assertThat(result.dropped()).isEmpty();
        assertThat(scene.versions(result.tip(), AutoBranchFixture.STAGING)).isEqualTo(Map.of("cart", "1"));
    }

    @Test
    void anAnnouncementSetsItsServicesToTheValuesOfItsOwnTree() throws Exception {
        scene.announced("app#1", "shop", "2");
        scene.auto = scene.queue().tip();
        ObjectId queued = scene.auto;
        scene.auto = scene.main;
        scene.merge(scene.announced("other#1", "shop", "1", "cart", "1"));
        scene.auto = queued;

        ReplayResult result = scene.replay();

        assertThat(scene.versions(result.tip(), AutoBranchFixture.STAGING)).isEqualTo(Map.of("shop", "2", "cart", "1"));
    }

    @Test
    void aReplacementRemovesTheServicesItLeavesOut() throws Exception {
        scene.merge(scene.announced("app#1", "shop", "1", "old", "1"));
        QueuedCommit replacement =
                scene.queued(AutoBranchFixture.change(ChangeOperation.REPLACE, "app#2", "shop", "2"));
        scene.pushToMain("docs/a.md", "a\n");

        ReplayResult result = scene.replay();

        assertThat(scene.versions(result.tip(), AutoBranchFixture.STAGING)).isEqualTo(Map.of("shop", "2"));
        assertThat(result.kept().get(0).id()).isEqualTo(replacement.id());
    }

    @Test
    void aPromotionMakesTheSetTheOneThatTheOtherWaveRan() throws Exception {
        QueuedCommit deployed = scene.announced("app#1", "shop", "1");
        scene.merge(deployed);
        scene.queued(scene.promotion(deployed.sha()));
        scene.pushToMain("docs/a.md", "a\n");

        ReplayResult result = scene.replay();

        assertThat(scene.versions(result.tip(), AutoBranchFixture.INTERNAL)).isEqualTo(Map.of("shop", "1"));
    }

    @Test
    void imageFilesThatSomebodyBrokeAreAConflict() throws Exception {
        scene.announced("app#1", "shop", "1");
        scene.pushToMain("images/staging/tags.json", "{broken");

        ReplayResult.Dropped dropped = onlyDropped(scene.replay());

        assertThat(dropped).isInstanceOf(ReplayResult.Conflicting.class);
        assertThat(dropped.reason()).startsWith("the image files cannot be read: ");
    }

    @Test
    void imageFilesOfASetThatStaysTheSameKeepTheirBytes() throws Exception {
        QueuedCommit queued = scene.announced("app#1", "shop", "1");
        String path = "images/staging/tags.json";
        scene.merge(queued);
        scene.pushToMain(path, scene.text(scene.main, path).replace("  ", "\t"));
        scene.auto = scene.main;
        scene.queued(AutoBranchFixture.change(ChangeOperation.ANNOUNCE, "app#2", "shop", "2"));
        scene.announced("app#3", "shop", "1");

        ReplayResult result = scene.replayWithout(scene.queue().commits().get(0));

        assertThat(scene.text(result.tip(), path)).contains("\t");
    }

    // ---- everything else ------------------------------------------------------------------------------------------

    @Test
    void otherFilesAreMergedThreeWays() throws Exception {
        scene.pushToQueue(AutoBranchFixture.README, AutoBranchFixture.LINES.replace("8", "eight"));
        scene.pushToMain(AutoBranchFixture.README, AutoBranchFixture.LINES.replace("2", "two"));

        ReplayResult result = scene.replay();

        assertThat(scene.text(result.tip(), AutoBranchFixture.README)).contains("two", "eight");
    }

    @Test
    void aConflictEndsTheChangeAndNamesThePath() throws Exception {
        scene.pushToQueue(AutoBranchFixture.README, AutoBranchFixture.LINES.replace("2", "zwei"));
        scene.pushToMain(AutoBranchFixture.README, AutoBranchFixture.LINES.replace("2", "two"));

        ReplayResult.Dropped dropped = onlyDropped(scene.replay());

        assertThat(dropped.outcome()).isEqualTo(Outcome.EVICTED);
        assertThat(dropped).isInstanceOf(ReplayResult.Conflicting.class);
        assertThat(dropped.reason()).isEqualTo("it conflicts with main in README.md");
    }

    @Test
    void theCommitsAboveAConflictStay() throws Exception {
        scene.pushToQueue(AutoBranchFixture.README, AutoBranchFixture.LINES.replace("2", "zwei"));
        QueuedCommit above = scene.announced("app#1", "shop", "1");
        scene.pushToMain(AutoBranchFixture.README, AutoBranchFixture.LINES.replace("2", "two"));

        ReplayResult result = scene.replay();

        assertThat(result.dropped()).hasSize(1);
        assertThat(result.kept()).extracting(QueuedCommit::id).containsExactly(above.id());
        assertThat(result.kept().get(0).parent()).isEqualTo(scene.main);
    }

    @Test
    void aConflictInGeneratedFilesAsksForGeneratingAnew() throws Exception {
        scene = new AutoBranchFixture(false, new PathPatterns(List.of("generated/**")));
        scene.pushToQueue("generated/all.yaml", "a: 1\n");
        scene.pushToMain("generated/all.yaml", "a: 2\n");

        assertThat(onlyDropped(scene.replay()).reason())
                .isEqualTo("what was generated for it must be generated anew on what is below it now: "
                        + "generated/all.yaml");
    }

    @Test
    void aMergeCommitCannotBeReplayed() throws Exception {
        ObjectId side = scene.commit(scene.main, "docs/a.md", "a\n", "Side\n");
        scene.auto = scene.objects.commit(
                List.of(scene.main, side),
                scene.objects.files(side),
                "Merge\n",
                new PersonIdent("Ada", "ada@example.com", scene.now(), ZoneOffset.UTC));
        scene.pushToMain("docs/b.md", "b\n");

        assertThat(onlyDropped(scene.replay()).reason()).isEqualTo("a merge commit cannot be replayed");
    }

    @Test
    void aCommitWithDoubledTrailersIsMergedAsText() throws Exception {
        QueuedCommit change = scene.announced("app#1", "shop", "1");
        TreeMap<String, ObjectId> files = scene.objects.files(change.sha());
        scene.auto = scene.objects.commit(
                List.of(scene.main), files, change.message() + "Autocommit-Id: " + change.id() + "\n", change.author());
        assertThat(scene.queue().commits().get(0).trailers()).isEmpty();
        scene.pushToMain("images/staging/tags.json", "{}\n");

        assertThat(onlyDropped(scene.replay()).reason()).contains("images/staging/tags.json");
    }

    // ---- what becomes of the commit -----------------------------------------------------------------------------

    @Test
    void authorDateMessageAndTrailersSurvive() throws Exception {
        QueuedCommit before = scene.announced("app#1", "shop", "1");
        scene.pushToMain("docs/a.md", "a\n");

        QueuedCommit after = scene.replay().kept().get(0);

        assertThat(after.sha()).isNotEqualTo(before.sha());
        assertThat(after.message()).isEqualTo(before.message());
        assertThat(after.trailers()).isEqualTo(before.trailers());
        assertThat(after.author()).isEqualTo(before.author());
        assertThat(after.author().getWhenAsInstant()).isEqualTo(before.author().getWhenAsInstant());
        assertThat(after.committed()).isAfter(before.committed());
    }

    @Test
    void aCommitThatIsInItsPlaceStaysAsItIs() throws Exception {
        QueuedCommit lower = scene.announced("app#1", "shop", "1");
        QueuedCommit upper = scene.announced("app#2", "shop", "2");

        ReplayResult result = scene.replay();

        assertThat(result.kept()).containsExactly(lower, upper);
        assertThat(result.tip()).isEqualTo(upper.sha());
    }

    @Test
    void aCommitThatMainHasIsSatisfiedByTheCommitThatBroughtIt() throws Exception {
        scene.pushToQueue("docs/a.md", "a\n");
        scene.pushToMain("docs/a.md", "a\n");
        ObjectId brought = scene.main;
        scene.pushToMain("docs/b.md", "b\n");

        ReplayResult.Dropped dropped = onlyDropped(scene.replay());

        assertThat(dropped.outcome()).isEqualTo(Outcome.SATISFIED);
        assertThat(dropped)
                .isInstanceOfSatisfying(
                        ReplayResult.Satisfied.class,
                        end -> assertThat(end.by()).isEqualTo(brought));
    }

    @Test
    void aCommitThatIsEmptyOnlyAgainstAnUndecidedOneStaysAsAnEmptyCommit() throws Exception {
        QueuedCommit below = scene.pushToQueue("docs/a.md", "a\n");
        scene.auto = scene.commit(scene.main, "docs/a.md", "a\n", "The same again\n");
        QueuedCommit same = scene.queue().commits().get(0);

        ReplayResult result = scene.branch.replayer().replay(scene.main, List.of(below), List.of(same));

        assertThat(result.dropped()).isEmpty();
        assertThat(result.kept()).hasSize(2);
        assertThat(result.kept().get(1).tree()).isEqualTo(below.tree());
    }

    @Test
    void whatMainHasIsNotSatisfiedWhileAnUndecidedCommitTakesItAway() throws Exception {
        scene.merge(scene.announced("app#1", "shop", "1"));
        QueuedCommit away = scene.announced("other#1", "shop", "2");
        QueuedCommit back = scene.announced("third#1", "shop", "1");
        scene.pushToMain("docs/a.md", "a\n");

        ReplayResult result = scene.replay();

        assertThat(result.kept()).extracting(QueuedCommit::id).containsExactly(away.id(), back.id());
    }

    // ---- order ------------------------------------------------------------------------------------------------------

    /** The queue has a change of an earlier build, and main one of a later build that began after it was made. */
    private ReplayResult replayBehind(QueuedCommit queued, NewChange later) throws Exception {
        scene.auto = scene.main;
        scene.merge(scene.queued(later));
        scene.auto = queued.sha();
        return scene.replay();
    }

    @Test
    void aChangeWhoseServicesALaterBuildHasWrittenIsSuperseded() throws Exception {
        QueuedCommit queued = scene.announced("app#1", "shop", "1");

        ReplayResult result =
                replayBehind(queued, AutoBranchFixture.change(ChangeOperation.ANNOUNCE, "app#2", "shop", "2"));

        ReplayResult.Dropped dropped = onlyDropped(result);
        assertThat(dropped.outcome()).isEqualTo(Outcome.SUPERSEDED);
        assertThat(dropped.reason()).isEqualTo("a later build has written the same services");
    }

    @Test
    void servicesThatALaterBuildHasWrittenAreLeftOutOfAnEarlierChange() throws Exception {
        QueuedCommit queued = scene.announced("app#1", "cart", "1", "shop", "1");

        ReplayResult result =
                replayBehind(queued, AutoBranchFixture.change(ChangeOperation.ANNOUNCE, "app#2", "shop", "2"));

        assertThat(scene.versions(result.tip(), AutoBranchFixture.STAGING)).isEqualTo(Map.of("cart", "1", "shop", "2"));
        assertThat(result.kept().get(0).trailers().map(ChangeTrailers::services).orElseThrow())
                .containsExactly("cart");
        assertThat(result.kept().get(0).message()).contains("\nAutocommit-Services: cart\n");
    }

    @Test
    void anEarlierReplacementLeavesTheServicesOfALaterBuildAlone() throws Exception {
        QueuedCommit queued = scene.queued(AutoBranchFixture.change(ChangeOperation.REPLACE, "app#1", "cart", "1"));

        ReplayResult result =
                replayBehind(queued, AutoBranchFixture.change(ChangeOperation.ANNOUNCE, "app#2", "shop", "2"));

        assertThat(scene.versions(result.tip(), AutoBranchFixture.STAGING)).isEqualTo(Map.of("cart", "1", "shop", "2"));
    }

    @Test
    void buildsOfAnotherJobSupersedeNothing() throws Exception {
        QueuedCommit queued = scene.announced("app#1", "shop", "1");

        ReplayResult result =
                replayBehind(queued, AutoBranchFixture.change(ChangeOperation.ANNOUNCE, "other#2", "shop", "2"));

        assertThat(scene.versions(result.tip(), AutoBranchFixture.STAGING)).isEqualTo(Map.of("shop", "1"));
    }

    @Test
    void aPromotionIsSupersededByOneOfASetThatWasDeployedLater() throws Exception {
        QueuedCommit older = scene.announced("app#1", "shop", "1");
        scene.merge(older);
        QueuedCommit newer = scene.announced("app#2", "shop", "2");
        scene.merge(newer);
        QueuedCommit queued = scene.queued(scene.promotion(older.sha()));

        ReplayResult result = replayBehind(queued, scene.promotion(newer.sha()));

        ReplayResult.Dropped dropped = onlyDropped(result);
        assertThat(dropped.outcome()).isEqualTo(Outcome.SUPERSEDED);
        assertThat(dropped.reason()).isEqualTo("a newer set was promoted from staging already");
        assertThat(scene.versions(result.tip(), AutoBranchFixture.INTERNAL)).isEqualTo(Map.of("shop", "2"));
    }

    @Test
    void aPromotionOfASetThatWasDeployedLaterStays() throws Exception {
        QueuedCommit older = scene.announced("app#1", "shop", "1");
        scene.merge(older);
        QueuedCommit newer = scene.announced("app#2", "shop", "2");
        scene.merge(newer);
        QueuedCommit queued = scene.queued(scene.promotion(newer.sha()));

        ReplayResult result = replayBehind(queued, scene.promotion(older.sha()));

        assertThat(result.dropped()).isEmpty();
        assertThat(scene.versions(result.tip(), AutoBranchFixture.INTERNAL)).isEqualTo(Map.of("shop", "2"));
    }

    @Test
    void aPromotionThatAnotherHasBroughtIsSatisfiedAndNotSuperseded() throws Exception {
        QueuedCommit deployed = scene.announced("app#1", "shop", "1");
        scene.merge(deployed);
        QueuedCommit queued = scene.queued(scene.promotion(deployed.sha()));

        ReplayResult result = replayBehind(queued, scene.promotion(deployed.sha()));

        assertThat(onlyDropped(result).outcome()).isEqualTo(Outcome.SATISFIED);
    }

    /** A promotion to internal whose trailers say where its set is from. */
    private static NewChange promotion(String sourceWave, String sourceSha, String version) {
        ChangeTrailers trailers = ChangeTrailers.builder(
                        NewChange.newId(), ChangeOperation.PROMOTE, AutoBranchFixture.INTERNAL)
                .sourceWave(sourceWave)
                .sourceSha(sourceSha)
                .build();
        return new NewChange(trailers, AutoBranchFixture.images("shop", version));
    }

    @Test
    void promotionsFromDifferentWavesAreNotCompared() throws Exception {
        QueuedCommit older = scene.announced("app#1", "shop", "1");
        scene.merge(older);
        QueuedCommit newer = scene.announced("app#2", "shop", "2");
        scene.merge(newer);
        QueuedCommit queued = scene.queued(promotion("staging", older.sha().name(), "1"));

        ReplayResult result =
                replayBehind(queued, promotion("preview", newer.sha().name(), "2"));

        assertThat(result.dropped()).isEmpty();
        assertThat(scene.versions(result.tip(), AutoBranchFixture.INTERNAL)).isEqualTo(Map.of("shop", "1"));
    }

    @Test
    void aPromotionFromWhatIsNoCommitHereIsNotOlder() throws Exception {
        QueuedCommit deployed = scene.announced("app#1", "shop", "1");
        scene.merge(deployed);
        String blob = scene.objects.blob("no commit\n").name();
        for (String source : List.of("9".repeat(40), blob, "v1.2")) {
            scene.auto = scene.main;
            QueuedCommit queued = scene.queued(promotion("staging", source, "1-" + source));

            ReplayResult result =
                    replayBehind(queued, promotion("staging", deployed.sha().name(), "2-" + source));

            assertThat(result.dropped()).isEmpty();
            assertThat(result.kept()).extracting(QueuedCommit::id).containsExactly(queued.id());
        }
    }

    // ---- what trailers and layouts may say ----------------------------------------------------------------------

    /** The queue is one commit by hand with these trailers, that writes one file. */
    private void queueByHand(ChangeTrailers trailers, String path, String text) {
        scene.auto = scene.commit(scene.main, path, text, trailers.message("By hand"));
    }

    private static ChangeTrailers naming(String wave) {
        return ChangeTrailers.builder(NewChange.newId(), ChangeOperation.ANNOUNCE, WavePath.of(wave))
                .services(new TreeSet<>(List.of("shop")))
                .build();
    }

    @Test
    void aChangeOfAWaveThatIsNotConfiguredIsMergedAsText() throws Exception {
        queueByHand(naming("gone"), "docs/a.md", "a\n");
        scene.pushToMain("docs/b.md", "b\n");

        ReplayResult result = scene.replay();

        assertThat(result.dropped()).isEmpty();
        assertThat(scene.text(result.tip(), "docs/a.md")).isEqualTo("a\n");
        assertThat(scene.text(result.tip(), "docs/b.md")).isEqualTo("b\n");
    }

    @Test
    void trailersThatNameServicesThatTheFilesDoNotHaveAreAConflict() throws Exception {
        queueByHand(naming("staging"), "docs/a.md", "a\n");
        scene.pushToMain("docs/b.md", "b\n");

        assertThat(onlyDropped(scene.replay()).reason())
                .isEqualTo("its trailers name services that its image files do not have");
    }

    @Test
    void aChangeOfTheLayoutRewritesWhatIsThereNow() throws Exception {
        scene.pushToMain("images/staging/images.json", imagesJson("1"));
        scene.auto = scene.main;
        var change = (AppendResult.Commit)
                scene.branch.appender().changeLayout(scene.queue()).orElseThrow();
        scene.auto = change.commit().sha();
        scene.pushToMain("images/staging/images.json", imagesJson("2"));

        ReplayResult result = scene.replay();

        assertThat(scene.objects.files(result.tip()).keySet())
                .containsExactly(AutoBranchFixture.README, "images/staging/digests.json", "images/staging/tags.json");
        assertThat(scene.versions(result.tip(), AutoBranchFixture.STAGING)).isEqualTo(Map.of("shop", "2"));
        assertThat(scene.branch.appender().changeLayout(scene.queue())).isEmpty();

        scene.pushToMain("images/staging/images.json", "{broken");
        assertThat(onlyDropped(scene.replay()).reason()).startsWith("the image files cannot be read: ");
    }

    private static String imagesJson(String version) {
        byte[] json = ImageSetLayout.write(AutoBranchFixture.images("shop", version), ImageSetLayout.Layout.IMAGES)
                .get("images.json");
        return new String(json, StandardCharsets.UTF_8);
    }

    @Test
    void aReplacementKeepsWhatALaterBuildHasWrittenBeforeItWithoutItsKnowledge() throws Exception {
        QueuedCommit later = scene.announced("app#2", "shop", "2");
        scene.auto = scene.main;
        QueuedCommit queued = scene.queued(AutoBranchFixture.change(ChangeOperation.REPLACE, "app#1", "cart", "1"));
        scene.merge(later);
        scene.auto = queued.sha();

        ReplayResult result = scene.replay();

        assertThat(scene.versions(result.tip(), AutoBranchFixture.STAGING)).isEqualTo(Map.of("cart", "1", "shop", "2"));
    }

    @Test
    void aChangeBelowIsOneThatALaterBuildHasWritten() throws Exception {
        QueuedCommit earlier = scene.announced("app#1", "shop", "1");
        scene.auto = scene.main;
        QueuedCommit later = scene.announced("app#2", "shop", "2");

        ReplayResult result = scene.branch.replayer().replay(scene.main, List.of(), List.of(later, earlier));

        assertThat(result.kept()).extracting(QueuedCommit::id).containsExactly(later.id());
    }

    @Test
    void aCommitOfSomebodyWhoIsNotTrustedIsEvicted() throws Exception {
        QueuedCommit queued = scene.announced("app#1", "shop", "1");
        var strict = new AutoBranch(
                scene.git,
                scene.branch.images(),
                queued::author,
                CommitSigner.NONE,
                TrustedSignersFixture.somebody(),
                "chore: update app",
                false,
                scene.branch.generated());

        ReplayResult.Dropped dropped = onlyDropped(strict.replayer().replay(scene.main, List.of(), List.of(queued)));

        assertThat(dropped).isInstanceOf(ReplayResult.Untrusted.class);
        assertThat(dropped.outcome()).isEqualTo(Outcome.EVICTED);
        assertThat(dropped.reason()).contains("is not signed");
    }
}
