package io.jenkins.plugins.gitops.git;

import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Queries the ancestry of the commits of a clone. */
public final class CommitGraph {

    private final Repository git;

    public CommitGraph(Repository git) {
        this.git = git;
    }

    /** Whether the clone has an object with this full SHA; false for any other text. */
    public boolean has(String sha) throws IOException {
        return ObjectId.isId(sha) && git.getObjectDatabase().has(ObjectId.fromString(sha));
    }

    /** Whether one commit is the other or an ancestor of it. */
    public boolean contains(ObjectId descendant, ObjectId ancestor) throws IOException {
        try (var walk = new RevWalk(git)) {
            return walk.isMergedInto(walk.parseCommit(ancestor), walk.parseCommit(descendant));
        }
    }

    /** The first parent of a commit; empty for a root commit. */
    public Optional<ObjectId> parent(ObjectId commit) throws IOException {
        try (var walk = new RevWalk(git)) {
            RevCommit parsed = walk.parseCommit(commit);
            return parsed.getParentCount() == 0
                    ? Optional.empty()
                    : Optional.of(parsed.getParent(0).copy());
        }
    }
}
