package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.git.PathPatterns;
import io.jenkins.plugins.gitops.git.TreeMerge;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Executes a change again on another tree. Its image files are set as its operation says, never merged as text, so
 * they cannot conflict; everything else is merged three ways.
 */
final class Replay {

    /** What came out. */
    sealed interface Result {
        /** The new tree, and the services the change still sets. */
        record Laid(ObjectId tree, Optional<ChangeTrailers> trailers) implements Result {}

        record Conflict(String reason) implements Result {}

        record Superseded(String by, String reason) implements Result {}
    }

    private final ObjectReader reader;
    private final ObjectInserter inserter;
    private final ImageSetCache waves;
    private final PathPatterns generated;

    /**
     * Makes it.
     *
     * @param generated the files that are generated from others, and can be generated anew
     */
    Replay(ObjectReader reader, ObjectInserter inserter, ImageSetCache waves, PathPatterns generated) {
        this.reader = reader;
        this.inserter = inserter;
        this.waves = waves;
        this.generated = generated;
    }

    /**
     * Lays a commit on a tree.
     *
     * @param parentTree the tree of the commit's present parent
     * @param onto the tree to lay it on
     * @param writers who has written there
     */
    Result apply(QueuedCommit commit, ObjectId parentTree, ObjectId onto, ServiceWriteLog writers) throws IOException {
        if (commit.isMerge()) {
            return new Result.Conflict("a merge commit cannot be replayed");
        }
        Optional<ChangeTrailers> change = commit.trailers().filter(trailers -> waves.knows(trailers.wavePath()));
        if (change.isEmpty()) {
            TreeMerge.Result merged = merge(parentTree, onto, commit.tree());
            return merged.tree()
                    .<Result>map(tree -> new Result.Laid(tree, commit.trailers()))
                    .orElseGet(() -> conflict(merged));
        }
        try {
            return execute(change.get(), commit, parentTree, onto, writers);
        } catch (InvalidImagesException e) {
            return new Result.Conflict("the image files cannot be read: " + e.getMessage());
        }
    }

    private Result execute(
            ChangeTrailers change, QueuedCommit commit, ObjectId parentTree, ObjectId onto, ServiceWriteLog writers)
            throws IOException {
        WavePath path = change.wavePath();
        ObjectId tree = commit.tree();
        // Who wrote before this change was appended was looked at then.
        Instant since = commit.author().getWhenAsInstant();
        ImageSet present = waves.read(reader, onto, path);
        ImageSet values = waves.read(reader, tree, path);
        if (!values.images().keySet().containsAll(change.services())) {
            return new Result.Conflict("its trailers name services that its image files do not have");
        }
        Optional<String> promotedLater = laterPromotion(change, writers);
        if (promotedLater.isPresent()) {
            return new Result.Superseded(
                    promotedLater.get(), "a newer set was promoted from " + change.sourceWave() + " already");
        }
        ImageSet seen = change.operation().setsAll() ? waves.read(reader, parentTree, path) : present;
        Executed executed = execute(change, values, seen, present, writers, since);
        if (executed.supersededBy().isPresent()) {
            return new Result.Superseded(executed.supersededBy().get(), "a later build has written the same services");
        }
        ObjectId base = onto;
        if (changesMore(parentTree, tree, path)) {
            ObjectId restBefore = waves.without(reader, inserter, parentTree, path);
            ObjectId restAfter = waves.without(reader, inserter, tree, path);
            ObjectId restOnto = waves.without(reader, inserter, onto, path);
            TreeMerge.Result rest = merge(restBefore, restOnto, restAfter);
            if (rest.tree().isEmpty()) {
                return conflict(rest);
            }
            base = rest.tree().get();
        }
        // A set that stays as it is keeps its bytes too: somebody may have formatted the files by hand.
        boolean asItIs = base.equals(onto) && executed.set().equals(present);
        ObjectId laid = asItIs ? onto : waves.write(reader, inserter, base, path, executed.set());
        return new Result.Laid(laid, Optional.of(change.withServices(executed.services())));
    }

    /** Whether a commit changes more than the image files of a wave. */
    private boolean changesMore(ObjectId parentTree, ObjectId tree, WavePath path) throws IOException {
        // Their trees without these files are compared, and need not be written for that.
        var idsOnly = new IdsOnly();
        return !waves.without(reader, idsOnly, parentTree, path).equals(waves.without(reader, idsOnly, tree, path));
    }

    private static final class IdsOnly extends ObjectInserter.Formatter {
        @Override
        public ObjectId insert(int type, long length, InputStream content) throws IOException {
            return idFor(type, length, content);
        }
    }

    /** The promotion of what was deployed later in the same source wave, if there was one already. */
    private Optional<String> laterPromotion(ChangeTrailers change, ServiceWriteLog writers) throws IOException {
        String source = change.sourceSha();
        Optional<ServiceWriteLog.Promotion> last = writers.lastPromotion(change.wavePath())
                .filter(promotion -> change.operation() == ChangeOperation.PROMOTE
                        && promotion.sourceWave().equals(change.sourceWave()));
        boolean later = last.isPresent()
                && source != null
                && !last.get().change().equals(change.id())
                && isStrictAncestor(source, last.get().sourceSha());
        return later ? last.map(ServiceWriteLog.Promotion::change) : Optional.empty();
    }

    /** Trailers may name anything; what is no commit of this repository is nobody's ancestor. */
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

    /**
     * What an operation makes of a set.
     *
     * @param services those it still sets
     * @param supersededBy the later change that has written all of them
     */
    record Executed(ImageSet set, SortedSet<String> services, Optional<String> supersededBy) {}

    /**
     * Executes an operation on a set.
     *
     * @param values the set that holds the change's values
     * @param seen the set it was executed on before; if never, {@code present}
     * @param present the set it is executed on
     * @param since those who wrote before count as earlier, whatever their number
     */
    static Executed execute(
            ChangeTrailers change, ImageSet values, ImageSet seen, ImageSet present, ServiceWriteLog writers, Instant since) {
        var services = new TreeSet<>(change.services());
        Optional<String> by = Optional.empty();
        BuildSequence order = change.order();
        if (order != null) {
            by = change.operation().setsAll()
                    ? writers.laterWhole(change.wavePath(), order, since).map(ServiceWriteLog.Writer::change)
                    : Optional.empty();
            if (by.isPresent()) {
                return new Executed(present, new TreeSet<>(), by);
            }
            for (String service : change.services()) {
                var later = writers.later(change.wavePath(), order, service, since);
                if (later.isPresent()) {
                    services.remove(service);
                    by = later.map(ServiceWriteLog.Writer::change);
                }
            }
        }
        if (by.isPresent() && services.isEmpty()) {
            return new Executed(present, services, by);
        }
        if (!change.operation().setsAll()) {
            return new Executed(present.mergedWith(values.only(services)), services, Optional.empty());
        }
        // What it does not set goes, but for what a later build wrote, and what it left to one when it was laid before.
        var kept = new TreeSet<>(present.images().keySet());
        kept.removeAll(services);
        kept.removeIf(service -> {
            boolean left = values.images().containsKey(service);
            Instant unseen = seen.images().containsKey(service) ? since : Instant.EPOCH;
            return !left
                    && (order == null
                            || writers.later(change.wavePath(), order, service, unseen)
                                    .isEmpty());
        });
        var set = new TreeMap<>(values.only(services).images());
        set.putAll(present.only(kept).images());
        return new Executed(ImageSet.of(set), services, Optional.empty());
    }

    private TreeMerge.Result merge(ObjectId base, ObjectId ours, ObjectId theirs) throws IOException {
        return new TreeMerge(reader, inserter).merge(base, ours, theirs);
    }

    private Result conflict(TreeMerge.Result merged) {
        String paths = String.join(", ", merged.conflicts());
        return new Result.Conflict(
                merged.conflicts().stream().allMatch(generated::match)
                        ? "what was generated for it must be generated anew on what is below it now: " + paths
                        : "it conflicts with main in " + paths);
    }
}
