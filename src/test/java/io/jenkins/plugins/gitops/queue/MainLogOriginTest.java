package io.jenkins.plugins.gitops.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;

/** Where the sets on main came from, and what a main that was rewritten leaves of the index. */
class MainLogOriginTest {

    private final AutoBranchFixture scene = new AutoBranchFixture();

    private MainLog log() throws Exception {
        return scene.branch.mainLog().upTo(scene.main);
    }

    private QueuedCommit landed(NewChange change) throws Exception {
        scene.auto = scene.main;
        QueuedCommit commit = scene.queued(change);
        scene.merge(commit);
        return commit;
    }

    private QueuedCommit announced(String order, String... servicesAndVersions) throws Exception {
        return landed(AutoBranchFixture.change(ChangeOperation.ANNOUNCE, order, servicesAndVersions));
    }

    /** A commit on main whose trailers somebody wrote, with other images in internal. */
    private ObjectId promotedByHand(String sourceSha) {
        ChangeTrailers trailers = ChangeTrailers.builder(
                        NewChange.newId(), ChangeOperation.PROMOTE, AutoBranchFixture.INTERNAL)
                .sourceWave("staging")
                .sourceSha(sourceSha)
                .build();
        scene.main = scene.commit(scene.main, "docs/a.md", sourceSha, trailers.message("Promote by hand"));
        return scene.main;
    }

    // ---- origins ------------------------------------------------------------------------------------------------

    @Test
    void aSetComesFromTheChangeThatWroteItLast() throws Exception {
        ObjectId first = announced("app#1", "shop", "1").sha();
        scene.pushToMain("docs/a.md", "a\n");
        ObjectId at = scene.main;
        ObjectId second = announced("app#2", "shop", "2").sha();

        assertThat(log().origin(at, AutoBranchFixture.STAGING)).isEqualTo(first);
        assertThat(log().origin(scene.main, AutoBranchFixture.STAGING)).isEqualTo(second);
        assertThat(log().origin(at, AutoBranchFixture.STAGING))
                .as("asked again")
                .isEqualTo(first);
        assertThat(log().origin(at, AutoBranchFixture.INTERNAL))
                .as("a wave that has no change")
                .isEqualTo(at);
    }

    @Test
    void aPromotedSetComesFromTheChangeOfTheFirstWave() throws Exception {
        ObjectId announced = announced("app#1", "shop", "1").sha();
        scene.pushToMain("docs/a.md", "a\n");
        ObjectId deployed = scene.main;
        announced("app#2", "shop", "2");
        QueuedCommit promotion = landed(scene.promotion(deployed));

        assertThat(log().origin(promotion.sha(), AutoBranchFixture.INTERNAL)).isEqualTo(announced);
        assertThat(log().lastPromotedOrigin(AutoBranchFixture.INTERNAL, List.of()))
                .contains(announced);
        assertThat(log().lastPromotedOrigin(AutoBranchFixture.STAGING, List.of()))
                .isEmpty();
        assertThat(log().lastPromotionAt(AutoBranchFixture.INTERNAL))
                .contains(promotion.author().getWhenAsInstant());
    }

    @Test
    void aQueuedPromotionIsTheLast() throws Exception {
        ObjectId first = announced("app#1", "shop", "1").sha();
        landed(scene.promotion(first));
        ObjectId second = announced("app#2", "shop", "2").sha();
        scene.auto = scene.main;
        QueuedCommit queued = scene.queued(scene.promotion(second));

        assertThat(log().lastPromotedOrigin(AutoBranchFixture.INTERNAL, List.of()))
                .contains(first);
        assertThat(log().lastPromotedOrigin(AutoBranchFixture.INTERNAL, List.of(queued)))
                .contains(second);
        assertThat(log().lastPromoted(AutoBranchFixture.INTERNAL, List.of(queued)))
                .contains(second.name());
    }

    @Test
    void aSourceThatIsNoCommitHereIsNotFollowed() throws Exception {
        announced("app#1", "shop", "1");
        for (String source :
                List.of("9".repeat(40), scene.objects.blob("no commit\n").name(), "v1.2")) {
            ObjectId promoted = promotedByHand(source);

            assertThat(log().origin(promoted, AutoBranchFixture.INTERNAL)).isEqualTo(promoted);
            assertThat(log().lastPromotedOrigin(AutoBranchFixture.INTERNAL, List.of()))
                    .isEmpty();
        }
    }

    // ---- deliveries ---------------------------------------------------------------------------------------------

    @Test
    void theNewestChangesOfTheServicesDeliveredThem() throws Exception {
        String old = announced("app#1", "shop", "1", "old", "1").id();
        String cart = announced("app#2", "cart", "1").id();
        landed(scene.promotion(scene.main));
        scene.pushToMain("docs/a.md", "a\n");
        String shop = announced("app#3", "shop", "3").id();
        scene.pushToMain("docs/a.md", "b\n");

        assertThat(deliveries("shop")).containsExactly(shop);
        assertThat(deliveries("shop", "cart")).containsExactly(shop, cart);
        assertThat(deliveries("shop", "cart", "old")).containsExactly(shop, cart, old);
        assertThat(deliveries("old", "never")).containsExactly(old);
        assertThat(deliveries()).isEmpty();
    }

    private List<String> deliveries(String... services) throws Exception {
        return log().deliveries(scene.main, Set.of(services)).stream()
                .map(ChangeTrailers::id)
                .toList();
    }

    // ---- the index ----------------------------------------------------------------------------------------------

    @Test
    void aCommitByHandIsNoChange() throws Exception {
        scene.pushToMain("docs/a.md", "a\n");

        assertThat(log().changeAt(scene.main)).isEmpty();
        assertThat(log().newestChange(scene.main, AutoBranchFixture.STAGING)).isEmpty();
    }

    @Test
    void aRewrittenMainHasOnlyTheChangesThatAreOnIt() throws Exception {
        QueuedCommit kept = announced("app#1", "shop", "1");
        QueuedCommit gone = announced("app#2", "shop", "2");
        landed(scene.promotion(gone.sha()));
        assertThat(log().find(gone.id())).contains(gone.sha());

        scene.main = kept.sha();
        scene.pushToMain("docs/a.md", "a\n");

        assertThat(log().find(gone.id())).isEmpty();
        assertThat(log().find(kept.id())).contains(kept.sha());
        assertThat(log().lastPromoted(AutoBranchFixture.INTERNAL, List.of())).isEmpty();
        assertThat(log().firstParents()).hasSize(3).startsWith(scene.main, kept.sha());
    }

    @Test
    void theLastChangesOfAWaveSayWhatIsNotMentioned() throws Exception {
        announced("app#1", "old", "1", "shop", "1");
        assertThat(log().unmentioned(AutoBranchFixture.STAGING, Set.of("never"), 1))
                .containsExactly("never");
        announced("app#2", "shop", "2");

        assertThat(log().unmentioned(AutoBranchFixture.STAGING, Set.of("old", "shop"), 1))
                .containsExactly("old");
        assertThat(log().unmentioned(AutoBranchFixture.STAGING, Set.of("old", "shop"), 2))
                .isEmpty();
        assertThat(log().unmentioned(AutoBranchFixture.STAGING, Set.of("never"), 3))
                .as("there were two, of which none was read twice")
                .isEmpty();
    }

    @Test
    void eachCommitIsTheChangeThatItIs() throws Exception {
        for (int i = 1; i <= 4; i++) {
            QueuedCommit change = announced("app#" + i, "shop", String.valueOf(i));

            assertThat(log().changeAt(change.sha())).contains(change.id());
            assertThat(log().find(change.id())).contains(change.sha());
        }
    }
}
