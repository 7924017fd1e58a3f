package io.jenkins.plugins.gitops.explain;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.ci.RequiredCheckPolicy;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.promotion.WaveAdmission;
import io.jenkins.plugins.gitops.promotion.WaveStateReader;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.queue.MainCommit;
import io.jenkins.plugins.gitops.queue.MergePolicy;
import io.jenkins.plugins.gitops.queue.QueueVerdicts;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;

/**
 * Reports where changes and waves are and why, from one snapshot of a repository, without Argo CD.
 *
 * <p>Used by the thread that took the snapshot, until it takes the next one.
 */
public final class WhyReport {

    /** The number of entries of the history that are shown. */
    private static final int NEWEST = 5000;

    /** The number of rejected images that are shown. */
    private static final int SHOWN_REJECTIONS = 1000;

    /** After how many deliveries a service that none of them has may be retired, at least and for each service. */
    private static final int FEWEST_UNMENTIONED = 20;

    private static final int UNMENTIONED_PER_SERVICE = 4;

    /** Shorter beginnings of an id or a SHA are not looked for. */
    private static final int SHORTEST_PREFIX = 4;

    private final RepositorySettings settings;
    private final CloneServices clone;
    private final RewriteTracker rewrites;
    private final JudgedQueue judged;
    private final boolean whole;
    private final Map<String, Integer> places = new HashMap<>();

    /** By the places of the queue; empty until it is asked for. */
    private final List<Optional<String>> obstacles = new ArrayList<>();

    @CheckForNull
    private RepositoryState state;

    /** What was asked for. */
    public sealed interface Answer permits ChangeAnswer, WaveAnswer, SetsAnswer {}

    /**
     * Where a change is.
     *
     * @param place its place in the queue, from 1; 0 when it has ended
     * @param trailers what it does; nothing for a commit that is no change
     * @param by who decided; empty if it has not ended, or main has it without a record
     */
    public record ChangeAnswer(ChangeStatus status, int place, Optional<ChangeTrailers> trailers, Optional<String> by)
            implements Answer {}

    /**
     * What is in a wave.
     *
     * @param lastWrite the commit that brought it, if main has any
     * @param queued the changes that are queued for the wave, oldest first
     */
    public record WaveAnswer(
            RepositoryState.WaveSnapshot wave,
            Optional<MainCommit> lastWrite,
            List<RepositoryState.QueuedChange> queued)
            implements Answer {}

    /** What is in a wave whose sets have names, for each of them. */
    public record SetsAnswer(List<WaveAnswer> sets) implements Answer {}

    /**
     * Creates a report.
     *
     * @param whole whether it has what all ended changes brought, which takes seconds if nobody has asked before;
     *     otherwise as much as was read so far
     */
    public WhyReport(
            RepositorySettings settings,
            CloneServices clone,
            RewriteTracker rewrites,
            JudgedQueue judged,
            boolean whole) {
        this.whole = whole;
        this.settings = settings;
        this.clone = clone;
        this.rewrites = rewrites;
        this.judged = judged;
        for (QueuedCommit commit : judged.queue().commits()) {
            places.putIfAbsent(commit.id(), places.size());
        }
    }

    /**
     * Reads a repository once, without a driver and without a push.
     *
     * @param repo a clone that no driver uses
     * @throws RepoUnavailable if it cannot be read
     */
    public static WhyReport read(RepositorySettings settings, ConfigRepoClone repo, Clock clock)
            throws RepoUnavailable {
        CloneServices clone = CloneServices.of(
                repo.git(),
                settings,
                () -> {
                    throw new IllegalStateException("A report commits nothing.");
                },
                repo.signer());
        try {
            RefSnapshot refs = repo.look(settings.refNames());
            ObjectId main = refs.main().orElseThrow(() -> settings.mainMissing(repo.url()));
            repo.remember(refs);
            CommitQueue queue =
                    clone.autoBranch().queue().read(main, refs.auto().orElse(main));
            var required = new RequiredCheckPolicy(settings.requiredChecks(), settings.brokenCheckGrace(), clock);
            QueueVerdicts verdicts = QueueVerdicts.of(refs, queue, required, clone.checkRefs(), Map.of());
            // Only a driver knows since when main is without reports.
            Verdict.Color mainColor = verdicts.mainColor(clone.mergeNotes().has(refs.notes(), main), false);
            MergePolicy.Decision decision = MergePolicy.decide(true, mainColor, verdicts.colors());
            var judged = new JudgedQueue(refs, queue, verdicts, decision, mainColor, Optional.empty(), clock.instant());
            return new WhyReport(settings, clone, new RewriteTracker(), judged, true);
        } catch (LargeObjectException e) {
            throw repo.tooLarge(e);
        } catch (IOException e) {
            throw new RepoUnavailable(
                    "The clone " + repo.git().getDirectory() + " cannot be read (" + e + "); delete it.", e);
        }
    }

    public RefSnapshot refs() {
        return judged.refs();
    }

    /** The whole repository, without what Argo CD says. */
    public RepositoryState state() throws IOException {
        if (state == null) {
            state = wholeState();
        }
        return state;
    }

    private RepositoryState wholeState() throws IOException {
        var waves = new ArrayList<RepositoryState.WaveSnapshot>();
        for (WavePath path : settings.wavePaths()) {
            waves.add(imagesOf(path));
        }
        List<DecidedChange> history = clone.history().newest(refs().state(), NEWEST);
        return new RepositoryState(
                new RepositoryState.Head(
                        settings.name(),
                        settings.mainBranch(),
                        judged.queue().main().name(),
                        judged.at()),
                queue(),
                waves,
                clone.stateRef().rejections().newest(refs().state(), SHOWN_REJECTIONS),
                new RepositoryState.Past(
                        history,
                        clone.brought().of(history, whole),
                        clone.stateLog().upTo(refs().state())),
                problems());
    }

    private List<String> problems() throws IOException {
        var problems = new ArrayList<String>();
        clone.stateRepair().problems(refs().state(), NEWEST).forEach(problem -> problems.add(problem.sentence()));
        for (Map.Entry<String, ObjectId> checks : refs().checks().entrySet()) {
            clone.checkRefs()
                    .problem(checks.getValue())
                    .ifPresent(
                            problem -> problems.add("The ref " + refs().names().checks(checks.getKey())
                                    + " cannot be used: it " + problem + ". What was reported about the commit "
                                    + CommitSha.abbreviate(checks.getKey())
                                    + " is not known; a check that is reported again replaces it."));
        }
        problems.addAll(judged.generatorProblems());
        return problems;
    }

    /** The changes in the queue, oldest first. */
    public List<RepositoryState.QueuedChange> queue() throws IOException {
        var queue = new ArrayList<RepositoryState.QueuedChange>();
        List<QueuedCommit> commits = judged.queue().commits();
        for (int place = 0; place < commits.size(); place++) {
            queue.add(new RepositoryState.QueuedChange(
                    queued(place),
                    commits.get(place).trailers(),
                    judged.verdicts().commits().get(place).color()));
        }
        return queue;
    }

    private ChangeStatus queued(int place) throws IOException {
        String id = judged.queue().commits().get(place).id();
        return new ChangeExplainer(settings, judged).queued(place, rewrites.rewrites(id), obstacle(place));
    }

    /** Why it is not known whether a change, or one below it, may be merged. */
    private Optional<String> obstacle(int place) throws IOException {
        if (obstacles.isEmpty()) {
            var admission =
                    new WaveAdmission(settings, new WaveStateReader(clone.stateRef(), refs().state()), judged.at());
            Optional<String> first = Optional.empty();
            for (QueuedCommit commit : judged.queue().commits()) {
                first = first.isPresent() ? first : admission.obstacle(settings, commit);
                obstacles.add(first);
            }
        }
        return obstacles.get(place);
    }

    private RepositoryState.WaveSnapshot imagesOf(WavePath path) throws IOException {
        List<String> from = settings.wave(path).promotesFrom();
        try {
            ImageSet images = clone.autoBranch().images().read(judged.queue().main(), path);
            return new RepositoryState.WaveSnapshot(
                    path,
                    from,
                    images,
                    state(path),
                    new RepositoryState.WaveWarnings(
                            Optional.empty(), starved(path, images), unmentioned(path, images)),
                    Optional.empty());
        } catch (InvalidImagesException e) {
            return new RepositoryState.WaveSnapshot(
                    path,
                    from,
                    ImageSet.EMPTY,
                    state(path),
                    new RepositoryState.WaveWarnings(Optional.of(e.getMessage()), Optional.empty(), Optional.empty()),
                    Optional.empty());
        }
    }

    /** That nothing was promoted to a wave for longer than is configured, although there was something. */
    private Optional<String> starved(WavePath path, ImageSet images) throws IOException {
        Wave wave = settings.wave(path);
        Optional<Duration> limit = wave.gates().starvedAfter();
        if (wave.promotesFrom().isEmpty() || limit.isEmpty()) {
            return Optional.empty();
        }
        ObjectId main = judged.queue().main();
        var running = new TreeSet<Instant>();
        var others = new ArrayList<String>();
        for (String source : wave.promotesFrom()) {
            WavePath from = path.in(source);
            state(from).deployed().map(DeployedSet::since).ifPresent(running::add);
            if (!clone.autoBranch().images().read(main, from).equals(images)) {
                others.add(from.toString());
            }
        }
        Instant since = clone.autoBranch()
                .mainLog()
                .upTo(main)
                .lastPromotionAt(path)
                .orElseGet(() -> running.isEmpty() ? judged.at() : running.first());
        return since.plus(limit.get()).isAfter(judged.at()) || others.isEmpty()
                ? Optional.empty()
                : Optional.of("Nothing was promoted to " + path + " since " + since + ", and "
                        + String.join(" and ", others) + (others.size() == 1 ? " has another set." : " have others."));
    }

    /**
     * That some services were not delivered for long. Where each delivery has one service of many, it takes more of them
     * until that means something.
     */
    private Optional<String> unmentioned(WavePath path, ImageSet images) throws IOException {
        if (!settings.wave(path).takesCommits()) {
            return Optional.empty();
        }
        Set<String> services = images.images().keySet();
        int last = Math.max(FEWEST_UNMENTIONED, UNMENTIONED_PER_SERVICE * services.size());
        SortedSet<String> left =
                clone.autoBranch().mainLog().upTo(judged.queue().main()).unmentioned(path, services, last);
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of("The last " + last + " deliveries to " + path + " did not mention "
                        + SingleLine.excerpt(String.join(", ", left))
                        + ". What is retired leaves the set with one delivery of all others that says replace: true.");
    }

    private WaveState state(WavePath path) throws IOException {
        return new WaveStateReader(clone.stateRef(), refs().state()).of(path);
    }

    /**
     * The status of a change, by its id or a SHA that it has or had; empty if the repository does not know it. A commit
     * of main that was no change is merged.
     */
    public Optional<ChangeStatus> status(String idOrSha) throws IOException {
        String id = rewrites.idOf(idOrSha).orElse(idOrSha);
        Integer place = places.get(id);
        if (place != null) {
            return Optional.of(queued(place));
        }
        Optional<DecidedChange> decided = clone.stateRef().find(refs().state(), id);
        boolean readable = decided.isPresent()
                && decided.get()
                        .cause()
                        .filter(DecidedChange.UNREADABLE::equals)
                        .isEmpty();
        Optional<MainCommit> commit = readable ? Optional.empty() : onMain(id);
        return commit.map(its -> ChangeExplainer.onMain(id, its, rewrites.rewrites(id)))
                .or(() -> decided.map(change -> ChangeExplainer.ended(change, rewrites.rewrites(id))));
    }

    /** The commit on main that is a change, or has a SHA. */
    private Optional<MainCommit> onMain(String idOrSha) throws IOException {
        ObjectId main = judged.queue().main();
        ObjectId found = clone.autoBranch().mainLog().upTo(main).find(idOrSha).orElse(null);
        if (found == null && ObjectId.isId(idOrSha)) {
            ObjectId commit = ObjectId.fromString(idOrSha);
            found = isOnMain(commit) ? commit : null;
        }
        return found == null ? Optional.empty() : Optional.of(MainCommit.read(clone.git(), found));
    }

    private boolean isOnMain(ObjectId commit) throws IOException {
        try (ObjectReader reader = clone.git().newObjectReader()) {
            return reader.has(commit)
                    && reader.open(commit).getType() == Constants.OBJ_COMMIT
                    && clone.autoBranch().graph().contains(judged.queue().main(), commit);
        }
    }

    /**
     * Answers for a wave, for one of its image sets ({@code <wave>/<set>}), or for a change by its id, its SHA, or the
     * beginning of either; nothing if the repository knows none.
     *
     * @throws IllegalArgumentException with a sentence if several begin so
     */
    public Optional<Answer> ask(String asked) throws IOException {
        WavePath path = WavePath.parse(asked);
        if (settings.wavePaths().contains(path)) {
            return Optional.of(wave(path));
        }
        for (Wave wave : settings.waves()) {
            if (wave.name().equals(asked)) {
                return Optional.of(sets(wave));
            }
        }
        List<DecidedChange> decided = clone.history().newest(refs().state(), Integer.MAX_VALUE);
        Set<String> found = matching(asked, decided);
        if (found.contains(asked)) {
            return Optional.of(change(asked, decided));
        }
        if (found.size() > 1) {
            throw new IllegalArgumentException("Several changes begin with " + asked + ": "
                    + String.join(", ", found.stream().sorted().toList()) + "; give more of it.");
        }
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(change(found.iterator().next(), decided));
    }

    private SetsAnswer sets(Wave wave) throws IOException {
        var sets = new ArrayList<WaveAnswer>();
        for (WavePath path : settings.wavePaths(wave)) {
            sets.add(wave(path));
        }
        return new SetsAnswer(sets);
    }

    private WaveAnswer wave(WavePath path) throws IOException {
        List<RepositoryState.QueuedChange> queued = queue().stream()
                .filter(change -> change.trailers()
                        .filter(its -> its.wavePath().equals(path))
                        .isPresent())
                .toList();
        Optional<MainCommit> last = MainCommit.lastWriteOf(
                clone.git(), judged.queue().main(), clone.autoBranch().images().files(path));
        return new WaveAnswer(imagesOf(path), last, queued);
    }

    private ChangeAnswer change(String id, List<DecidedChange> decided) throws IOException {
        ChangeStatus status = status(id).orElseThrow();
        Integer place = places.get(id);
        if (place != null) {
            return new ChangeAnswer(
                    status, place + 1, judged.queue().commits().get(place).trailers(), Optional.empty());
        }
        for (DecidedChange change : decided) {
            if (change.id().equals(id)) {
                return new ChangeAnswer(status, 0, change.trailers(), Optional.of(change.by()));
            }
        }
        return new ChangeAnswer(status, 0, onMain(id).flatMap(MainCommit::trailers), Optional.empty());
    }

    /** The ids of the changes, and the SHAs of other commits on main, that are meant. */
    private Set<String> matching(String asked, List<DecidedChange> decided) throws IOException {
        var found = new HashSet<String>();
        if (asked.length() < SHORTEST_PREFIX) {
            return found;
        }
        for (QueuedCommit commit : judged.queue().commits()) {
            if (commit.id().startsWith(asked) || commit.sha().name().startsWith(asked)) {
                found.add(commit.id());
            }
        }
        for (DecidedChange change : decided) {
            if (change.id().startsWith(asked) || change.sha().startsWith(asked)) {
                found.add(change.id());
            }
        }
        if (AbbreviatedObjectId.isId(asked)) {
            found.addAll(onMainBeginningWith(AbbreviatedObjectId.fromString(asked)));
        }
        return found;
    }

    private Set<String> onMainBeginningWith(AbbreviatedObjectId sha) throws IOException {
        var found = new HashSet<String>();
        var mainLog = clone.autoBranch().mainLog().upTo(judged.queue().main());
        try (ObjectReader reader = clone.git().newObjectReader()) {
            for (ObjectId candidate : reader.resolve(sha)) {
                if (isOnMain(candidate)) {
                    found.add(mainLog.changeAt(candidate).orElse(candidate.name()));
                }
            }
        }
        return found;
    }
}
