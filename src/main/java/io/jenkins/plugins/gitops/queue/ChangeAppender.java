package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.CommitSubject;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.common.ConfigConflict;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.generation.GeneratedTrees;
import io.jenkins.plugins.gitops.generation.GenerationRequest;
import io.jenkins.plugins.gitops.git.CommitGraph;
import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import io.jenkins.plugins.gitops.worktree.ConfigTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/**
 * Appends changes to the queue, as one commit each on its tip, unless main or a queued change has their content. Also
 * prepares the trees in which the bodies of steps work.
 */
public final class ChangeAppender {

    /** The message of a commit that brings generated files up to date. */
    private static final String REGENERATED = "chore: generate again\n";

    private final Repository git;
    private final CommitQueueReader reader;
    private final QueuedCommitWriter writer;
    private final ImageSetStore images;
    private final MainLog mainLog;
    private final GeneratedTrees generated;
    private final BodyInputs bodyInputs;
    private final String messageTemplate;
    private final boolean onlyWhenDigestsChange;

    ChangeAppender(
            Repository git,
            CommitQueueReader reader,
            QueuedCommitWriter writer,
            ImageSetStore images,
            MainLog mainLog,
            GeneratedTrees generated,
            BodyInputs bodyInputs,
            String messageTemplate,
            boolean onlyWhenDigestsChange) {
        this.git = git;
        this.reader = reader;
        this.writer = writer;
        this.images = images;
        this.mainLog = mainLog;
        this.generated = generated;
        this.bodyInputs = bodyInputs;
        this.messageTemplate = messageTemplate;
        this.onlyWhenDigestsChange = onlyWhenDigestsChange;
    }

    /**
     * Appends a change to a queue that stands straight on main.
     *
     * @throws InvalidImagesException if the image files of its wave, on main or in the queue, are not an image set
     * @throws RequestRefused if the change is too large for its commit message
     */
    public AppendResult append(CommitQueue queue, NewChange change) throws IOException, RequestRefused {
        ServiceWriteLog writers = writers(queue);
        try (ObjectSession objects = ObjectSession.open(git, 1)) {
            return change.body().isPresent()
                    ? appendWithBody(queue, change, change.body().get(), writers, objects)
                    : appendImages(queue, change, writers, objects);
        }
    }

    private ServiceWriteLog writers(CommitQueue queue) throws IOException {
        return mainLog.upTo(queue.main()).writersWith(queue.commits());
    }

    private String message(NewChange change, ChangeTrailers trailers) throws RequestRefused {
        try {
            return trailers.message(change.subject().orElseGet(() -> CommitSubject.of(messageTemplate, change)));
        } catch (IllegalArgumentException e) {
            throw new RequestRefused("Nothing was committed to " + change.wavePath() + ". " + e.getMessage());
        }
    }

    /**
     * Why a change may not be appended, if its wave had the same commit of the application before something newer, and
     * nobody said that it is meant. Whether a promotion goes back is a condition of its own.
     *
     * @param executed the change on the set at the tip
     */
    private Optional<String> redelivery(
            NewChange change, ChangeExecution executed, ImageSet atTip, ServiceWriteLog writers) {
        ChangeOperation operation = change.operation();
        Optional<String> appSha = change.trailers().appSha();
        boolean announced = operation == ChangeOperation.ANNOUNCE || operation == ChangeOperation.REPLACE;
        if (change.redeliver() || !announced || appSha.isEmpty() || same(executed.set(), atTip)) {
            return Optional.empty();
        }
        return writers.deliveries()
                .repetition(change.wavePath(), appSha.get(), executed.services())
                .map(repeated ->
                        repeated.sentence() + ". To go back to it, say redeliver: true, or roll the wave back.");
    }

    private boolean same(ImageSet a, ImageSet b) {
        return onlyWhenDigestsChange ? a.sameToDeploy(b) : a.equals(b);
    }

    private AppendResult appendImages(
            CommitQueue queue, NewChange change, ServiceWriteLog writers, ObjectSession objects)
            throws IOException, RequestRefused {
        ObjectId tipTree = reader.treeOf(queue.tip(), objects);
        ImageSet atTip = images.read(objects.reader(), tipTree, change.wavePath());
        ChangeTrailers wanted = change.trailers();
        ChangeExecution executed = ChangeExecution.first(wanted, change.images(), atTip, writers, change.started());
        if (executed.superseded()) {
            return new AppendResult.Superseded();
        }
        ChangeTrailers trailers = wanted.withServices(executed.services());
        if (same(executed.set(), atTip)) {
            Optional<AppendResult> there = findImages(queue, trailers, change.images(), objects);
            if (there.isPresent()) {
                return there.get();
            }
        }
        Optional<String> redelivery = redelivery(change, executed, atTip, writers);
        if (redelivery.isPresent()) {
            return new AppendResult.Redelivered(redelivery.get());
        }
        ObjectId tree = executed.set().equals(atTip)
                ? tipTree
                : images.write(objects, tipTree, change.wavePath(), executed.set());
        String message = message(change, trailers);
        return generated.hasGenerator() && !tree.equals(tipTree)
                ? generate(queue, tree, tipTree, message, Optional.of(trailers), objects)
                : commit(writer.write(objects, tree, queue.tip(), message), objects);
    }

    /**
     * Finds out whether a change of images needs no commit: main has the images and no queued change removes them, or
     * one queued change has all images that main lacks, whichever other changes are merged or evicted.
     */
    private Optional<AppendResult> findImages(
            CommitQueue queue, ChangeTrailers change, ImageSet values, ObjectSession objects) throws IOException {
        ImageSet onMain = images.read(objects.reader(), objects.treeOf(queue.main()), change.wavePath());
        var sets = new ArrayList<ImageSet>();
        for (QueuedCommit commit : queue.commits()) {
            sets.add(images.read(objects.reader(), commit.tree(), change.wavePath()));
        }
        if (bringsNothing(change, values, onMain)
                && sets.stream().allMatch(set -> bringsNothing(change, values, set))) {
            return Optional.of(new AppendResult.Unchanged(queue.main()));
        }
        for (int i = sets.size() - 1; i >= 0 && bringsNothing(change, values, sets.get(i)); i--) {
            QueuedCommit candidate = queue.commits().get(i);
            Optional<ChangeTrailers> its =
                    candidate.trailers().filter(trailers -> trailers.wavePath().equals(change.wavePath()));
            if (its.isPresent()) {
                ImageSet alone =
                        ChangeExecution.alone(its.get(), sets.get(i), onMain).set();
                if (bringsNothing(change, values, alone)) {
                    return Optional.of(new AppendResult.Attached(candidate));
                }
            }
        }
        return Optional.empty();
    }

    private boolean bringsNothing(ChangeTrailers change, ImageSet values, ImageSet set) {
        return same(ChangeExecution.alone(change, values, set).set(), set);
    }

    /** Makes a commit of the change on the base on which its body worked, and replays it on the tip. */
    private AppendResult appendWithBody(
            CommitQueue queue, NewChange change, BodyChanges body, ServiceWriteLog writers, ObjectSession objects)
            throws IOException, RequestRefused {
        if (!hasBase(body.base())) {
            return new AppendResult.Conflict(baseIsGone(body.base()).getMessage());
        }
        ObjectId baseTree = reader.treeOf(body.base(), objects);
        ImageSet atBase = images.read(objects.reader(), baseTree, change.wavePath());
        ChangeTrailers wanted = change.trailers();
        ChangeExecution executed = ChangeExecution.first(wanted, change.images(), atBase, writers, change.started());
        if (executed.superseded()) {
            return new AppendResult.Superseded();
        }
        ObjectId tipTree = reader.treeOf(queue.tip(), objects);
        ImageSet atTip = images.read(objects.reader(), tipTree, change.wavePath());
        Optional<String> redelivery = redelivery(
                change,
                ChangeExecution.first(wanted, change.images(), atTip, writers, change.started()),
                atTip,
                writers);
        if (redelivery.isPresent()) {
            return new AppendResult.Redelivered(redelivery.get());
        }
        ObjectId withImages = same(executed.set(), atBase)
                ? baseTree
                : images.write(objects, baseTree, change.wavePath(), executed.set());
        ObjectId withBody = new TreeEdit(objects.reader(), objects.inserter()).applyBody(withImages, body);
        ChangeTrailers trailers =
                bodyInputs.record(wanted.withServices(executed.services()), withBody, objects.reader());
        String message = message(change, trailers);
        QueuedCommit made = writer.write(objects, withBody, body.base(), message);
        var replay = new Replay(objects, images, generated);
        Replay.Result result = replay.apply(made, baseTree, tipTree, writers);
        if (result instanceof Replay.Result.Conflict conflict) {
            return new AppendResult.Conflict(
                    "The change does not fit on what the auto branch has become since its body began: "
                            + conflict.reason() + ". Make it again.");
        }
        if (result instanceof Replay.Result.Superseded) {
            return new AppendResult.Superseded();
        }
        if (result instanceof Replay.Result.Ungenerated ungenerated) {
            var provisional = new Replay.Result.Applied(ungenerated.tree(), ungenerated.trailers());
            return ungenerated(
                    queue,
                    writer.rewrite(objects, made, queue.tip(), provisional),
                    ungenerated,
                    tipTree,
                    replay,
                    objects);
        }
        var applied = (Replay.Result.Applied) result;
        if (applied.tree().equals(tipTree)) {
            Optional<AppendResult> there = findContent(queue, replay, made, baseTree, objects);
            if (there.isPresent()) {
                return there.get();
            }
        }
        return commit(writer.rewrite(objects, made, queue.tip(), applied), objects);
    }

    private static AppendResult commit(QueuedCommit commit, ObjectSession objects) throws IOException {
        objects.flush();
        return new AppendResult.Commit(commit);
    }

    private AppendResult ungenerated(
            CommitQueue queue,
            QueuedCommit provisional,
            Replay.Result.Ungenerated change,
            ObjectId tipTree,
            Replay replay,
            ObjectSession objects)
            throws IOException {
        GenerationCulpritFinder.Finding finding =
                new GenerationCulpritFinder(generated, replay).find(change, tipTree, tipTree, name(queue));
        objects.flush();
        return finding.culprit()
                .<AppendResult>map(AppendResult.Ungenerable::new)
                .orElseGet(() -> new AppendResult.Ungenerated(
                        provisional,
                        finding.wanted().stream()
                                .map(tree -> tree.purpose().isEmpty()
                                        ? tree.forPurpose("the new change \"" + provisional.subject() + "\"")
                                        : tree)
                                .toList()));
    }

    private static String name(CommitQueue queue) {
        return GenerationCulpritFinder.name(queue.tip(), queue.main());
    }

    /**
     * Generates the tip of a queue anew, as one commit on it without a change of its own.
     *
     * @param forget whether to generate it even if it was generated before; then everything else is too, when needed
     * @return nothing if its generated files are what the generator makes
     */
    public Optional<AppendResult> regenerate(CommitQueue queue, boolean forget) throws IOException {
        if (forget) {
            generated.forgetAll();
        }
        try (ObjectSession objects = ObjectSession.open(git, 1)) {
            ObjectId tipTree = reader.treeOf(queue.tip(), objects);
            var replay = new Replay(objects, images, generated);
            ObjectId input = replay.inputs(tipTree);
            Optional<GeneratedTrees.Answer> answer = generated.find(input);
            if (answer.orElse(null) instanceof GeneratedTrees.Answer.Complete complete) {
                return complete.tree().equals(tipTree)
                        ? Optional.empty()
                        : Optional.of(
                                commit(writer.write(objects, complete.tree(), queue.tip(), REGENERATED), objects));
            }
            objects.flush();
            Optional<String> failure = failure(answer);
            String tip = name(queue);
            return Optional.of(
                    failure.isPresent()
                            ? new AppendResult.Ungenerable("The generator fails for " + tip + ": " + failure.get())
                            : new AppendResult.Ungenerated(
                                    QueuedCommit.of(objects.walk().parseCommit(queue.tip())),
                                    List.of(new GenerationRequest(input, tipTree, tip))));
        }
    }

    /**
     * Brings the image files of all waves to the configured layout, as one commit on the tip of a queue without a change
     * of its own.
     *
     * @return nothing if they are in it
     */
    public Optional<AppendResult> changeLayout(CommitQueue queue) throws IOException {
        try (ObjectSession objects = ObjectSession.open(git, 1)) {
            ObjectId tipTree = reader.treeOf(queue.tip(), objects);
            ObjectId tree = images.inConfiguredLayout(objects, tipTree);
            if (tree.equals(tipTree)) {
                return Optional.empty();
            }
            String message = ChangeTrailers.messageOfLayout(images.layoutName());
            return Optional.of(
                    generated.hasGenerator()
                            ? generate(queue, tree, tipTree, message, Optional.empty(), objects)
                            : commit(writer.write(objects, tree, queue.tip(), message), objects));
        }
    }

    /** Creates the commit of a tree as soon as its generated files are known. */
    private AppendResult generate(
            CommitQueue queue,
            ObjectId tree,
            ObjectId tipTree,
            String message,
            Optional<ChangeTrailers> trailers,
            ObjectSession objects)
            throws IOException {
        var replay = new Replay(objects, images, generated);
        ObjectId input = replay.inputs(tree);
        Optional<GeneratedTrees.Answer> answer = generated.find(input);
        if (answer.orElse(null) instanceof GeneratedTrees.Answer.Complete complete) {
            return commit(writer.write(objects, complete.tree(), queue.tip(), message), objects);
        }
        var ungenerated = new Replay.Result.Ungenerated(input, trailers, failure(answer));
        return ungenerated(
                queue, writer.write(objects, tree, queue.tip(), message), ungenerated, tipTree, replay, objects);
    }

    private static Optional<String> failure(Optional<GeneratedTrees.Answer> answer) {
        return answer.filter(GeneratedTrees.Answer.Failed.class::isInstance)
                .map(failed -> ((GeneratedTrees.Answer.Failed) failed).reason());
    }

    /** As {@link #findImages}, for all content of a commit. */
    private Optional<AppendResult> findContent(
            CommitQueue queue, Replay replay, QueuedCommit made, ObjectId baseTree, ObjectSession objects)
            throws IOException {
        if (new SatisfactionCheck(replay, objects, made, baseTree).satisfied(queue.main(), queue.commits())) {
            return Optional.of(new AppendResult.Unchanged(queue.main()));
        }
        ObjectId mainTree = reader.treeOf(queue.main(), objects);
        List<QueuedCommit> queued = queue.commits();
        for (int i = queued.size() - 1;
                i >= 0 && replay.bringsNothing(made, baseTree, queued.get(i).tree());
                i--) {
            QueuedCommit candidate = queued.get(i);
            if (candidate.trailers().isEmpty()) {
                continue;
            }
            ObjectId parentTree = reader.treeOf(candidate.parent(), objects);
            if (replay.applyInputs(candidate, parentTree, mainTree, new ServiceWriteLog())
                            instanceof Replay.Result.Applied alone
                    && replay.bringsNothing(made, baseTree, alone.tree())) {
                return Optional.of(new AppendResult.Attached(candidate));
            }
        }
        return Optional.empty();
    }

    /**
     * The tree of a queue's tip with the images of a change written, for a body to work on.
     *
     * @throws RequestRefused if the change would be refused whatever its body makes
     */
    public ConfigTree prepare(CommitQueue queue, NewChange change) throws IOException, RequestRefused {
        ServiceWriteLog writers = writers(queue);
        try (ObjectSession objects = ObjectSession.open(git, 1)) {
            ObjectId tipTree = reader.treeOf(queue.tip(), objects);
            ImageSet atTip = images.read(objects.reader(), tipTree, change.wavePath());
            ChangeExecution executed =
                    ChangeExecution.first(change.trailers(), change.images(), atTip, writers, change.started());
            Optional<String> redelivery = redelivery(change, executed, atTip, writers);
            if (redelivery.isPresent()) {
                throw new RequestRefused("Nothing was committed to " + change.wavePath() + ": " + redelivery.get());
            }
            ImageSet set = executed.set();
            ObjectId tree = same(set, atTip) ? tipTree : images.write(objects, tipTree, change.wavePath(), set);
            objects.flush();
            return new ConfigTree(git, queue.tip(), tree, images.allFiles(objects.reader(), tree));
        }
    }

    /**
     * The tree of a commit that was prepared before, without the images that were written into it.
     *
     * @throws ConfigConflict if the commit is gone
     */
    public ConfigTree prepared(ObjectId base) throws IOException, GitOpsException {
        if (!hasBase(base)) {
            throw baseIsGone(base);
        }
        try (ObjectSession objects = ObjectSession.open(git, 0)) {
            ObjectId tree = reader.treeOf(base, objects);
            return new ConfigTree(git, base, tree, images.allFiles(objects.reader(), tree));
        }
    }

    private boolean hasBase(ObjectId base) throws IOException {
        return new CommitGraph(git).has(base.name());
    }

    private static ConfigConflict baseIsGone(ObjectId base) {
        return new ConfigConflict("The commit " + base.name() + " on which the body worked is on no branch any more: "
                + "run the body again.");
    }
}
