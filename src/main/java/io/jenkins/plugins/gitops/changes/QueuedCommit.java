package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.common.SingleLine;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;

/**
 * A commit on the auto branch that main does not have.
 *
 * @param trailers what the change says of itself; nothing for a hand-made commit
 * @param subject the first line, as a single line for people
 * @param parents how many it has; more than one cannot be replayed
 * @param committed when it was written to this place
 */
public record QueuedCommit(
        ObjectId sha,
        ObjectId parent,
        ObjectId tree,
        int parents,
        String subject,
        String message,
        PersonIdent author,
        Instant committed,
        Optional<ChangeTrailers> trailers) {

    public static QueuedCommit of(RevCommit commit) {
        return new QueuedCommit(
                commit.copy(),
                commit.getParentCount() == 0
                        ? ObjectId.zeroId()
                        : commit.getParent(0).copy(),
                commit.getTree().copy(),
                commit.getParentCount(),
                SingleLine.whole(commit.getShortMessage()),
                commit.getFullMessage(),
                commit.getAuthorIdent(),
                commit.getCommitterIdent().getWhenAsInstant(),
                ChangeTrailers.read(commit.getFullMessage()));
    }

    public boolean isMerge() {
        return parents > 1;
    }

    /** The change's id; a hand-made commit has none of its own and is known by its SHA. */
    public String id() {
        return trailers.map(ChangeTrailers::id).orElse(sha.name());
    }
}
