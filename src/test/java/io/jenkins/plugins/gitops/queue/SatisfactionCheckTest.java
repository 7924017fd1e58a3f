package io.jenkins.plugins.gitops.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which commit of main satisfies a change, and how many commits are looked at for it. */
class SatisfactionCheckTest {

    private final AutoBranchFixture scene = new AutoBranchFixture();

    private int looks;

    /** The list, of which each element that is asked for is counted. */
    private List<ObjectId> counted(List<ObjectId> commits) {
        return new AbstractList<>() {
            @Override
            public ObjectId get(int index) {
                looks++;
                return commits.get(index);
            }

            @Override
            public int size() {
                return commits.size();
            }
        };
    }

    private ObjectId broughtBy(QueuedCommit change) throws Exception {
        List<ObjectId> firstParents = scene.branch.mainLog().upTo(scene.main).firstParents();
        try (ObjectSession objects = ObjectSession.open(scene.git, 1)) {
            var replay = new Replay(objects, scene.branch.images(), scene.branch.generated());
            var check = new SatisfactionCheck(replay, objects, change, objects.treeOf(change.parent()));
            assertThat(check.satisfied(scene.main, List.of())).isTrue();
            return check.broughtBy(counted(firstParents));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 100, 1000, 3000})
    void fewCommitsAreLookedAtHoweverLongMainHasHadTheContent(int since) throws Exception {
        QueuedCommit change = scene.announced("app#1", "shop", "1");
        scene.pushToMain("docs/a.md", "before\n");
        scene.auto = scene.main;
        QueuedCommit brought = scene.announced("other#1", "shop", "1");
        scene.merge(brought);
        for (int i = 0; i < since; i++) {
            scene.pushToMain("docs/a.md", i + "\n");
        }

        assertThat(broughtBy(change)).isEqualTo(brought.sha());
        assertThat(looks).isLessThanOrEqualTo(26);
    }

    @Test
    void contentThatMainAlwaysHadIsOfItsFirstCommit() throws Exception {
        ObjectId first = scene.main;
        QueuedCommit empty = scene.pushToQueue(AutoBranchFixture.README, AutoBranchFixture.LINES);
        scene.pushToMain("docs/a.md", "a\n");
        scene.pushToMain("docs/a.md", "b\n");

        assertThat(broughtBy(empty)).isEqualTo(first);
    }

    @Test
    void theIndexFollowsFirstParentsThroughMergesAndARewrittenMain() throws Exception {
        var line = new ArrayList<ObjectId>(List.of(scene.main));
        MainLog log = scene.branch.mainLog();
        for (int i = 0; i < 3; i++) {
            scene.pushToMain("docs/a.md", i + "\n");
            line.add(0, scene.main);
            assertThat(log.upTo(scene.main).firstParents()).isEqualTo(line);
        }
        ObjectId fork = line.get(2);
        ObjectId side = scene.commit(fork, "docs/b.md", "b\n", "On a side\n");
        // The tip so far becomes the second parent.
        ObjectId merge = scene.objects.commit(
                List.of(side, scene.main),
                scene.objects.files(side),
                "Merge\n",
                new PersonIdent("Ada", "ada@example.com"));
        assertThat(log.upTo(merge).firstParents()).containsExactly(merge, side, fork, line.get(3));

        assertThat(log.upTo(side).firstParents()).containsExactly(side, fork, line.get(3));
        assertThat(log.upTo(fork).firstParents()).containsExactly(fork, line.get(3));
    }

    @Test
    void changesOfAnyOperationAreFound() throws Exception {
        QueuedCommit change = scene.queued(AutoBranchFixture.change(ChangeOperation.REPLACE, "app#1", "shop", "1"));
        scene.auto = scene.main;
        QueuedCommit brought = scene.queued(AutoBranchFixture.change(ChangeOperation.REPLACE, "b#1", "shop", "1"));
        scene.merge(brought);
        scene.pushToMain("docs/a.md", "a\n");

        assertThat(broughtBy(change)).isEqualTo(brought.sha());
    }
}
