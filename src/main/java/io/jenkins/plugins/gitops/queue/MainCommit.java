package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Instant;
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
 * @param when it was written by its author
 * @param trailers what it says of itself; nothing for a commit that somebody made by hand
 */
public record MainCommit(ObjectId sha, String subject, Instant when, Optional<ChangeTrailers> trailers) {

    /** Reads a commit. */
    public static MainCommit read(Repository git, ObjectId sha) throws IOException {
        try (var walk = new RevWalk(git)) {
            return of(walk.parseCommit(sha));
        }
    }

    /**
     * The commit that changed the image files of a wave last; nothing if main never had any. It costs a walk back to
     * that commit.
     */
    public static Optional<MainCommit> lastWriteOf(Repository git, ObjectId main, ImageSetStore waves, WavePath path)
            throws IOException {
        try (var walk = new RevWalk(git)) {
            walk.markStart(walk.parseCommit(main));
            walk.setTreeFilter(
                    AndTreeFilter.create(PathFilterGroup.createFromStrings(waves.files(path)), TreeFilter.ANY_DIFF));
            RevCommit commit = walk.next();
            return commit == null ? Optional.empty() : Optional.of(read(git, commit));
        }
    }

    private static MainCommit of(RevCommit commit) {
        return new MainCommit(
                commit.copy(),
                commit.getShortMessage(),
                commit.getAuthorIdent().getWhenAsInstant(),
                ChangeTrailers.read(commit.getFullMessage()));
    }
}
