package io.jenkins.plugins.gitops.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.NewChange;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What came last on main is what its commits say, whatever their times are and whichever branches are merged. */
class MainLogOrderTest {

    private final AutoBranchFixture scene = new AutoBranchFixture();
    private ObjectId first;
    private ObjectId second;
    private ObjectId fork;

    /** Two promotions, a place to branch off between them, and above them a commit of a clock that is wrong. */
    @BeforeEach
    void begin() throws Exception {
        first = landed(AutoBranchFixture.change(ChangeOperation.ANNOUNCE, "app#1", "shop", "1"));
        landed(scene.promotion(first));
        scene.pushToMain("docs/a.md", "a\n");
        fork = scene.main;
        second = landed(AutoBranchFixture.change(ChangeOperation.ANNOUNCE, "app#2", "shop", "2"));
        landed(scene.promotion(second));
        scene.main = commit(Instant.ofEpochSecond(1), scene.main);
        scene.pushToMain("docs/a.md", "b\n");
        scene.auto = scene.main;
    }

    private ObjectId landed(NewChange change) throws Exception {
        scene.merge(scene.queued(change));
        return scene.main;
    }

    private ObjectId commit(Instant when, ObjectId... parents) {
        return scene.objects.commit(
                List.of(parents),
                scene.objects.files(parents[0]),
                "By hand\n",
                new PersonIdent("Ada", "ada@example.com", when, ZoneOffset.UTC));
    }

    @Test
    void aBranchFromBelowACommitWithAWrongTimeIsMerged() throws Exception {
        MainLog log = scene.branch.mainLog().upTo(scene.main);
        assertThat(log.lastPromoted(AutoBranchFixture.INTERNAL, List.of())).contains(second.name());

        ObjectId side = commit(scene.now(), fork);
        scene.main = commit(scene.now(), scene.main, side);

        assertThat(scene.branch.mainLog().upTo(scene.main).lastPromoted(AutoBranchFixture.INTERNAL, List.of()))
                .contains(second.name());
        assertThat(fresh().lastPromoted(AutoBranchFixture.INTERNAL, List.of())).contains(second.name());
    }

    private MainLog fresh() throws Exception {
        return new MainLog(scene.git).upTo(scene.main);
    }

    /** As where somebody who pulled main into a branch that had been merged before pushes that as main. */
    @Test
    void theFirstParentOfAMergeMayHaveComeAsASecondParent() throws Exception {
        ObjectId side = commit(scene.now(), fork);
        ObjectId mergedBefore = commit(scene.now(), scene.main, side);
        scene.main = mergedBefore;
        MainLog log = scene.branch.mainLog().upTo(scene.main);
        assertThat(log.firstParents()).contains(second);

        ObjectId onSide = commit(scene.now(), side);
        scene.main = commit(scene.now(), onSide, mergedBefore);

        var line = new ArrayList<>(List.of(scene.main, onSide, side, fork));
        assertThat(log.upTo(scene.main).firstParents()).startsWith(line.toArray(ObjectId[]::new));
        assertThat(log.firstParents()).isEqualTo(fresh().firstParents());
    }
}
