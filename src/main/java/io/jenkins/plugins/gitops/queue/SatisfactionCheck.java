package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Finds the commit on main that already has everything that a change brings. */
final class SatisfactionCheck {

    /** The number of commits of main that are searched for the one with the content. */
    private static final int MAX_STEPS_BACK = 1000;

    private SatisfactionCheck() {}

    /**
     * The oldest commit of main since which main has all of a change. Empty if main lacks some of it, or an undecided
     * commit below the change takes some of it away: that commit may yet be merged or evicted.
     *
     * @param parentTree the tree of the change's parent
     * @param main the tip of main
     * @param below the undecided commits below the change
     */
    static Optional<ObjectId> satisfiedBy(
            Replay replay,
            QueuedCommit change,
            ObjectId parentTree,
            RevWalk walk,
            ObjectId main,
            List<QueuedCommit> below)
            throws IOException {
        RevCommit found = walk.parseCommit(main);
        if (!replay.bringsNothing(change, parentTree, found.getTree())) {
            return Optional.empty();
        }
        for (QueuedCommit undecided : below) {
            if (!replay.bringsNothing(change, parentTree, undecided.tree())) {
                return Optional.empty();
            }
        }
        for (int i = 0; i < MAX_STEPS_BACK && found.getParentCount() > 0; i++) {
            RevCommit earlier = walk.parseCommit(found.getParent(0));
            if (!replay.bringsNothing(change, parentTree, earlier.getTree())) {
                break;
            }
            found = earlier;
        }
        return Optional.of(found.copy());
    }
}
