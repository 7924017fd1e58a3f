package io.jenkins.plugins.gitops.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The index of main knows all of main, however many commits there are since. */
class MainLogTest {

    /** More commits than any limit of the index. */
    private static final int SINCE = 11_000;

    private final AutoBranchFixture scene = new AutoBranchFixture();
    private ObjectId first;
    private QueuedCommit change;
    private QueuedCommit promotion;
    private ObjectId beforePromotion;
    private Instant promoted;

    @BeforeEach
    void longAgo() throws Exception {
        first = scene.main;
        change = scene.announced("app#7", "shop", "7");
        scene.merge(change);
        scene.merge(scene.announced("app#8", "cart", "8"));
        beforePromotion = scene.main;
        promotion = scene.queued(scene.promotion(beforePromotion));
        promoted = promotion.author().getWhenAsInstant();
        scene.merge(promotion);
        scene.pushToMain(SINCE);
        scene.auto = scene.main;
    }

    private MainLog log() throws Exception {
        return scene.branch.mainLog().upTo(scene.main);
    }

    @Test
    void aChangeIsFoundByItsIdAndByItsCommit() throws Exception {
        assertThat(log().find(change.id())).contains(change.sha());
        assertThat(log().changeAt(change.sha())).contains(change.id());
    }

    @Test
    void anEarlierBuildThatComesLateIsSuperseded() throws Exception {
        AppendResult late = scene.append(AutoBranchFixture.change(ChangeOperation.ANNOUNCE, "app#6", "shop", "6"));

        assertThat(late).isEqualTo(new AppendResult.Superseded());
    }

    @Test
    void theLastPromotionIsKnownSoThatNoOlderSetGoesToTheWave() throws Exception {
        assertThat(log().lastPromoted(AutoBranchFixture.INTERNAL, List.of())).contains(beforePromotion.name());
        assertThat(log().lastPromotionAt(AutoBranchFixture.INTERNAL)).contains(promoted);

        scene.queued(scene.promotion(change.sha()));
        scene.pushToMain("docs/a.md", "a\n");
        assertThat(scene.replay().dropped()).singleElement().isInstanceOf(ReplayResult.Superseded.class);
    }

    @Test
    void theNewestChangeOfASetIsFound() throws Exception {
        assertThat(log().newestChange(scene.main, AutoBranchFixture.INTERNAL).map(ChangeTrailers::id))
                .contains(promotion.id());
        assertThat(log().newestChange(first, AutoBranchFixture.INTERNAL)).isEmpty();
    }

    @Test
    void whatBroughtAServiceIsFoundAndWhatNothingBroughtIsNotLookedFor() throws Exception {
        assertThat(log().deliveries(scene.main, Set.of("shop", "cart", "made-by-hand")))
                .extracting(ChangeTrailers::id)
                .containsExactly(promotion.id());
    }

    @Test
    void aSatisfiedChangeNamesTheCommitThatBroughtIt() throws Exception {
        ObjectId main = scene.main;
        scene.auto = first;
        scene.main = first;
        QueuedCommit same = scene.announced("other#1", "shop", "7");
        scene.main = main;

        ReplayResult result = scene.replay();

        assertThat(result.dropped()).singleElement().isInstanceOfSatisfying(ReplayResult.Satisfied.class, satisfied -> {
            assertThat(satisfied.commit()).isEqualTo(same);
            assertThat(satisfied.by()).isEqualTo(change.sha());
        });
        assertThat(scene.versions(main, AutoBranchFixture.STAGING)).isEqualTo(Map.of("cart", "8", "shop", "7"));
    }

    @Test
    void anIndexThatWasReadOnFromTheBeginningKnowsTheSame() throws Exception {
        ObjectId main = scene.main;
        MainLog log = scene.branch.mainLog();
        for (ObjectId step : List.of(first, change.sha(), promotion.sha(), main)) {
            log.upTo(step);
        }

        assertThat(log.find(change.id())).contains(change.sha());
        assertThat(log.lastPromoted(AutoBranchFixture.INTERNAL, List.of())).contains(beforePromotion.name());
        assertThat(log.firstParents()).hasSize(SINCE + 4).startsWith(main).endsWith(first);
    }
}
