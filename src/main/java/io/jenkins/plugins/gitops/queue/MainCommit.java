package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.git.CommitPeople;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathFilterGroup;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * A commit on main.
 *
 * @param when its author date
 * @param trailers empty for a hand-made commit
 */
public record MainCommit(ObjectId sha, String subject, Instant when, Optional<ChangeTrailers> trailers) {

    /** Reads a commit. */
    public static MainCommit read(Repository git, ObjectId sha) throws IOException {
        try (var walk = new RevWalk(git)) {
            return of(walk.parseCommit(sha));
        }
    }

    /**
     * The commit that changed some of these files last; empty if main never had any of them. Walks back to that commit.
     *
     * @param main the commit to begin with
     */
    public static Optional<MainCommit> lastWriteOf(Repository git, ObjectId main, List<String> files)
            throws IOException {
        try (var walk = new RevWalk(git)) {
            walk.markStart(walk.parseCommit(main));
            walk.setTreeFilter(AndTreeFilter.create(PathFilterGroup.createFromStrings(files), TreeFilter.ANY_DIFF));
            RevCommit commit = walk.next();
            return commit == null ? Optional.empty() : Optional.of(read(git, commit));
        }
    }

    private static MainCommit of(RevCommit commit) {
        return new MainCommit(
                commit.copy(),
                SingleLine.whole(commit.getShortMessage()),
                CommitPeople.author(commit).getWhenAsInstant(),
                ChangeTrailers.read(commit.getFullMessage()));
    }
}
