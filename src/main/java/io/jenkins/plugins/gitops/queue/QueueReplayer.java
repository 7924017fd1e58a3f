package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/** Replays the commits of the queue one by one on another base: on a main that moved, or after an eviction. */
public final class QueueReplayer {

    private final Repository git;
    private final CommitQueueReader queue;
    private final QueuedCommitWriter writer;
    private final ImageSetStore images;
    private final MainLog mainLog;
    private final PathPatterns generated;

    QueueReplayer(
            Repository git,
            CommitQueueReader queue,
            QueuedCommitWriter writer,
            ImageSetStore images,
            MainLog mainLog,
            PathPatterns generated) {
        this.git = git;
        this.queue = queue;
        this.writer = writer;
        this.images = images;
        this.mainLog = mainLog;
        this.generated = generated;
    }

    /**
     * Replays commits.
     *
     * @param main the tip of main
     * @param below the commits that stay as they are, a straight line on main
     * @param rest the commits to replay on them, oldest first
     */
    public ReplayResult replay(ObjectId main, List<QueuedCommit> below, List<QueuedCommit> rest) throws IOException {
        ServiceWriteLog writers = mainLog.upTo(main).writersWith(below);
        try (ObjectSession objects = ObjectSession.open(git, rest.size())) {
            var replay = new Replay(objects, images, generated);
            var kept = new ArrayList<>(below);
            var dropped = new ArrayList<ReplayResult.Dropped>();
            ObjectId tip = below.isEmpty() ? main : below.get(below.size() - 1).sha();
            ObjectId tipTree = queue.treeOf(tip, objects);
            for (QueuedCommit commit : rest) {
                ObjectId parentTree = parentTree(commit, objects);
                Replay.Result result = replay.apply(commit, parentTree, tipTree, writers);
                if (result instanceof Replay.Result.Conflict conflict) {
                    dropped.add(new ReplayResult.Conflicting(commit, conflict.reason()));
                    continue;
                }
                if (result instanceof Replay.Result.Superseded superseded) {
                    dropped.add(new ReplayResult.Superseded(commit, superseded.reason()));
                    continue;
                }
                var applied = (Replay.Result.Applied) result;
                if (applied.tree().equals(tipTree)) {
                    var check = new SatisfactionCheck(replay, objects, commit, parentTree);
                    if (check.satisfied(main, kept)) {
                        ObjectId by = check.broughtBy(mainLog.firstParents());
                        dropped.add(new ReplayResult.Satisfied(commit, by));
                        continue;
                    }
                }
                QueuedCommit moved = writer.rewrite(objects, commit, tip, applied);
                kept.add(moved);
                writers.add(moved);
                tip = moved.sha();
                tipTree = moved.tree();
            }
            objects.flush();
            return new ReplayResult(tip, kept, dropped);
        }
    }

    /** The tree of a commit's parent; of a merge or root commit, which is not compared with it, the zero id. */
    private ObjectId parentTree(QueuedCommit commit, ObjectSession objects) throws IOException {
        return commit.isMerge() || commit.parent().equals(ObjectId.zeroId())
                ? ObjectId.zeroId()
                : queue.treeOf(commit.parent(), objects);
    }
}
