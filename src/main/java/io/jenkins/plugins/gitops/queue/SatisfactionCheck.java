package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import java.io.IOException;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;

/** Finds the commit on main that already has everything that a change brings. */
final class SatisfactionCheck {

    private final Replay replay;
    private final ObjectSession objects;
    private final QueuedCommit change;
    private final ObjectId parentTree;

    /**
     * Creates a check.
     *
     * @param parentTree the tree of the change's parent
     */
    SatisfactionCheck(Replay replay, ObjectSession objects, QueuedCommit change, ObjectId parentTree) {
        this.replay = replay;
        this.objects = objects;
        this.change = change;
        this.parentTree = parentTree;
    }

    /**
     * Whether main has all of the change. False also if an undecided commit below the change takes some of it away:
     * that commit may yet be merged or evicted.
     *
     * @param main the tip of main
     * @param below the undecided commits below the change
     */
    boolean satisfied(ObjectId main, List<QueuedCommit> below) throws IOException {
        if (!isIn(main)) {
            return false;
        }
        for (QueuedCommit undecided : below) {
            if (!replay.bringsNothing(change, parentTree, undecided.tree())) {
                return false;
            }
        }
        return true;
    }

    /**
     * A commit that has all of the change and whose first parent lacks some of it; the oldest one if all have it. The
     * commits are searched in steps that double, then by halves, so the cost hardly depends on how long main has had
     * it.
     *
     * @param firstParents a commit that has all of the change, and its first parents, newest first
     */
    ObjectId broughtBy(List<ObjectId> firstParents) throws IOException {
        int has = 0;
        int lacks = 1;
        while (lacks < firstParents.size() && isIn(firstParents.get(lacks))) {
            has = lacks;
            lacks *= 2;
        }
        lacks = Math.min(lacks, firstParents.size());
        while (lacks - has > 1) {
            int middle = (has + lacks) >>> 1;
            if (isIn(firstParents.get(middle))) {
                has = middle;
            } else {
                lacks = middle;
            }
        }
        return firstParents.get(has);
    }

    private boolean isIn(ObjectId commit) throws IOException {
        return replay.bringsNothing(change, parentTree, objects.treeOf(commit));
    }
}
