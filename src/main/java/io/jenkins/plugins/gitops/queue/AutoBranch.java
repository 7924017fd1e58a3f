package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.CommitSubject;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.common.ConfigConflict;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.git.BodyChanges;
import io.jenkins.plugins.gitops.git.ConfigTree;
import io.jenkins.plugins.gitops.git.PathPatterns;
import io.jenkins.plugins.gitops.git.TreeDiff;
import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * The arithmetic of the auto branch: reads its line, appends to it and replays it. It makes objects in the clone and
 * moves nothing; what it returns becomes true when the driver has pushed it.
 */
public final class AutoBranch {

    /** How far back on main is looked for the commit that brought something. */
    private static final int MAX_STEPS_BACK = 1000;

    private static final int MAX_RECENT = 1000;

    /** After how many commits without meeting main it is first looked whether main has them. */
    private static final int FIRST_LOOK = 32;

    /** From how many replayed commits on their objects are written into one pack instead of a file each. */
    private static final int MANY = 5;

    private final Repository git;
    private final ImageSetCache waves;
    private final Supplier<PersonIdent> committer;
    private final String messageTemplate;
    private final boolean onlyWhenDigestsChange;
    private final PathPatterns generated;
    private final MainLog mainLog = new MainLog();

    /** Commits of lines that were read or made, so that a line that goes on from them is not read again. */
    private final Map<ObjectId, QueuedCommit> recent = new Recent();

    /**
     * Makes the branch of a repository.
     *
     * @param committer who commits, now
     * @param messageTemplate the first line of a change, see {@link CommitSubject}
     * @param onlyWhenDigestsChange whether a change of tags alone is no change
     * @param generated the files that are generated from others
     */
    public AutoBranch(
            Repository git,
            ImageSetStore waves,
            Supplier<PersonIdent> committer,
            String messageTemplate,
            boolean onlyWhenDigestsChange,
            PathPatterns generated) {
        this.git = git;
        this.waves = new ImageSetCache(waves);
        this.committer = committer;
        this.messageTemplate = messageTemplate;
        this.onlyWhenDigestsChange = onlyWhenDigestsChange;
        this.generated = generated;
    }

    /** What main says of itself, read up to a tip of it. */
    public MainLog mainLog(ObjectId main) throws IOException {
        mainLog.readTo(git, main);
        return mainLog;
    }

    /** Whether one commit is the other or an ancestor of it. */
    public boolean contains(ObjectId descendant, ObjectId ancestor) throws IOException {
        try (var walk = new RevWalk(git)) {
            return walk.isMergedInto(walk.parseCommit(ancestor), walk.parseCommit(descendant));
        }
    }

    /** The first parent of a commit, if it has one. */
    public Optional<ObjectId> parent(ObjectId commit) throws IOException {
        try (var walk = new RevWalk(git)) {
            RevCommit parsed = walk.parseCommit(commit);
            return parsed.getParentCount() == 0
                    ? Optional.empty()
                    : Optional.of(parsed.getParent(0).copy());
        }
    }

    /** Whether the clone has a commit by that name. */
    public boolean has(String sha) throws IOException {
        return ObjectId.isId(sha) && git.getObjectDatabase().has(ObjectId.fromString(sha));
    }

    /**
     * The set of a wave in a commit.
     *
     * @throws io.jenkins.plugins.gitops.images.InvalidImagesException if its image files are not an image set
     */
    public ImageSet images(ObjectId commit, WavePath path) throws IOException {
        try (ObjectReader reader = git.newObjectReader();
                RevWalk walk = new RevWalk(reader)) {
            return waves.read(reader, walk.parseCommit(commit).getTree(), path);
        }
    }

    /** The config commit that was promoted last into a wave, on main or on the line; nothing if none was. */
    public Optional<String> lastPromoted(CommitQueue line, WavePath path) throws IOException {
        ServiceWriteLog writers = mainLog(line.main()).writers().overlay();
        line.commits().forEach(writers::add);
        return writers.lastPromotion(path).map(ServiceWriteLog.Promotion::sourceSha);
    }

    /** When the last promotion into a wave that main has was made; nothing if there was none. */
    public Optional<Instant> lastPromotionAt(ObjectId main, WavePath path) throws IOException {
        return mainLog(main).writers().lastPromotion(path).map(ServiceWriteLog.Promotion::when);
    }

    /** The application's commit that a wave runs in a commit of main, as far as a change says it. */
    public Optional<String> appSha(ObjectId commit, WavePath path) throws IOException {
        try (var walk = new RevWalk(git)) {
            RevCommit at = walk.parseCommit(commit);
            for (int i = 0; i < MAX_STEPS_BACK; i++) {
                Optional<ChangeTrailers> change = ChangeTrailers.read(at.getFullMessage())
                        .filter(known -> known.wavePath().equals(path));
                if (change.isPresent()) {
                    return Optional.ofNullable(change.get().appSha());
                }
                if (at.getParentCount() == 0) {
                    break;
                }
                at = walk.parseCommit(at.getParent(0));
            }
            return Optional.empty();
        }
    }

    /** The commits used last. */
    private static final class Recent extends LinkedHashMap<ObjectId, QueuedCommit> {

        private static final long serialVersionUID = 1L;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectId, QueuedCommit> eldest) {
            return size() > MAX_RECENT;
        }
    }

    /** Reads the line from main to the auto branch. */
    public CommitQueue line(ObjectId main, ObjectId auto) throws IOException {
        var commits = new ArrayList<QueuedCommit>();
        ObjectId at = auto;
        for (QueuedCommit known = recent.get(at); !at.equals(main) && known != null; known = recent.get(at)) {
            commits.add(known);
            at = known.parent();
        }
        CommitQueue line = at.equals(main) && commits.stream().noneMatch(QueuedCommit::isMerge)
                ? new CommitQueue(main, auto, reversed(commits), true)
                : read(main, auto);
        line.commits().forEach(this::note);
        return line;
    }

    private static List<QueuedCommit> reversed(List<QueuedCommit> commits) {
        Collections.reverse(commits);
        return commits;
    }

    private QueuedCommit note(QueuedCommit commit) {
        recent.put(commit.sha(), commit);
        return commit;
    }

    private CommitQueue read(ObjectId main, ObjectId auto) throws IOException {
        try (var walk = new RevWalk(git)) {
            var commits = new ArrayList<QueuedCommit>();
            for (RevCommit commit : missing(walk, walk.parseCommit(main), walk.parseCommit(auto))) {
                commits.add(QueuedCommit.of(commit));
            }
            Collections.reverse(commits);
            ObjectId base = commits.isEmpty() ? auto : commits.get(0).parent();
            boolean straight = base.equals(main) && commits.stream().noneMatch(QueuedCommit::isMerge);
            return new CommitQueue(main, auto, commits, straight);
        }
    }

    /**
     * The commits that main does not have, newest first, along first parents only: what a merge commit brought in goes
     * with the merge commit. A walk from one to the other would trust the times of commits, and where a clock was wrong
     * it takes main's own commits for missing.
     */
    private static List<RevCommit> missing(RevWalk walk, RevCommit main, RevCommit auto) throws IOException {
        var line = new ArrayList<RevCommit>();
        RevCommit at = auto;
        while (!at.equals(main)) {
            line.add(at);
            boolean look = line.size() >= FIRST_LOOK && Integer.bitCount(line.size()) == 1;
            boolean root = at.getParentCount() == 0;
            if (look && walk.isMergedInto(at, main) || root) {
                return line.subList(0, firstOnMain(walk, main, line));
            }
            at = walk.parseCommit(at.getParent(0));
        }
        return line;
    }

    /** Where along a line main begins to have its commits; it has all below. */
    private static int firstOnMain(RevWalk walk, RevCommit main, List<RevCommit> line) throws IOException {
        int missing = 0;
        int onMain = line.size();
        while (missing < onMain) {
            int middle = (missing + onMain) / 2;
            if (walk.isMergedInto(line.get(middle), main)) {
                onMain = middle;
            } else {
                missing = middle + 1;
            }
        }
        return onMain;
    }

    /**
     * Replays commits one by one.
     *
     * @param main the tip of main
     * @param below the commits that stay as they are, a straight line on main
     * @param rest those to lay on them, oldest first
     */
    public ReplayResult replay(ObjectId main, List<QueuedCommit> below, List<QueuedCommit> rest) throws IOException {
        ServiceWriteLog writers = mainLog(main).writers().overlay();
        below.forEach(writers::add);
        try (ObjectInserter inserter = inserter(rest.size());
                ObjectReader reader = inserter.newReader();
                RevWalk walk = new RevWalk(reader)) {
            var replay = new Replay(reader, inserter, waves, generated);
            var kept = new ArrayList<>(below);
            var dropped = new ArrayList<ReplayResult.Dropped>();
            ObjectId tip = below.isEmpty() ? main : below.get(below.size() - 1).sha();
            ObjectId tipTree = tree(tip, walk);
            for (QueuedCommit commit : rest) {
                ObjectId parentTree = commit.isMerge() || commit.parent().equals(ObjectId.zeroId())
                        ? ObjectId.zeroId()
                        : tree(commit.parent(), walk);
                Replay.Result result = replay.apply(commit, parentTree, tipTree, writers);
                if (result instanceof Replay.Result.Conflict conflict) {
                    dropped.add(new ReplayResult.Dropped(commit, Outcome.EVICTED, conflict.reason(), null));
                    continue;
                }
                if (result instanceof Replay.Result.Superseded superseded) {
                    dropped.add(new ReplayResult.Dropped(commit, Outcome.SUPERSEDED, superseded.reason(), superseded.by()));
                    continue;
                }
                var laid = (Replay.Result.Laid) result;
                if (laid.tree().equals(tipTree)) {
                    Optional<ObjectId> has = satisfier(replay, commit, parentTree, walk, main, kept);
                    if (has.isPresent()) {
                        dropped.add(new ReplayResult.Dropped(
                                commit,
                                Outcome.SATISFIED,
                                "main has its content already",
                                has.get().name()));
                        continue;
                    }
                }
                QueuedCommit moved = moved(commit, tip, laid, inserter, walk);
                kept.add(moved);
                writers.add(moved);
                tip = moved.sha();
                tipTree = moved.tree();
            }
            inserter.flush();
            return new ReplayResult(tip, kept, dropped);
        }
    }

    private QueuedCommit moved(
            QueuedCommit commit, ObjectId onto, Replay.Result.Laid laid, ObjectInserter inserter, RevWalk walk)
            throws IOException {
        boolean stays = commit.parent().equals(onto)
                && commit.tree().equals(laid.tree())
                && commit.trailers().equals(laid.trailers());
        if (stays) {
            return commit;
        }
        // The message is only written anew where its trailers changed, so that foreign trailers survive otherwise.
        String message = commit.trailers().equals(laid.trailers())
                ? commit.message()
                : laid.trailers().orElseThrow().message(commit.subject());
        return commit(laid.tree(), onto, message, commit.author(), inserter, walk);
    }

    private QueuedCommit commit(
            ObjectId tree, ObjectId parent, String message, PersonIdent author, ObjectInserter inserter, RevWalk walk)
            throws IOException {
        var builder = new CommitBuilder();
        builder.setTreeId(tree);
        builder.setParentId(parent);
        builder.setAuthor(author);
        builder.setCommitter(committer.get());
        builder.setMessage(message);
        byte[] bytes = builder.build();
        inserter.insert(Constants.OBJ_COMMIT, bytes);
        return note(QueuedCommit.of(RevCommit.parse(walk, bytes)));
    }

    /** Where objects are written to: the clone must not get a file for each of hundreds. */
    private ObjectInserter inserter(int commits) {
        return commits >= MANY && git.getObjectDatabase() instanceof ObjectDirectory files
                ? files.newPackInserter()
                : git.newObjectInserter();
    }

    private ObjectId tree(ObjectId commit, RevWalk walk) throws IOException {
        QueuedCommit known = recent.get(commit);
        return known != null ? known.tree() : walk.parseCommit(commit).getTree().copy();
    }

    /**
     * The commit on main that has all of a change, if main has it and no undecided commit below the change would take
     * it away again: any of those may yet land or be evicted.
     */
    private Optional<ObjectId> satisfier(
            Replay replay,
            QueuedCommit commit,
            ObjectId parentTree,
            RevWalk walk,
            ObjectId main,
            List<QueuedCommit> below)
            throws IOException {
        RevCommit mainTip = walk.parseCommit(main);
        if (!bringsNothing(replay, commit, parentTree, mainTip.getTree())) {
            return Optional.empty();
        }
        for (QueuedCommit undecided : below) {
            if (!bringsNothing(replay, commit, parentTree, undecided.tree())) {
                return Optional.empty();
            }
        }
        RevCommit has = mainTip;
        for (int i = 0; i < MAX_STEPS_BACK && has.getParentCount() > 0; i++) {
            RevCommit earlier = walk.parseCommit(has.getParent(0));
            if (!bringsNothing(replay, commit, parentTree, earlier.getTree())) {
                break;
            }
            has = earlier;
        }
        return Optional.of(has.copy());
    }

    private static boolean bringsNothing(Replay replay, QueuedCommit commit, ObjectId parentTree, ObjectId tree)
            throws IOException {
        return replay.apply(commit, parentTree, tree, new ServiceWriteLog()) instanceof Replay.Result.Laid laid
                && laid.tree().equals(tree);
    }

    /**
     * Decides what becomes of a new change on top of a line.
     *
     * @throws io.jenkins.plugins.gitops.images.InvalidImagesException if the image files of its wave, on main or on
     *     the auto branch, are not an image set
     */
    public AppendResult append(CommitQueue line, NewChange change) throws IOException {
        ServiceWriteLog writers = mainLog(line.main()).writers().overlay();
        line.commits().forEach(writers::add);
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader();
                RevWalk walk = new RevWalk(reader)) {
            BodyChanges body = change.body();
            if (body != null) {
                return appendMade(line, change, body, writers, inserter, reader, walk);
            }
            WavePath path = change.wavePath();
            ObjectId tipTree = tree(line.tip(), walk);
            ImageSet atTip = waves.read(reader, tipTree, path);
            var wanted = wanted(change);
            Replay.Executed executed = Replay.execute(wanted, change.images(), atTip, atTip, writers, change.started());
            if (executed.supersededBy().isPresent()) {
                return new AppendResult.Superseded(executed.supersededBy().get());
            }
            ChangeTrailers trailers = wanted.withServices(executed.services());
            if (same(executed.set(), atTip)) {
                Optional<AppendResult> there =
                        alreadyThere(line, trailers, change.images(), sets(line, reader, walk, path));
                if (there.isPresent()) {
                    return there.get();
                }
            }
            ObjectId tree = executed.set().equals(atTip)
                    ? tipTree
                    : waves.write(reader, inserter, tipTree, path, executed.set());
            QueuedCommit commit = commit(tree, line.tip(), message(change, trailers), committer.get(), inserter, walk);
            inserter.flush();
            return new AppendResult.Commit(commit);
        }
    }

    private static ChangeTrailers wanted(NewChange change) {
        return ChangeTrailers.of(change, new TreeSet<>(change.images().images().keySet()));
    }

    private String message(NewChange change, ChangeTrailers trailers) {
        String asked = change.subject();
        return trailers.message(asked != null ? asked : CommitSubject.of(messageTemplate, change));
    }

    /**
     * The tree of a line's tip with the images of a change written, for a body to work on.
     *
     * @throws RequestRefused if it has files that cannot be laid out
     */
    public ConfigTree prepare(CommitQueue line, NewChange change) throws IOException, RequestRefused {
        ServiceWriteLog writers = mainLog(line.main()).writers().overlay();
        line.commits().forEach(writers::add);
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader();
                RevWalk walk = new RevWalk(reader)) {
            ObjectId tipTree = tree(line.tip(), walk);
            ImageSet atTip = waves.read(reader, tipTree, change.wavePath());
            ImageSet set = Replay.execute(wanted(change), change.images(), atTip, atTip, writers, change.started())
                    .set();
            ObjectId tree = same(set, atTip) ? tipTree : waves.write(reader, inserter, tipTree, change.wavePath(), set);
            inserter.flush();
            return new ConfigTree(git, line.tip(), tree, waves.allFiles());
        }
    }

    /**
     * The tree of a commit that was prepared before, without the images that were written into it.
     *
     * @throws ConfigConflict if the commit is gone
     */
    public ConfigTree prepared(ObjectId base) throws IOException, GitOpsException {
        if (!has(base.name())) {
            throw baseIsGone(base);
        }
        try (var walk = new RevWalk(git)) {
            return new ConfigTree(git, base, tree(base, walk), waves.allFiles());
        }
    }

    private static ConfigConflict baseIsGone(ObjectId base) {
        return new ConfigConflict("The commit " + base.name() + " on which the body worked is on no branch any more: "
                + "run the body again.");
    }

    /** What differs between two commits, as {@code git diff} shows it, cut off where it is too long to be read. */
    public String diff(ObjectId from, ObjectId to) throws IOException {
        return TreeDiff.of(git, from, to);
    }

    /** Makes the change on the commit on which its body worked, and lays it on the line like any other. */
    private AppendResult appendMade(
            CommitQueue line,
            NewChange change,
            BodyChanges body,
            ServiceWriteLog writers,
            ObjectInserter inserter,
            ObjectReader reader,
            RevWalk walk)
            throws IOException {
        if (!has(body.base().name())) {
            return new AppendResult.Conflict(baseIsGone(body.base()).getMessage());
        }
        ObjectId baseTree = tree(body.base(), walk);
        ImageSet atBase = waves.read(reader, baseTree, change.wavePath());
        var wanted = wanted(change);
        Replay.Executed executed = Replay.execute(wanted, change.images(), atBase, atBase, writers, change.started());
        if (executed.supersededBy().isPresent()) {
            return new AppendResult.Superseded(executed.supersededBy().get());
        }
        ChangeTrailers trailers = wanted.withServices(executed.services());
        ObjectId withImages = same(executed.set(), atBase)
                ? baseTree
                : waves.write(reader, inserter, baseTree, change.wavePath(), executed.set());
        var files = new TreeMap<String, Optional<TreeEdit.Entry>>();
        for (Map.Entry<String, Optional<BodyChanges.File>> file : body.files().entrySet()) {
            TreeEdit.Entry entry = null;
            if (file.getValue().isPresent()) {
                BodyChanges.File made = file.getValue().get();
                entry = new TreeEdit.Entry(
                        ConfigTree.MODES.get(made.kind()), inserter.insert(Constants.OBJ_BLOB, made.content()));
            }
            files.put(file.getKey(), Optional.ofNullable(entry));
        }
        ObjectId tree = new TreeEdit(reader, inserter).applyEntries(withImages, files);
        QueuedCommit made = commit(tree, body.base(), message(change, trailers), committer.get(), inserter, walk);
        var replay = new Replay(reader, inserter, waves, generated);
        ObjectId tipTree = tree(line.tip(), walk);
        Replay.Result result = replay.apply(made, baseTree, tipTree, writers);
        if (result instanceof Replay.Result.Conflict conflict) {
            return new AppendResult.Conflict("The change does not fit on what the auto branch has become since its body "
                    + "began: " + conflict.reason() + ". Make it again.");
        }
        if (result instanceof Replay.Result.Superseded superseded) {
            return new AppendResult.Superseded(superseded.by());
        }
        var laid = (Replay.Result.Laid) result;
        if (laid.tree().equals(tipTree)) {
            Optional<AppendResult> there = alreadyThere(line, replay, made, baseTree, walk);
            if (there.isPresent()) {
                return there.get();
            }
        }
        QueuedCommit commit = moved(made, line.tip(), laid, inserter, walk);
        inserter.flush();
        return new AppendResult.Commit(commit);
    }

    /** As for images alone, with all else that a commit brings. */
    private Optional<AppendResult> alreadyThere(
            CommitQueue line, Replay replay, QueuedCommit made, ObjectId baseTree, RevWalk walk) throws IOException {
        if (satisfier(replay, made, baseTree, walk, line.main(), line.commits()).isPresent()) {
            return Optional.of(new AppendResult.Unchanged(line.main()));
        }
        ObjectId mainTree = tree(line.main(), walk);
        List<QueuedCommit> queued = line.commits();
        for (int i = queued.size() - 1;
                i >= 0 && bringsNothing(replay, made, baseTree, queued.get(i).tree());
                i--) {
            QueuedCommit candidate = queued.get(i);
            if (candidate.trailers().isPresent()
                    && replay.apply(candidate, tree(candidate.parent(), walk), mainTree, new ServiceWriteLog())
                            instanceof Replay.Result.Laid alone
                    && bringsNothing(replay, made, baseTree, alone.tree())) {
                return Optional.of(new AppendResult.Attached(candidate));
            }
        }
        return Optional.empty();
    }

    /** The sets of a wave on main and after each queued commit. */
    private List<ImageSet> sets(CommitQueue line, ObjectReader reader, RevWalk walk, WavePath path) throws IOException {
        var sets = new ArrayList<ImageSet>();
        sets.add(waves.read(reader, walk.parseCommit(line.main()).getTree(), path));
        for (QueuedCommit commit : line.commits()) {
            sets.add(waves.read(reader, commit.tree(), path));
        }
        return sets;
    }

    /** Main has it, or one queued change brings all that main lacks; whatever else of the queue lands or not. */
    private Optional<AppendResult> alreadyThere(CommitQueue line, ChangeTrailers change, ImageSet values, List<ImageSet> sets) {
        if (sets.stream().allMatch(set -> bringsNothing(change, values, set))) {
            return Optional.of(new AppendResult.Unchanged(line.main()));
        }
        ImageSet onMain = sets.get(0);
        for (int i = line.commits().size() - 1; i >= 0 && bringsNothing(change, values, sets.get(i + 1)); i--) {
            QueuedCommit queued = line.commits().get(i);
            Optional<ChangeTrailers> its =
                    queued.trailers().filter(trailers -> trailers.wavePath().equals(change.wavePath()));
            if (its.isEmpty()) {
                continue;
            }
            ImageSet alone = Replay.execute(its.get(), sets.get(i + 1), onMain, onMain, new ServiceWriteLog(), Instant.EPOCH)
                    .set();
            if (bringsNothing(change, values, alone)) {
                return Optional.of(new AppendResult.Attached(queued));
            }
        }
        return Optional.empty();
    }

    private boolean bringsNothing(ChangeTrailers change, ImageSet values, ImageSet set) {
        return same(
                Replay.execute(change, values, set, set, new ServiceWriteLog(), Instant.EPOCH)
                        .set(),
                set);
    }

    private boolean same(ImageSet a, ImageSet b) {
        return onlyWhenDigestsChange ? a.sameToDeploy(b) : a.equals(b);
    }
}
