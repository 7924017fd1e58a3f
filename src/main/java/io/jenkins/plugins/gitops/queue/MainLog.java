package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.git.CommitPeople;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * An index of the trailers of all commits of main: which commit is which change, and which build wrote what last. It is
 * read once, which takes a second for some 25,000 commits, and then only what is new on main.
 */
public final class MainLog {

    /**
     * The number of bytes of commits that are kept until all are found. The others are read twice, since one message may
     * have megabytes.
     */
    private static final int MAX_KEPT = 64 << 20;

    /** A way of promotions is not longer; trailers that somebody wrote by hand may go in a circle. */
    private static final int MAX_PROMOTIONS = 100;

    private static final int MAX_ORIGINS = 10_000;

    private final Repository git;
    private final Map<String, ObjectId> commits = new HashMap<>();

    /** The commits that are changes. */
    private final Set<ObjectId> changes = new HashSet<>();

    /** The tip and its first parents, oldest first. */
    private final List<ObjectId> firstParents = new ArrayList<>();

    /** What {@link #origin} returned, by its arguments: history does not change. */
    private final Map<List<Object>, ObjectId> origins = new HashMap<>();

    private ServiceWriteLog writers = new ServiceWriteLog();
    private ObjectId tip = ObjectId.zeroId();

    MainLog(Repository git) {
        this.git = git;
    }

    /** Reads on to a tip of main; returns this index. */
    public MainLog upTo(ObjectId main) throws IOException {
        if (main.equals(tip)) {
            return this;
        }
        try (var walk = new RevWalk(git)) {
            RevCommit newTip = walk.parseCommit(main);
            if (!tip.equals(ObjectId.zeroId())) {
                RevCommit oldTip = walk.parseCommit(tip);
                if (walk.isMergedInto(oldTip, newTip)) {
                    walk.reset();
                    walk.markUninteresting(oldTip);
                } else {
                    clear();
                    walk.reset();
                }
            }
            walk.markStart(newTip);
            // Children before their parents, whatever their times are.
            walk.sort(RevSort.TOPO);
            List<RevCommit> newestFirst = list(walk);
            addFirstParents(walk, newTip, newestFirst);
            add(walk, newestFirst);
        }
        tip = main.copy();
        return this;
    }

    private void clear() {
        commits.clear();
        changes.clear();
        firstParents.clear();
        writers = new ServiceWriteLog();
        tip = ObjectId.zeroId();
    }

    private static List<RevCommit> list(RevWalk walk) {
        var newestFirst = new ArrayList<RevCommit>();
        int kept = 0;
        for (RevCommit commit : walk) {
            newestFirst.add(commit);
            int length = commit.getRawBuffer().length;
            if (length <= MAX_KEPT - kept) {
                kept += length;
            } else {
                commit.disposeBody();
            }
        }
        return newestFirst;
    }

    private void addFirstParents(RevWalk walk, RevCommit newTip, List<RevCommit> read) throws IOException {
        var known = new HashMap<ObjectId, RevCommit>();
        read.forEach(commit -> known.put(commit, commit));
        var newestFirst = new ArrayList<ObjectId>();
        ObjectId before = newTip;
        for (RevCommit at = newTip; at != null; at = known.get(before)) {
            newestFirst.add(at.copy());
            before = at.getParentCount() == 0 ? ObjectId.zeroId() : at.getParent(0);
        }
        // A merge whose first parent is another than the tip so far leaves part of the old line; that parent may have
        // come
        // as the second one of an earlier merge, and then more commits from there are on the new line.
        int joint = firstParents.lastIndexOf(before);
        Set<ObjectId> line = joint < 0 ? new HashSet<>(firstParents) : Set.of();
        while (joint < 0 && !before.equals(ObjectId.zeroId())) {
            RevCommit at = walk.parseCommit(before);
            newestFirst.add(at.copy());
            before = at.getParentCount() == 0 ? ObjectId.zeroId() : at.getParent(0);
            joint = line.contains(before) ? firstParents.lastIndexOf(before) : -1;
        }
        firstParents.subList(joint + 1, firstParents.size()).clear();
        Collections.reverse(newestFirst);
        firstParents.addAll(newestFirst);
    }

    private void add(RevWalk walk, List<RevCommit> newestFirst) throws IOException {
        Collections.reverse(newestFirst);
        for (RevCommit commit : newestFirst) {
            walk.parseBody(commit);
            Optional<ChangeTrailers> change = ChangeTrailers.read(commit.getFullMessage());
            // Below a commit with a wrong time the walk comes to commits again that it was to leave out.
            if (change.isPresent() && changes.add(commit.copy())) {
                commits.put(change.get().id(), commit.copy());
                writers.add(change.get(), CommitPeople.author(commit).getWhenAsInstant());
            }
            commit.disposeBody();
        }
    }

    /** The tip and its first parents, newest first. A view of this index, for as long as it is not read on. */
    public List<ObjectId> firstParents() {
        return new AbstractList<>() {
            @Override
            public ObjectId get(int back) {
                return firstParents.get(firstParents.size() - 1 - back);
            }

            @Override
            public int size() {
                return firstParents.size();
            }
        };
    }

    /** The commit of a change, by its id. */
    public Optional<ObjectId> find(String change) {
        return Optional.ofNullable(commits.get(change));
    }

    /** The id of the change that a commit is. */
    public Optional<String> changeAt(ObjectId commit) {
        return commits.entrySet().stream()
                .filter(entry -> entry.getValue().equals(commit))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The newest change of an image set among a commit and its first parents. */
    public Optional<ChangeTrailers> newestChange(ObjectId commit, WavePath path) throws IOException {
        try (var walk = new RevWalk(git)) {
            RevCommit at = walk.parseCommit(commit);
            while (true) {
                Optional<ChangeTrailers> change = ChangeTrailers.read(at.getFullMessage())
                        .filter(known -> known.wavePath().equals(path));
                if (change.isPresent() || at.getParentCount() == 0) {
                    return change;
                }
                at.disposeBody();
                at = walk.parseCommit(at.getParent(0));
            }
        }
    }

    /**
     * The commit by which a set came into the first wave on its way of promotions: the change that an image set has in
     * a commit, or the one from which it was promoted. That is the commit itself where it has no such change.
     *
     * <p>Which of two sets of one wave is newer depends on that: they may have come by several ways, some of which are
     * slow, and then their own commits say nothing.
     */
    public ObjectId origin(ObjectId commit, WavePath path) throws IOException {
        ObjectId known = origins.get(List.of(commit, path));
        if (known != null) {
            return known;
        }
        ObjectId at = commit;
        WavePath in = path;
        ObjectId origin = commit;
        for (int promotions = 0; promotions < MAX_PROMOTIONS; promotions++) {
            Optional<ChangeTrailers> change = newestChange(at, in);
            origin = change.flatMap(its -> find(its.id())).orElse(at);
            Optional<String> sha = change.flatMap(ChangeTrailers::sourceSha).filter(ObjectId::isId);
            if (sha.isEmpty() || !has(sha.get())) {
                break;
            }
            at = ObjectId.fromString(sha.get());
            in = change.flatMap(ChangeTrailers::sourceWave).map(in::in).orElse(in);
        }
        if (origins.size() >= MAX_ORIGINS) {
            origins.clear();
        }
        origins.put(List.of(commit.copy(), path), origin.copy());
        return origin;
    }

    /**
     * The newest changes that brought images of services, at a commit of main and before it, however far back they are.
     *
     * @param services whose images are asked for
     */
    public List<ChangeTrailers> deliveries(ObjectId commit, Set<String> services) throws IOException {
        var left = new HashSet<>(services);
        var found = new ArrayList<ChangeTrailers>();
        Optional<WavePath> path = Optional.empty();
        try (var walk = new RevWalk(git)) {
            RevCommit at = walk.parseCommit(commit);
            while (!left.isEmpty()) {
                Optional<ChangeTrailers> change = ChangeTrailers.read(at.getFullMessage());
                if (path.isEmpty() && change.isPresent()) {
                    path = change.map(ChangeTrailers::wavePath);
                    left.retainAll(writers.deliveries().delivered(path.get(), left));
                }
                WavePath own = path.orElse(null);
                if (change.isPresent()
                        && change.get().wavePath().equals(own)
                        && left.removeAll(change.get().services())) {
                    found.add(change.get());
                }
                if (at.getParentCount() == 0) {
                    break;
                }
                at.disposeBody();
                at = walk.parseCommit(at.getParent(0));
            }
        }
        return found;
    }

    private boolean has(String sha) throws IOException {
        try (var walk = new RevWalk(git)) {
            walk.parseCommit(ObjectId.fromString(sha));
            return true;
        } catch (MissingObjectException | IncorrectObjectTypeException e) {
            return false;
        }
    }

    /**
     * The commit by which the set came into its first wave that was promoted last into a wave, on main or by the
     * commits above it.
     */
    public Optional<ObjectId> lastPromotedOrigin(WavePath path, List<QueuedCommit> above) throws IOException {
        Optional<ServiceWriteLog.Promotion> last = writersWith(above).lastPromotion(path);
        return last.isEmpty()
                        || !ObjectId.isId(last.get().sourceSha())
                        || !has(last.get().sourceSha())
                ? Optional.empty()
                : Optional.of(origin(
                        ObjectId.fromString(last.get().sourceSha()),
                        path.in(last.get().sourceWave())));
    }

    /** The time of the last promotion into a wave. */
    public Optional<Instant> lastPromotionAt(WavePath path) {
        return writers.lastPromotion(path).map(ServiceWriteLog.Promotion::when);
    }

    /** The config commit whose set was promoted last into a wave, on main or by the commits above it. */
    public Optional<String> lastPromoted(WavePath path, List<QueuedCommit> above) {
        return writersWith(above).lastPromotion(path).map(ServiceWriteLog.Promotion::sourceSha);
    }

    /**
     * Why a commit of an application comes again to a wave that had something newer since; empty if it does not.
     *
     * @param above the commits above main
     */
    public Optional<AppCommitLog.Repetition> repetition(
            WavePath path, String appSha, Set<String> services, List<QueuedCommit> above) {
        return writersWith(above).deliveries().repetition(path, appSha, services);
    }

    /** The services of a wave that none of so many last changes of builds or announcers on main has set. */
    public SortedSet<String> unmentioned(WavePath path, Set<String> services, int last) {
        return writers.deliveries().unmentioned(path, services, last);
    }

    /** The writers on main and those of the commits above it. */
    ServiceWriteLog writersWith(List<QueuedCommit> above) {
        ServiceWriteLog all = writers.overlay();
        above.forEach(all::add);
        return all;
    }
}
