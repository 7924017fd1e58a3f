package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.generation.GeneratedTrees;
import io.jenkins.plugins.gitops.generation.GenerationRequest;
import io.jenkins.plugins.gitops.signing.TrustedSigners;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/** Replays the commits of the queue one by one on another base: on a main that moved, or after an eviction. */
public final class QueueReplayer {

    private final Repository git;
    private final CommitQueueReader queue;
    private final QueuedCommitWriter writer;
    private final ImageSetStore images;
    private final MainLog mainLog;
    private final GeneratedTrees generated;
    private final TrustedSigners trusted;

    QueueReplayer(
            Repository git,
            CommitQueueReader queue,
            QueuedCommitWriter writer,
            ImageSetStore images,
            MainLog mainLog,
            GeneratedTrees generated,
            TrustedSigners trusted) {
        this.git = git;
        this.queue = queue;
        this.writer = writer;
        this.images = images;
        this.mainLog = mainLog;
        this.generated = generated;
        this.trusted = trusted;
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
            var culprits = new GenerationCulpritFinder(generated, replay);
            var kept = new ArrayList<>(below);
            var dropped = new ArrayList<ReplayResult.Dropped>();
            var wanted = new ArrayList<GenerationRequest>();
            ObjectId tip = below.isEmpty() ? main : below.get(below.size() - 1).sha();
            ObjectId tipTree = queue.treeOf(tip, objects);
            for (QueuedCommit commit : rest) {
                // Before it is replayed, since the replayed commit has the signature of this process.
                Optional<String> refusal = trusted.refusal(objects.reader(), commit.sha());
                if (refusal.isPresent()) {
                    dropped.add(new ReplayResult.Untrusted(commit, refusal.get()));
                    continue;
                }
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
                if (result instanceof Replay.Result.Ungenerated ungenerated) {
                    GenerationCulpritFinder.Finding finding =
                            culprits.find(ungenerated, commit.tree(), tipTree, GenerationCulpritFinder.name(tip, main));
                    wanted.addAll(finding.wanted());
                    if (finding.culprit().isPresent()) {
                        dropped.add(new ReplayResult.Ungenerable(
                                commit, finding.culprit().get()));
                        continue;
                    }
                    // Goes on with the files that are not generated, to find all trees that have to be.
                    result = new Replay.Result.Applied(ungenerated.tree(), ungenerated.trailers());
                }
                var applied = (Replay.Result.Applied) result;
                if (applied.tree().equals(tipTree)) {
                    var check = new SatisfactionCheck(replay, objects, commit, parentTree);
                    if (check.satisfied(main, kept)) {
                        ObjectId by = check.broughtBy(mainLog.firstParents());
                        dropped.add(new ReplayResult.Satisfied(commit, by, satisfied(replay, commit, parentTree)));
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
            return new ReplayResult(tip, kept, dropped, numbered(wanted));
        }
    }

    private static String satisfied(Replay replay, QueuedCommit commit, ObjectId parentTree) throws IOException {
        return replay.changesGeneratedOnly(commit, parentTree)
                ? "it changes generated files only, and the generator makes them as main has them"
                : "main has its content already";
    }

    private static List<GenerationRequest> numbered(List<GenerationRequest> wanted) {
        long commits = wanted.stream().filter(tree -> tree.purpose().isEmpty()).count();
        var numbered = new ArrayList<GenerationRequest>();
        int number = 0;
        for (GenerationRequest tree : wanted) {
            numbered.add(tree.purpose().isEmpty() ? tree.forPurpose("commit " + ++number + " of " + commits) : tree);
        }
        return numbered;
    }

    /** The tree of a commit's parent; of a merge or root commit, which is not compared with it, the zero id. */
    private ObjectId parentTree(QueuedCommit commit, ObjectSession objects) throws IOException {
        return commit.isMerge() || commit.parent().equals(ObjectId.zeroId())
                ? ObjectId.zeroId()
                : queue.treeOf(commit.parent(), objects);
    }
}
