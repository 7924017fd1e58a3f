package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.CommitSubject;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.generation.GeneratedTrees;
import io.jenkins.plugins.gitops.git.CommitGraph;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.signing.TrustedSigners;
import java.io.IOException;
import java.util.function.Supplier;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;

/**
 * The parts that compute the auto branch of one clone. They read and insert objects and move no ref: what they compute
 * becomes true when the driver has pushed it.
 *
 * <p>Used by one thread at a time.
 */
public final class AutoBranch {

    private final CommitGraph graph;
    private final ImageSetStore images;
    private final MainLog mainLog;
    private final CommitQueueReader queue;
    private final QueueReplayer replayer;
    private final ChangeAppender appender;
    private final GeneratedTrees generated;
    private final BodyInputs bodyInputs;

    /** Creates the parts of a branch whose commits are not signed, and count whoever made them. */
    public AutoBranch(
            Repository git,
            ImageSetStore images,
            Supplier<PersonIdent> committer,
            String messageTemplate,
            boolean onlyWhenDigestsChange,
            GeneratedTrees generated) {
        this(
                git,
                images,
                committer,
                CommitSigner.NONE,
                TrustedSigners.everybody(),
                messageTemplate,
                onlyWhenDigestsChange,
                generated);
    }

    /**
     * Creates the parts.
     *
     * @param committer the committer of new commits, asked for each
     * @param signer signs new and replayed commits
     * @param trusted whose commits are replayed
     * @param messageTemplate the first line of a change, see {@link CommitSubject}
     * @param onlyWhenDigestsChange whether a change of tags alone counts as no change
     * @param generated the files that are generated from others
     */
    public AutoBranch(
            Repository git,
            ImageSetStore images,
            Supplier<PersonIdent> committer,
            CommitSigner signer,
            TrustedSigners trusted,
            String messageTemplate,
            boolean onlyWhenDigestsChange,
            GeneratedTrees generated) {
        this.images = images;
        this.generated = generated;
        this.graph = new CommitGraph(git);
        this.mainLog = new MainLog(git);
        this.queue = new CommitQueueReader(git);
        this.bodyInputs = new BodyInputs(git, generated);
        var writer = new QueuedCommitWriter(queue, committer, signer);
        this.replayer = new QueueReplayer(git, queue, writer, images, mainLog, generated, trusted);
        this.appender = new ChangeAppender(
                git, queue, writer, images, mainLog, generated, bodyInputs, messageTemplate, onlyWhenDigestsChange);
    }

    public CommitGraph graph() {
        return graph;
    }

    public ImageSetStore images() {
        return images;
    }

    public MainLog mainLog() {
        return mainLog;
    }

    public CommitQueueReader queue() {
        return queue;
    }

    public QueueReplayer replayer() {
        return replayer;
    }

    public GeneratedTrees generated() {
        return generated;
    }

    /** Whether a commit has files of a body that could read other files than those that the commit has. */
    public boolean hasOutdatedBody(QueuedCommit commit) throws IOException {
        return bodyInputs.haveChanged(commit);
    }

    public ChangeAppender appender() {
        return appender;
    }
}
