package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import java.io.IOException;
import java.util.function.Supplier;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;

/** Writes the commits of the auto branch, each with a signature of its own. */
final class QueuedCommitWriter {

    private final CommitQueueReader queue;
    private final Supplier<PersonIdent> committer;
    private final CommitSigner signer;

    /**
     * Creates a writer.
     *
     * @param queue remembers what is written
     * @param committer asked for each commit
     */
    QueuedCommitWriter(CommitQueueReader queue, Supplier<PersonIdent> committer, CommitSigner signer) {
        this.queue = queue;
        this.committer = committer;
        this.signer = signer;
    }

    /** Writes the commit of a new change. */
    QueuedCommit write(ObjectSession objects, ObjectId tree, ObjectId parent, String message) throws IOException {
        return write(objects, tree, parent, message, committer.get());
    }

    /**
     * Writes a replayed commit with its author, author date and message, unless it is in its place already. The message
     * is written again only if its trailers have changed, so that foreign trailers stay otherwise.
     */
    QueuedCommit rewrite(ObjectSession objects, QueuedCommit commit, ObjectId parent, Replay.Result.Applied applied)
            throws IOException {
        boolean sameTrailers = commit.trailers().equals(applied.trailers());
        if (sameTrailers && commit.parent().equals(parent) && commit.tree().equals(applied.tree())) {
            return commit;
        }
        String message = sameTrailers
                ? commit.message()
                : applied.trailers().orElseThrow().message(commit.subject());
        return write(objects, applied.tree(), parent, message, commit.author());
    }

    private QueuedCommit write(
            ObjectSession objects, ObjectId tree, ObjectId parent, String message, PersonIdent author)
            throws IOException {
        var builder = new CommitBuilder();
        builder.setTreeId(tree);
        builder.setParentId(parent);
        builder.setAuthor(author);
        builder.setCommitter(committer.get());
        builder.setMessage(message);
        byte[] bytes = signer.build(builder);
        objects.inserter().insert(Constants.OBJ_COMMIT, bytes);
        QueuedCommit commit = QueuedCommit.of(RevCommit.parse(objects.walk(), bytes));
        queue.remember(commit);
        return commit;
    }
}
