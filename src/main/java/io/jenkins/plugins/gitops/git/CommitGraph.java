package io.jenkins.plugins.gitops.git;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Queries the ancestry of the commits of a clone. */
public final class CommitGraph {

    /** Shorter beginnings of a SHA are not looked for. */
    private static final int SHORTEST = 4;

    private final Repository git;

    public CommitGraph(Repository git) {
        this.git = git;
    }

    /** Whether the clone has an object with this full SHA; false for any other text. */
    public boolean has(String sha) throws IOException {
        return ObjectId.isId(sha) && git.getObjectDatabase().has(ObjectId.fromString(sha));
    }

    /**
     * The commits in the history of a tip whose SHA begins with a text; at most two.
     *
     * @param beginning at least four hexadecimal digits; for anything else there are none
     */
    public List<ObjectId> beginningWith(String beginning, ObjectId tip) throws IOException {
        var found = new ArrayList<ObjectId>();
        if (beginning.length() < SHORTEST || !AbbreviatedObjectId.isId(beginning)) {
            return found;
        }
        try (ObjectReader reader = git.newObjectReader();
                var walk = new RevWalk(reader)) {
            RevCommit top = walk.parseCommit(tip);
            for (ObjectId candidate :
                    reader.resolve(AbbreviatedObjectId.fromString(beginning.toLowerCase(Locale.ROOT)))) {
                // JGit resolves all digits of an object name without looking whether there is such an object.
                if (found.size() < 2
                        && reader.has(candidate)
                        && reader.open(candidate).getType() == Constants.OBJ_COMMIT
                        && walk.isMergedInto(walk.parseCommit(candidate), top)) {
                    found.add(candidate);
                }
            }
        }
        return found;
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
