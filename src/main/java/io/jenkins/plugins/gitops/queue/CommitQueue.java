package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The commits of the auto branch that main does not have, oldest first.
 *
 * @param straight whether they stand in one straight line directly on main; otherwise they must be replayed
 */
public record CommitQueue(ObjectId main, ObjectId auto, List<QueuedCommit> commits, boolean straight) {

    public CommitQueue {
        commits = List.copyOf(commits);
    }

    /** The commit of a change, by its id. */
    public Optional<QueuedCommit> find(String id) {
        return commits.stream().filter(commit -> commit.id().equals(id)).findFirst();
    }

    /** The tip to append to. */
    public ObjectId tip() {
        return commits.isEmpty() ? main : commits.get(commits.size() - 1).sha();
    }
}
