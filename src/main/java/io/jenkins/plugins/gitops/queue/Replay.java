package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.generation.GeneratedTrees;
import io.jenkins.plugins.gitops.generation.InputTrees;
import io.jenkins.plugins.gitops.git.TreeMerge;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Executes changes again on other trees. Image files are set as the operation of the change says and never merged as
 * text, so they cannot conflict; everything else is merged three ways.
 */
final class Replay {

    /** The result of replaying a commit. */
    sealed interface Result {
        /** The new tree, and the trailers with the services that the change still sets. */
        record Applied(ObjectId tree, Optional<ChangeTrailers> trailers) implements Result {}

        record Conflict(String reason) implements Result {}

        record Superseded(String reason) implements Result {}

        /**
         * What is generated of the new tree is not known.
         *
         * @param tree the new tree without generated files
         * @param failure why it cannot be generated, if that was tried
         */
        record Ungenerated(ObjectId tree, Optional<ChangeTrailers> trailers, Optional<String> failure)
                implements Result {}
    }

    private final ObjectReader reader;
    private final ObjectSession objects;
    private final ImageSetStore images;
    private final GeneratedTrees generated;
    private final InputTrees inputs;

    /** The ids of input trees that are compared only, and need not be written. */
    private final InputTrees inputIds;

    /**
     * Creates a replay.
     *
     * @param generated the files that are generated from others, and can be generated again
     */
    Replay(ObjectSession objects, ImageSetStore images, GeneratedTrees generated) {
        this.objects = objects;
        this.reader = objects.reader();
        this.images = images;
        this.generated = generated;
        this.inputs = generated.inputs(reader, objects.inserter());
        this.inputIds = generated.inputs(reader, new IdsOnly());
    }

    /**
     * Replays a commit on a tree.
     *
     * @param parentTree the tree of the commit's present parent
     * @param onto the tree to replay it on
     * @param writers the builds that have written the image sets of that tree
     */
    Result apply(QueuedCommit commit, ObjectId parentTree, ObjectId onto, ServiceWriteLog writers) throws IOException {
        if (!generated.hasGenerator()) {
            return apply(commit, parentTree, commit.tree(), onto, writers);
        }
        boolean sameInputs = inputId(parentTree).equals(inputId(onto));
        if (sameInputs) {
            Result whole = apply(commit, parentTree, commit.tree(), onto, writers);
            if (whole instanceof Result.Applied applied) {
                boolean same = onto.equals(parentTree) && applied.tree().equals(commit.tree());
                return same ? whole : withKnownFiles(applied);
            }
        }
        Result result = applyInputs(commit, parentTree, onto, writers);
        return result instanceof Result.Applied applied
                ? generate(commit, parentTree, onto, applied, sameInputs)
                : result;
    }

    /** Prefers what the generator is known to make of a replayed tree to what was merged. */
    private Result withKnownFiles(Result.Applied whole) throws IOException {
        return generated.find(inputId(whole.tree())).orElse(null) instanceof GeneratedTrees.Answer.Complete complete
                ? new Result.Applied(complete.tree(), whole.trailers())
                : whole;
    }

    /** Whether a tree has all changes of a commit already; what is generated of them is no change of its own. */
    boolean bringsNothing(QueuedCommit commit, ObjectId parentTree, ObjectId tree) throws IOException {
        return applyInputs(commit, parentTree, tree, new ServiceWriteLog()) instanceof Result.Applied applied
                && applied.tree().equals(inputs(tree));
    }

    /** Whether a commit changes generated files only. */
    boolean changesGeneratedOnly(QueuedCommit commit, ObjectId parentTree) throws IOException {
        return generated.hasGenerator() && inputId(parentTree).equals(inputId(commit.tree()));
    }

    /** A tree without what a generator makes of it; without a generator the tree itself. */
    ObjectId inputs(ObjectId tree) throws IOException {
        return tree.equals(ObjectId.zeroId()) ? tree : inputs.of(tree);
    }

    private ObjectId inputId(ObjectId tree) throws IOException {
        return tree.equals(ObjectId.zeroId()) ? tree : inputIds.of(tree);
    }

    /** Replays what a generator reads; without a generator everything. */
    Result applyInputs(QueuedCommit commit, ObjectId parentTree, ObjectId onto, ServiceWriteLog writers)
            throws IOException {
        return apply(commit, inputs(parentTree), inputs(commit.tree()), inputs(onto), writers);
    }

    /** Adds what is generated to the replayed files, which cannot be merged as a whole. */
    private Result generate(
            QueuedCommit commit, ObjectId parentTree, ObjectId onto, Result.Applied applied, boolean sameInputs)
            throws IOException {
        ObjectId tree = applied.tree();
        Optional<GeneratedTrees.Answer> answer = generated.find(tree);
        if (answer.orElse(null) instanceof GeneratedTrees.Answer.Complete complete) {
            return new Result.Applied(complete.tree(), applied.trailers());
        }
        if (!sameInputs && tree.equals(inputs(onto)) && !changesGeneratedOnly(commit, parentTree)) {
            return new Result.Applied(onto, applied.trailers());
        }
        Optional<String> failure = answer.filter(GeneratedTrees.Answer.Failed.class::isInstance)
                .map(failed -> ((GeneratedTrees.Answer.Failed) failed).reason());
        return new Result.Ungenerated(tree, applied.trailers(), failure);
    }

    /**
     * Replays a change.
     *
     * @param parentTree the tree before it
     * @param tree the tree with it
     * @param onto the tree to replay it on
     */
    private Result apply(
            QueuedCommit commit, ObjectId parentTree, ObjectId tree, ObjectId onto, ServiceWriteLog writers)
            throws IOException {
        if (commit.isMerge()) {
            return new Result.Conflict("a merge commit cannot be replayed");
        }
        if (ChangeTrailers.isOfLayout(commit)) {
            return changeLayout(commit, onto);
        }
        Optional<ChangeTrailers> change = commit.trailers().filter(trailers -> images.has(trailers.wavePath()));
        if (change.isEmpty()) {
            TreeMerge.Result merged = merge(parentTree, onto, tree);
            return merged.tree()
                    .<Result>map(whole -> new Result.Applied(whole, commit.trailers()))
                    .orElseGet(() -> conflict(merged));
        }
        try {
            return execute(change.get(), commit, parentTree, tree, onto, writers);
        } catch (InvalidImagesException e) {
            return new Result.Conflict("the image files cannot be read: " + e.getMessage());
        }
    }

    /** Rewrites the image files that are there now, whichever they were. */
    private Result changeLayout(QueuedCommit commit, ObjectId onto) throws IOException {
        try {
            return new Result.Applied(images.inConfiguredLayout(objects, onto), commit.trailers());
        } catch (InvalidImagesException e) {
            return new Result.Conflict("the image files cannot be read: " + e.getMessage());
        }
    }

    private Result execute(
            ChangeTrailers change,
            QueuedCommit commit,
            ObjectId parentTree,
            ObjectId tree,
            ObjectId onto,
            ServiceWriteLog writers)
            throws IOException {
        WavePath path = change.wavePath();
        // Writes from before this change was appended were considered when it was appended.
        Instant since = commit.author().getWhenAsInstant();
        ImageSet present = images.read(reader, onto, path);
        ImageSet values = images.read(reader, tree, path);
        if (!values.images().keySet().containsAll(change.services())) {
            return new Result.Conflict("its trailers name services that its image files do not have");
        }
        if (laterSetWasPromoted(change, writers)) {
            return new Result.Superseded(
                    "a newer set was promoted from " + change.sourceWave().orElseThrow() + " already");
        }
        ImageSet seen = change.operation().setsAll() ? images.read(reader, parentTree, path) : present;
        ChangeExecution executed = ChangeExecution.of(change, values, seen, present, writers, since);
        if (executed.superseded()) {
            return new Result.Superseded("a later build has written the same services");
        }
        ObjectId base = onto;
        if (changesMore(parentTree, tree, path)) {
            ObjectInserter inserter = objects.inserter();
            ObjectId restBefore = images.without(reader, inserter, parentTree, path);
            ObjectId restAfter = images.without(reader, inserter, tree, path);
            ObjectId restOnto = images.without(reader, inserter, onto, path);
            TreeMerge.Result rest = merge(restBefore, restOnto, restAfter);
            if (rest.tree().isEmpty()) {
                return conflict(rest);
            }
            base = rest.tree().get();
        }
        // A set that stays the same keeps its bytes too: a user may have formatted the files by hand.
        boolean unchanged = base.equals(onto) && executed.set().equals(present);
        ObjectId applied =
                unchanged ? onto : images.write(objects, base, path, executed.set(), images.layout(reader, onto, path));
        return new Result.Applied(applied, Optional.of(change.withServices(executed.services())));
    }

    /** Whether a commit changes more than the image files of a wave. */
    private boolean changesMore(ObjectId parentTree, ObjectId tree, WavePath path) throws IOException {
        var idsOnly = new IdsOnly();
        return !images.without(reader, idsOnly, parentTree, path).equals(images.without(reader, idsOnly, tree, path));
    }

    /** Whether a set that was deployed later in the same source wave was promoted already. */
    private boolean laterSetWasPromoted(ChangeTrailers change, ServiceWriteLog writers) throws IOException {
        Optional<String> source = change.sourceSha();
        if (change.operation() != ChangeOperation.PROMOTE || source.isEmpty()) {
            return false;
        }
        Optional<ServiceWriteLog.Promotion> last = writers.lastPromotion(change.wavePath())
                .filter(promotion -> change.sourceWave().equals(Optional.of(promotion.sourceWave()))
                        && !promotion.change().equals(change.id()));
        return last.isPresent() && isStrictAncestor(source.get(), last.get().sourceSha());
    }

    /** False also if one of them is not a commit of this repository, since trailers may name anything. */
    private boolean isStrictAncestor(String ancestor, String descendant) throws IOException {
        if (ancestor.equals(descendant) || !isCommit(ancestor) || !isCommit(descendant)) {
            return false;
        }
        try (var walk = new RevWalk(reader)) {
            return walk.isMergedInto(
                    walk.parseCommit(ObjectId.fromString(ancestor)), walk.parseCommit(ObjectId.fromString(descendant)));
        }
    }

    private boolean isCommit(String sha) throws IOException {
        return ObjectId.isId(sha)
                && reader.has(ObjectId.fromString(sha))
                && reader.open(ObjectId.fromString(sha)).getType() == Constants.OBJ_COMMIT;
    }

    private TreeMerge.Result merge(ObjectId base, ObjectId ours, ObjectId theirs) throws IOException {
        return new TreeMerge(reader, objects.inserter()).merge(base, ours, theirs);
    }

    private Result conflict(TreeMerge.Result merged) {
        String paths = String.join(", ", merged.conflicts());
        return new Result.Conflict(
                merged.conflicts().stream().allMatch(generated.paths()::match)
                        ? "what was generated for it must be generated anew on what is below it now: " + paths
                        : "it conflicts with main in " + paths);
    }
}
