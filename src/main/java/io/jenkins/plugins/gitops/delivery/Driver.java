package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.Applications;
import io.jenkins.plugins.gitops.argocd.Requirement;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckWatch;
import io.jenkins.plugins.gitops.ci.ReportedChecks;
import io.jenkins.plugins.gitops.ci.RequiredChecks;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.errors.ConfigConflict;
import io.jenkins.plugins.gitops.errors.GitOpsException;
import io.jenkins.plugins.gitops.errors.Refused;
import io.jenkins.plugins.gitops.errors.RepoUnavailable;
import io.jenkins.plugins.gitops.errors.WaveFrozen;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.repo.Appending;
import io.jenkins.plugins.gitops.repo.ChangeTrailers;
import io.jenkins.plugins.gitops.repo.ConfigRepo;
import io.jenkins.plugins.gitops.repo.DecidedChange;
import io.jenkins.plugins.gitops.repo.Line;
import io.jenkins.plugins.gitops.repo.NewChange;
import io.jenkins.plugins.gitops.repo.Outcome;
import io.jenkins.plugins.gitops.repo.QueuedCommit;
import io.jenkins.plugins.gitops.repo.Rebuilt;
import io.jenkins.plugins.gitops.repo.RefChange;
import io.jenkins.plugins.gitops.repo.RefNames;
import io.jenkins.plugins.gitops.repo.SetPlace;
import io.jenkins.plugins.gitops.repo.View;
import io.jenkins.plugins.gitops.waves.Condition;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.QualifiedSet;
import io.jenkins.plugins.gitops.waves.Wave;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;

/**
 * Moves the auto branch and main of one config repository; nothing else pushes. A round looks at the repository, does
 * what is to be done next, pushes it, and looks again, until nothing is left to do. What happened is always read back:
 * a push whose answer was lost, a lease that was lost and a controller that died need no other treatment.
 *
 * <p>Any number of drivers, on any number of controllers, may drive one repository. Whatever answers with a future may
 * be called by any thread, the rest by one thread at a time.
 */
public final class Driver implements AutoCloseable {

    /** How many pushes in a row may fail before a round gives up and reports the first failure. */
    private static final int MAX_FAILURES = 20;

    /** A round ends after this many pushes even if more is to be done, so that its answers get out. */
    private static final int MAX_PUSHES = 200;

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(10);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(10);
    private static final int IDLE_FACTOR = 10;

    /** A look may have been torn: what it found is done when another look finds the same. */
    private static final Push LOOK_AGAIN = new Push("", List.of(), false);

    private final RepositorySettings settings;
    private final ConfigRepo repo;
    private final Applications applications;
    private final CheckWatch checks;
    private final Clock clock;
    private final String identity;
    private final RefNames names;
    private final RequiredChecks required;
    private final EvictedRefs evictedRefs;
    private final Requests requests = new Requests();
    private final Studies studies;
    private final RewrittenMain rewrittenMain = new RewrittenMain();
    private final Whereabouts whereabouts = new Whereabouts();
    private final Outside outside = new Outside();

    /** Verdicts that are kept; they are answered when what follows from them has been done. */
    private final Set<Requests.Report> counted = new HashSet<>();

    /** Verdicts that go out in the push that is made ready. */
    private final Set<Requests.Report> sending = new HashSet<>();

    /** Verdicts that went out, as far as is known: when their commits are gone from the line, they had their effect. */
    private final Set<Requests.Report> sent = new HashSet<>();

    private Clone clone;

    /** What the last round that went well saw. */
    @CheckForNull
    private Why why;

    @CheckForNull
    private View suspectView;

    private Line line = new Line(ObjectId.zeroId(), ObjectId.zeroId(), List.of(), true);
    private Verdicts verdicts;
    private ObjectId mainTip = ObjectId.zeroId();
    private Instant mainTipSince = Instant.EPOCH;
    private boolean mainTrusted;
    private String whyMoved = "";

    /** What held when a promotion was laid on the branch, until its push is answered. */
    private final Map<String, List<Condition>> promotedUnder = new HashMap<>();

    /** Commits that Argo CD named and that a look at the repository did not find. */
    private Set<String> lookedFor = Set.of();

    @CheckForNull
    private MainRefused mainRefused;

    /** The server would not let main be moved. */
    private record MainRefused(String words, Duration backoff, Instant again) {}

    /** Makes the driver of a repository all of whose verdicts are reported. */
    public Driver(
            RepositorySettings settings, ConfigRepo repo, Applications applications, Clock clock, String identity) {
        this(settings, repo, applications, CheckWatch.ofNothing(), clock, identity);
    }

    /**
     * Makes the driver of a repository.
     *
     * @param applications what Argo CD says of the waves' targets
     * @param checks what forges say of commits; the driver closes it
     * @param identity who decides, for the audit: the URL of the controller
     */
    public Driver(
            RepositorySettings settings,
            ConfigRepo repo,
            Applications applications,
            CheckWatch checks,
            Clock clock,
            String identity) {
        this.settings = settings;
        this.repo = repo;
        this.applications = applications;
        this.checks = checks;
        this.clock = clock;
        this.identity = identity;
        this.names = settings.refNames();
        this.required = new RequiredChecks(settings.requiredChecks());
        this.verdicts = new Verdicts(required.judge(Map.of()), List.of());
        this.clone = Clone.of(repo.git(), settings, this::committer);
        this.evictedRefs = new EvictedRefs(repo, names, clock);
        this.studies = new Studies(
                settings,
                requests,
                () -> clone.autoBranch(),
                (view, line) -> promotions(states(view), rollouts(), line));
    }

    private PersonIdent committer() {
        return new PersonIdent(settings.committerName(), settings.committerEmail(), now(), ZoneOffset.UTC);
    }

    /** Now, as precisely as anybody wants to read it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** What forges say of the commits that it waits for. */
    CheckWatch checks() {
        return checks;
    }

    /** How far the clone is that is being made or brought up to date, in words; else nothing. From any thread. */
    public String progress() {
        return repo.progress();
    }

    /** What it drives. */
    public RepositorySettings settings() {
        return settings;
    }

    /**
     * Asks for a change to be appended to the auto branch. Asked again with the same id, after a restart say, it is
     * found and never committed twice.
     */
    public CompletableFuture<Appended> append(NewChange change) {
        return requests.append(change);
    }

    /** Hands over a verdict; the answer is whether its commit is waited for. */
    public CompletableFuture<Boolean> report(CheckReport report) {
        return requests.report(report);
    }

    /** Asks for a change to be taken off the auto branch; the answer is whether it was there. */
    public CompletableFuture<Boolean> evict(String id, String reason) {
        return requests.evict(id, reason);
    }

    /**
     * Asks for what one wave runs to be appended for another. Asked again with the same id it is found and never
     * committed twice.
     */
    public CompletableFuture<Promoted> promote(Promotion wish) {
        return requests.promote(wish);
    }

    /** What can be asked about changes without making them. */
    public Studies studies() {
        return studies;
    }

    /** Asks for something to be written into the state. */
    public CompletableFuture<Void> mark(Marking marking) {
        return requests.mark(marking);
    }

    /** Asks whether main has a commit. */
    public CompletableFuture<Boolean> isOnMain(String sha) {
        return requests.isOnMain(sha);
    }

    /**
     * Accepts main as it is, also if somebody has rewritten it (spec section 3.3); the answer is whether somebody has.
     */
    public CompletableFuture<Boolean> acceptMain() {
        return rewrittenMain.accept();
    }

    /** Fails everything that waits for an answer. */
    void failRequests(Throwable failure) {
        rewrittenMain.fail(failure);
        counted.clear();
        sent.clear();
        requests.failAll(failure);
    }

    /**
     * Does everything that can be done now.
     *
     * @return when to look again if nothing happens before
     * @throws RepoUnavailable if the repository cannot be read or written
     */
    public Instant round() throws RepoUnavailable {
        rewrittenMain.beginRound();
        Map<String, ObjectId> evicted = evictedRefs.due();
        try {
            Instant next = drive();
            if (!evicted.isEmpty() && why != null) {
                evictedRefs.expire(evicted, clone.stateRef(), why.view().state());
            }
            return next;
        } catch (IOException e) {
            return driveOnFreshClone(e);
        }
    }

    /** A clone that cannot be read is damaged: everything in it is also on the server. */
    private Instant driveOnFreshClone(IOException damage) throws RepoUnavailable {
        try {
            repo.beginAnew();
            clone = Clone.of(repo.git(), settings, this::committer);
            why = null;
            return drive();
        } catch (IOException e) {
            e.addSuppressed(damage);
            throw new RepoUnavailable("The clone of the config repository " + repo.url() + " cannot be used: " + e, e);
        }
    }

    private Instant drive() throws IOException, RepoUnavailable {
        RepoUnavailable firstFailure = null;
        boolean refusedBefore = false;
        int failures = 0;
        var batch = Requests.Batch.NONE;
        Optional<View> known = Optional.empty();
        for (int pushes = 0; pushes < MAX_PUSHES; pushes++) {
            if (known.isEmpty()) {
                batch = requests.waiting();
                known = Optional.of(repo.look(names));
            }
            View view = known.get();
            known = Optional.empty();
            Optional<Push> next = next(view, batch);
            if (next.isEmpty()) {
                repo.remember(view);
                rewrittenMain.answer(false);
                checks.want(verdicts.wanted(view, line));
                why = new Why(settings, clone, whereabouts, look(view));
                if (checks.tells()) {
                    checks.tellQueued(Shown.queued(why.queue()));
                }
                counted.forEach(request -> request.answer().complete(true));
                counted.clear();
                sent.clear();
                return nextLook();
            }
            Push push = next.get();
            if (push == LOOK_AGAIN) {
                continue;
            }
            ConfigRepo.Pushed pushed = repo.push(push.changes());
            if (pushed.accepted() || pushed.lost() != null) {
                sent.addAll(sending);
            }
            if (pushed.accepted()) {
                refusedBefore = false;
                whyMoved = push.what();
                known = view.after(pushed, push.changes());
                if (checks.tells()) {
                    checks.tellDecided(Shown.decided(push.decided(), settings.mainBranch()));
                }
                continue;
            }
            if (pushed.lost() == null && !pushed.overtaken() && leasesHeld(push)) {
                // A ref that others moved may be back where it was: a server that means it refuses again.
                refused(push, pushed.refusals(), refusedBefore);
                refusedBefore = true;
                continue;
            }
            refusedBefore = false;
            if (firstFailure == null) {
                firstFailure = pushed.lost() != null ? pushed.lost() : overtaken();
            }
            if (++failures == MAX_FAILURES) {
                throw firstFailure;
            }
        }
        return clock.instant();
    }

    private RepoUnavailable overtaken() {
        return new RepoUnavailable("Others pushed to the config repository " + repo.url()
                + " each time before this could: is another program writing to " + settings.autoBranch() + "?");
    }

    /** Whether the server still has what the push expected, so that it was not a lease that made the push fail. */
    private boolean leasesHeld(Push push) throws IOException, RepoUnavailable {
        View now = repo.look(names);
        return push.changes().stream().allMatch(change -> now.get(change.ref()).equals(change.from()));
    }

    private void refused(Push push, Map<String, String> refusals, boolean again) throws RepoUnavailable {
        // A server that refuses one ref of an atomic push answers for the others that the transaction failed.
        String culprit = refusals.entrySet().stream()
                .filter(refusal -> !refusal.getValue().matches("(?i).*(atomic|transaction).*"))
                .map(Map.Entry::getKey)
                .min((a, b) -> Boolean.compare(b.equals(names.main()), a.equals(names.main())))
                .orElse(refusals.keySet().iterator().next());
        String words = refusals.get(culprit);
        if (!push.movesMain() || !culprit.equals(names.main())) {
            if (!again) {
                return;
            }
            throw new RepoUnavailable(
                    "The server of the config repository " + repo.url() + " refused to move " + culprit
                            + " (" + words
                            + "): allow the credentials of this repository to push it, together with refs/gitops-waves/* and "
                            + RefNames.NOTES + ".");
        }
        Duration backoff =
                mainRefused == null ? FIRST_BACKOFF : mainRefused.backoff().multipliedBy(2);
        if (backoff.compareTo(LONGEST_BACKOFF) > 0) {
            backoff = LONGEST_BACKOFF;
        }
        mainRefused = new MainRefused(words, backoff, clock.instant().plus(backoff));
    }

    // ---- what is to be done next ------------------------------------------------------------------------------

    private Optional<Push> next(View view, Requests.Batch batch) throws IOException, RepoUnavailable {
        sending.clear();
        ObjectId main = view.main().orElseThrow(() -> noMain(settings, repo));
        for (String ref : List.of(names.state(), RefNames.NOTES)) {
            checkOurs(ref, view.get(ref));
        }
        View remembered = repo.remembered(names);
        if (remembered.main().isPresent()
                && !clone.autoBranch().contains(main, remembered.main().get())) {
            if (view.equals(suspectView)) {
                return acceptRewritten(view, main, remembered, batch);
            }
            suspectView = view;
            return Optional.of(LOOK_AGAIN);
        }
        noteMain(view, main);
        line = clone.autoBranch().line(main, view.auto().orElse(lastKnownAuto(main, remembered)));
        whereabouts.see(line, whyMoved.isEmpty() ? "another controller, or somebody, rewrote the branch" : whyMoved);
        whyMoved = "";
        verdicts = Verdicts.of(view, line, required, clone.checkRefs(), checks.known());
        Optional<Push> push = align(view);
        if (push.isEmpty()) {
            push = settleVanished(view, remembered);
        }
        if (push.isEmpty()) {
            push = reportAndDecide(view, batch.reports());
        }
        if (push.isEmpty()) {
            push = evictRequested(view, batch.evictions());
        }
        if (push.isEmpty()) {
            push = mark(view, batch.markings());
        }
        if (push.isEmpty()) {
            push = append(view, batch);
        }
        if (push.isEmpty()) {
            push = probe(view);
        }
        if (push.isEmpty()) {
            push = recordWaves(view);
        }
        if (push.isEmpty()) {
            for (Requests.OnMain question : batch.questions()) {
                question.answer().complete(rollouts().isOnMain(question.sha()));
            }
            for (Requests.Study<?> study : batch.studies()) {
                study.carryOut(view, line);
            }
        }
        return push;
    }

    /** Main is not what it was: nothing is done until an administrator accepts it, then the queue is laid on it. */
    private Optional<Push> acceptRewritten(View view, ObjectId main, View remembered, Requests.Batch batch)
            throws IOException, RepoUnavailable {
        ObjectId oldMain = remembered.main().get();
        if (!rewrittenMain.isAccepted()) {
            throw new RepoUnavailable(RewrittenMain.sentence(settings, repo, oldMain));
        }
        ObjectId auto = view.auto().or(remembered::auto).orElse(main);
        line = clone.autoBranch().line(main, auto);
        Optional<Rebuilt> rebuilt = RewrittenMain.withoutOldMain(clone.autoBranch(), oldMain, main, auto);
        if (rebuilt.isPresent()) {
            String reason = settings.mainBranch() + " was rewritten, and an administrator accepted it";
            return Optional.of(decisions(view).rewrite(rebuilt.get(), List.of(), reason));
        }
        if (view.auto().isEmpty()) {
            return Optional.of(madeAgain(view, auto));
        }
        Optional<Push> settled = settleVanished(view, remembered);
        if (settled.isEmpty()) {
            repo.remember(view);
            rewrittenMain.answer(true);
            return next(view, batch);
        }
        return settled;
    }

    static RepoUnavailable noMain(RepositorySettings settings, ConfigRepo repo) {
        return new RepoUnavailable("The config repository " + repo.url() + " has no branch " + settings.mainBranch()
                + ": push it, or set mainBranch of the repository " + settings.name()
                + " to the branch that Argo CD observes.");
    }

    private void checkOurs(String ref, ObjectId id) throws IOException, RepoUnavailable {
        if (!id.equals(ObjectId.zeroId()) && repo.git().open(id).getType() != Constants.OBJ_COMMIT) {
            throw new RepoUnavailable("The ref " + ref + " of " + repo.url()
                    + " does not point to a commit, so it is not this plugin's: find out who uses it, and delete it.");
        }
    }

    private void noteMain(View view, ObjectId main) throws IOException {
        if (!main.equals(mainTip)) {
            mainTip = main;
            mainTipSince = clock.instant();
            mainTrusted = clone.evidence().has(view.notes(), main);
            mainRefused = null;
        }
    }

    /** Where a missing auto branch is made again: where it was when last looked at, if that fits on main. */
    private ObjectId lastKnownAuto(ObjectId main, View remembered) throws IOException {
        Optional<ObjectId> known = remembered.auto();
        return known.isPresent() && clone.autoBranch().contains(known.get(), main) ? known.get() : main;
    }

    private Push madeAgain(View view, ObjectId auto) {
        return new Push("the branch was missing and was made again", List.of(view.move(names.auto(), auto)), false);
    }

    private Decisions decisions(View view) {
        return decisions(view, view);
    }

    private Decisions decisions(View view, View judged) {
        return new Decisions(view, judged, line, clone, identity, committer());
    }

    private Optional<Push> align(View view) throws IOException {
        boolean missing = view.auto().isEmpty();
        String why = missing ? "the branch was missing and was made again" : "main moved to " + shown(line.main());
        if (line.commits().isEmpty()) {
            return view.get(names.auto()).equals(line.main())
                    ? Optional.empty()
                    : Optional.of(new Push(why, List.of(view.move(names.auto(), line.main())), false));
        }
        var undecided = new ArrayList<QueuedCommit>();
        var decided = new ArrayList<DecidedChange>();
        for (QueuedCommit commit : line.commits()) {
            Optional<ObjectId> onMain = clone.autoBranch().mainLog(line.main()).find(commit.id());
            Optional<DecidedChange> end = clone.stateRef().find(view.state(), commit.id());
            if (end.isPresent() && !view.equals(suspectView)) {
                suspectView = view;
                return Optional.of(LOOK_AGAIN);
            }
            if (onMain.isPresent() && end.isEmpty()) {
                decided.add(vanished(commit, onMain));
            }
            // A hand-made commit has no id of its own, and somebody may push it again.
            boolean pushedAgain = !missing && commit.trailers().isEmpty();
            if (onMain.isEmpty() && (end.isEmpty() || pushedAgain)) {
                undecided.add(commit);
            }
        }
        boolean someEnded = undecided.size() < line.commits().size();
        if (line.straight() && !someEnded) {
            return missing
                    ? Optional.of(new Push(why, List.of(view.move(names.auto(), line.auto())), false))
                    : Optional.empty();
        }
        if (line.straight() && !missing) {
            why = "a change that had ended came back";
        }
        Rebuilt rebuilt = clone.autoBranch().replay(line.main(), List.of(), undecided);
        return Optional.of(decisions(view).rewrite(rebuilt, decided, why));
    }

    /**
     * Changes that were queued when this driver looked last and are neither queued nor decided now.
     */
    private Optional<Push> settleVanished(View view, View remembered) throws IOException {
        if (remembered.main().isEmpty()
                || remembered.auto().isEmpty()
                || remembered.auto().equals(view.auto()) && remembered.main().equals(view.main())) {
            return Optional.empty();
        }
        var decided = new ArrayList<DecidedChange>();
        boolean lost = false;
        for (QueuedCommit before : clone.autoBranch()
                .line(remembered.main().get(), remembered.auto().get())
                .commits()) {
            if (before.trailers().isEmpty()
                    || line.find(before.id()).isPresent()
                    || clone.stateRef().find(view.state(), before.id()).isPresent()) {
                continue;
            }
            Optional<ObjectId> onMain = clone.autoBranch().mainLog(line.main()).find(before.id());
            lost |= onMain.isEmpty();
            decided.add(vanished(before, onMain));
        }
        if (decided.isEmpty()) {
            return Optional.empty();
        }
        if (lost && !view.equals(suspectView)) {
            suspectView = view;
            return Optional.of(LOOK_AGAIN);
        }
        return Optional.of(decisions(view).settle(decided, "found by looking"));
    }

    /** How a change ended that was not decided: somebody moved main to it, or took it away. */
    private DecidedChange vanished(QueuedCommit commit, Optional<ObjectId> onMain) {
        return new DecidedChange(
                commit.id(),
                onMain.isPresent() ? Outcome.MERGED : Outcome.LOST,
                null,
                onMain.isPresent()
                        ? "somebody moved main to it"
                        : "it vanished from " + settings.autoBranch() + " without having been decided",
                commit.sha().name(),
                onMain.map(ObjectId::name).orElse(null),
                commit.subject(),
                commit.trailers(),
                identity,
                now(),
                List.of());
    }

    private Optional<Push> report(View view, List<Requests.Report> reports) throws IOException {
        // Of several words about one check only one is kept: that of the highest run, and of one run the last.
        var kept = new HashMap<List<String>, Requests.Report>();
        reports.forEach(request -> kept.merge(
                List.of(request.report().sha(), request.report().context()),
                request,
                (earlier, later) -> later.report().run() < earlier.report().run() ? earlier : later));
        var updated = new TreeMap<String, ReportedChecks>();
        for (Requests.Report request : reports) {
            CheckReport report = request.report();
            if (counted.contains(request)) {
                continue;
            }
            boolean awaited = report.sha().equals(line.main().name())
                    || line.commits().stream()
                            .anyMatch(commit -> commit.sha().name().equals(report.sha()));
            if (!awaited) {
                request.answer().complete(sent.contains(request));
                continue;
            }
            if (kept.get(List.of(report.sha(), report.context())) != request) {
                counted.add(request);
                continue;
            }
            ObjectId present = view.get(names.checks(report.sha()));
            ReportedChecks known = updated.containsKey(report.sha())
                    ? updated.get(report.sha())
                    : present.equals(ObjectId.zeroId())
                            ? ReportedChecks.none()
                            : clone.checkRefs().read(present);
            ReportedChecks now = known.with(report);
            if (now == known) {
                // Already there, by this very request after its push, or a higher run has spoken.
                if (!updated.containsKey(report.sha())) {
                    counted.add(request);
                }
                continue;
            }
            updated.put(report.sha(), now);
            sending.add(request);
        }
        if (updated.isEmpty()) {
            return Optional.empty();
        }
        var changes = new ArrayList<RefChange>();
        for (var entry : updated.entrySet()) {
            changes.add(
                    view.move(names.checks(entry.getKey()), clone.checkRefs().write(entry.getValue(), committer())));
        }
        return Optional.of(new Push("", changes, false));
    }

    /** Keeps verdicts, and does what follows from them in the same push. */
    private Optional<Push> reportAndDecide(View view, List<Requests.Report> reports) throws IOException {
        Optional<Push> report = report(view, reports);
        if (report.isEmpty()) {
            return decide(view, view);
        }
        View judged = view.with(report.get().changes());
        verdicts = Verdicts.of(judged, line, required, clone.checkRefs(), checks.known());
        return decide(view, judged).or(() -> report);
    }

    private Optional<Push> decide(View view, View judged) throws IOException {
        Judge.Decision decision = judge();
        if (decision instanceof Judge.Decision.Merge merge) {
            var entry = new Entry(states(view), now());
            for (QueuedCommit commit : line.commits().subList(0, merge.index() + 1)) {
                Entry.Refusal refusal = refusal(entry, commit);
                if (refusal != null) {
                    return Optional.of(
                            decisions(view, judged).evict(commit, refusal.cause(), refusal.sentence(), List.of()));
                }
            }
            return Optional.of(decisions(view, judged).merge(merge.index(), verdicts));
        }
        if (decision instanceof Judge.Decision.Evict evict
                && isGraceOver(evict.index())
                && isStillRed(evict.index(), judged)) {
            QueuedCommit red = line.commits().get(evict.index());
            Verdict verdict = verdicts.commits().get(evict.index());
            return Optional.of(decisions(view, judged)
                    .evict(
                            red,
                            DecidedChange.RED,
                            "required checks failed: " + failures(verdict) + assumption(evict.index()),
                            verdict.required()));
        }
        return Optional.empty();
    }

    /** Gates are looked at once more immediately before a merge; what somebody made by hand passes none. */
    @CheckForNull
    private Entry.Refusal refusal(Entry entry, QueuedCommit commit) throws IOException {
        ChangeTrailers change = commit.trailers().orElse(null);
        if (change == null || !settings.places().contains(change.wave())) {
            return null;
        }
        try {
            return entry.refusal(change, clone.autoBranch().images(commit.sha(), change.wave()));
        } catch (InvalidImagesException e) {
            // Whoever broke the files did it by hand, and CI found nothing wrong with it.
            return entry.refusal(change, ImageSet.EMPTY);
        }
    }

    private WaveStates states(View view) {
        return new WaveStates(clone.stateRef(), view.state());
    }

    private Candidates candidates(WaveStates states) {
        return candidates(states, rollouts());
    }

    private Candidates candidates(WaveStates states, Rollouts rollouts) {
        return new Candidates(settings, clone.autoBranch(), rollouts, states, line.main(), now());
    }

    private Promotions promotions(WaveStates states, Rollouts rollouts, Line line) {
        return new Promotions(clone.autoBranch(), rollouts, states, candidates(states, rollouts), line, now());
    }

    /** Writes down what was asked for, one push each; answers when the state says it. */
    private Optional<Push> mark(View view, List<Requests.Mark> markings) throws IOException {
        var known = new Markings(settings, clone.autoBranch(), states(view), line);
        for (Requests.Mark request : markings) {
            try {
                Optional<Markings.Edit> edit = known.edit(request.marking());
                if (edit.isPresent()) {
                    return Optional.of(new Push("", List.of(decisions(view).mark(edit.get())), false));
                }
                request.answer().complete(null);
            } catch (Refused e) {
                request.answer().completeExceptionally(e);
            }
        }
        return Optional.empty();
    }

    private Judge.Decision judge() {
        boolean mayMerge = mainRefused == null || !clock.instant().isBefore(mainRefused.again());
        return Judge.decide(mayMerge, mainColor(), verdicts.colors());
    }

    private Verdict.Color mainColor() {
        return verdicts.mainColor(mainTrusted, !clock.instant().isBefore(mainSilenceEnd()));
    }

    /** What is said of an eviction for which main was taken as green although nobody had reported on it. */
    private String assumption(int evicted) {
        boolean assumed = evicted == 0 && !mainTrusted && !verdicts.main().isGreen();
        return assumed
                ? "; nobody reported on " + settings.mainBranch() + " itself (" + shown(line.main()) + ") for "
                        + Durations.format(settings.missingChecksAfter()) + ", so it was taken as green"
                : "";
    }

    private Instant mainSilenceEnd() {
        return mainTipSince.plus(settings.missingChecksAfter());
    }

    /** Whether a red commit had its time to turn green by a re-run, and was looked at since. */
    private boolean isGraceOver(int red) {
        Instant end = graceEnd(verdicts.commits().get(red));
        return !clock.instant().isBefore(end)
                && checks.isKnownSince(line.commits().get(red).sha().name(), end);
    }

    /** A source may have been heard since the verdict was made, and a re-run have turned the commit green. */
    private boolean isStillRed(int red, View judged) throws IOException {
        return Verdicts.of(judged, line, required, clone.checkRefs(), checks.known())
                .commits()
                .get(red)
                .isRed();
    }

    private Instant graceEnd(Verdict verdict) {
        return verdict.since().plus(settings.redGrace());
    }

    static String failures(Verdict verdict) {
        return verdict.failed().stream()
                .map(check -> check.context() + " reported " + check.state()
                        + (check.description() == null ? "" : " (" + check.description() + ")"))
                .collect(Collectors.joining(", "));
    }

    private Optional<Push> evictRequested(View view, List<Requests.Eviction> evictions) throws IOException {
        for (Requests.Eviction request : evictions) {
            Optional<QueuedCommit> queued = line.find(request.id());
            if (queued.isPresent()) {
                return Optional.of(
                        decisions(view).evict(queued.get(), DecidedChange.REQUESTED, request.reason(), List.of()));
            }
            request.answer()
                    .complete(clone.stateRef()
                            .find(view.state(), request.id())
                            .filter(decided -> DecidedChange.REQUESTED.equals(decided.cause()))
                            .isPresent());
        }
        return Optional.empty();
    }

    /** Lays all that is to be appended on the branch, in one push. */
    private Optional<Push> append(View view, Requests.Batch batch) throws IOException {
        Line growing = line;
        for (Requests.Append request : batch.appends()) {
            Optional<Appended> known = known(view, request.change().id());
            if (known.isPresent()) {
                request.answer().complete(known.get());
                continue;
            }
            try {
                settings.checkPlaceForCommits(request.change().wave());
            } catch (IllegalArgumentException e) {
                request.answer().completeExceptionally(new Refused(e.getMessage()));
                continue;
            }
            Refused refused = refusal(view, request.change());
            if (refused != null) {
                request.answer().completeExceptionally(refused);
                continue;
            }
            if (waitsOutside(view, growing, request)) {
                continue;
            }
            growing = lay(
                    growing,
                    request.change(),
                    appending ->
                            request.answer().complete(answer(request.change().id(), appending)),
                    request.answer()::completeExceptionally);
        }
        var holds = new ArrayList<Marking.HoldWave>();
        for (Requests.Promote request : batch.promotions()) {
            growing = promote(view, growing, request, holds);
        }
        if (growing == line) {
            return Optional.empty();
        }
        var changes = new ArrayList<RefChange>();
        changes.add(view.move(names.auto(), growing.auto()));
        if (!holds.isEmpty()) {
            // The hold of a rollback comes with it, or neither does.
            var markings = new Markings(settings, clone.autoBranch(), states(view), line);
            changes.add(decisions(view).mark(markings.hold(holds.get(0))));
        }
        return Optional.of(new Push("", changes, false));
    }

    @CheckForNull
    private Refused refusal(View view, NewChange change) throws IOException {
        Entry.Refusal refusal =
                new Entry(states(view), now()).refusal(change.operation(), change.wave(), change.images());
        return refusal == null
                ? null
                : new Refused("Nothing was committed to " + change.wave() + ": " + refusal.sentence());
    }

    /** Whether a change has to wait outside its wave, in which case it is answered so; one that changes nothing has not. */
    private boolean waitsOutside(View view, Line growing, Requests.Append request) throws IOException {
        NewChange change = request.change();
        Condition intake = candidates(states(view))
                .intake(change.wave())
                .filter(condition -> !condition.met())
                .orElse(null);
        if (intake == null) {
            outside.opened(change.wave());
            return false;
        }
        try {
            if (!(clone.autoBranch().append(growing, change) instanceof Appending.Commit)) {
                return false;
            }
        } catch (InvalidImagesException e) {
            // Said when it is laid.
            return false;
        }
        if (outside.isOvertaken(change)) {
            request.answer().complete(answer(change.id(), new Appending.Superseded("")));
        } else {
            Instant until = Objects.requireNonNullElse(intake.nextLook(), now());
            request.answer().completeExceptionally(new WaveFrozen(intake.seen(), until));
        }
        return true;
    }

    /**
     * Lays a change on a line.
     *
     * @param answer hears what became of it if nothing is to be pushed for that; otherwise it is answered when what was
     *     laid has been pushed
     */
    private Line lay(Line growing, NewChange change, Consumer<Appending> answer, Consumer<GitOpsException> refuse)
            throws IOException {
        Appending appending;
        try {
            appending = clone.autoBranch().append(growing, change);
        } catch (InvalidImagesException e) {
            refuse.accept(new Refused("The image files of the wave " + change.wave() + " in " + repo.url()
                    + " cannot be read: " + e.getMessage()));
            return growing;
        }
        if (appending instanceof Appending.Conflict conflict) {
            refuse.accept(new ConfigConflict(conflict.reason()));
            return growing;
        }
        if (appending instanceof Appending.Commit commit) {
            var commits = new ArrayList<>(growing.commits());
            commits.add(commit.commit());
            return new Line(line.main(), commit.commit().sha(), commits, true);
        }
        if (growing == line) {
            answer.accept(appending);
        }
        return growing;
    }

    private Line promote(View view, Line growing, Requests.Promote request, List<Marking.HoldWave> holds)
            throws IOException {
        Promotion wish = request.wish();
        if (!holds.isEmpty()) {
            // One push writes the hold of one rollback; whatever else is wished is decided on when it is there.
            return growing;
        }
        Optional<Appended> known = known(view, wish.id());
        if (known.isPresent()) {
            List<Condition> conditions = promotedUnder.remove(wish.id());
            request.answer().complete(new Promoted(known.get(), conditions == null ? List.of() : conditions));
            return growing;
        }
        promotedUnder.remove(wish.id());
        Promotions.Decision decision =
                promotions(states(view), rollouts(), growing).decide(wish);
        NewChange change = decision.change();
        if (change == null) {
            Appended superseded = decision.superseded() ? answer(wish.id(), new Appending.Superseded("")) : null;
            request.answer().complete(new Promoted(superseded, decision.conditions()));
            return growing;
        }
        Line grown = lay(
                growing,
                change,
                appending -> request.answer()
                        .complete(new Promoted(
                                answer(wish.id(), appending), decision.with(Promotions.differs(wish, appending)))),
                request.answer()::completeExceptionally);
        if (grown != growing) {
            if (wish.kind().isRollback()) {
                String reason = "rolled back to " + wish.revision();
                holds.add(new Marking.HoldWave(wish.to().name(), new Hold(wish.by(), reason, now(), null)));
            }
            QueuedCommit commit = grown.commits().get(grown.commits().size() - 1);
            promotedUnder.put(wish.id(), decision.with(Promotions.differs(wish, new Appending.Commit(commit))));
        }
        return grown;
    }

    private Rollouts rollouts() {
        return new Rollouts(settings, applications, clone.autoBranch(), line.main());
    }

    /** Writes down what waves have come to run, and what follows from that. */
    private Optional<Push> recordWaves(View view) throws IOException {
        WaveStates states = states(view);
        Candidates candidates = candidates(states);
        Map<String, DeployedSet> deployed = candidates.newlyDeployed();
        if (!deployed.isEmpty()) {
            return Optional.of(decisions(view).deployed(deployed));
        }
        // One push each; what is left is written by the next.
        Map<String, QualifiedSet> qualified = candidates.newlyQualified();
        if (!qualified.isEmpty()) {
            Map.Entry<String, QualifiedSet> first =
                    qualified.entrySet().iterator().next();
            return Optional.of(decisions(view).qualified(states, first.getKey(), first.getValue()));
        }
        List<String> unwell = candidates.newlyUnwell();
        return unwell.isEmpty() ? Optional.empty() : Optional.of(decisions(view).unwell(states, unwell.get(0)));
    }

    /** What became of a change that was appended before, by this process or the one before it. */
    private Optional<Appended> known(View view, String id) throws IOException {
        Optional<String> sha = line.find(id).map(commit -> commit.sha().name());
        if (sha.isEmpty()) {
            sha = clone.autoBranch().mainLog(line.main()).find(id).map(ObjectId::name);
        }
        if (sha.isPresent()) {
            return Optional.of(new Appended(id, sha.get(), true, false, null));
        }
        return clone.stateRef()
                .find(view.state(), id)
                .map(decided -> new Appended(id, decided.sha(), true, decided.outcome() == Outcome.SUPERSEDED, null));
    }

    private Appended answer(String id, Appending appending) {
        return Appended.of(id, appending, line.main());
    }

    /** Has commits below a red tip tested, one push each: forges drop the hooks of pushes with many branches. */
    private Optional<Push> probe(View view) {
        if (!(judge() instanceof Judge.Decision.Bisect bisect)) {
            return Optional.empty();
        }
        List<QueuedCommit> commits = line.commits();
        Set<ObjectId> undecided = new HashSet<>();
        for (int i = 0; i < bisect.red(); i++) {
            undecided.add(commits.get(i).sha());
        }
        var tested = new HashSet<ObjectId>();
        var free = new ArrayList<String>();
        for (int slot = 1; slot <= RefNames.SLOTS; slot++) {
            ObjectId commit = view.get(names.slot(slot));
            if (!undecided.contains(commit) || !tested.add(commit)) {
                free.add(names.slot(slot));
            }
        }
        for (int probe : bisect.probes()) {
            ObjectId commit = commits.get(probe).sha();
            boolean running = !verdicts.commits().get(probe).isSilent();
            if (!free.isEmpty() && !running && !tested.contains(commit)) {
                return Optional.of(new Push("", List.of(view.move(free.get(0), commit)), false));
            }
        }
        return Optional.empty();
    }

    private Instant nextLook() {
        Instant now = clock.instant();
        boolean idle = line.commits().isEmpty() && requests.waiting().isEmpty();
        Instant next = now.plus(idle ? settings.pollInterval().multipliedBy(IDLE_FACTOR) : settings.pollInterval());
        if (judge() instanceof Judge.Decision.Evict evict) {
            next = earlier(next, graceEnd(verdicts.commits().get(evict.index())), now);
        }
        if (mainRefused != null) {
            next = earlier(next, mainRefused.again(), now);
        }
        if (!line.commits().isEmpty()) {
            next = earlier(next, mainSilenceEnd(), now);
        }
        for (QueuedCommit commit : line.commits()) {
            next = earlier(next, commit.committed().plus(settings.missingChecksAfter()), now);
        }
        return next;
    }

    private static Instant earlier(Instant next, Instant candidate, Instant now) {
        return candidate.isAfter(now) && candidate.isBefore(next) ? candidate : next;
    }

    // ---- what others may know ---------------------------------------------------------------------------------

    private Look look(View view) {
        String refusal = mainRefused == null ? null : mainRefused.words();
        return new Look(view, line, verdicts, judge(), mainColor(), refusal, clock.instant());
    }

    /** Where a change is, see {@link Why}, as the last round saw it; nothing if no round saw it. */
    public Optional<ChangeStatus> status(String idOrSha) throws IOException {
        return why == null ? Optional.empty() : why.status(idOrSha);
    }

    /**
     * How far a wave is, by what Argo CD says now and the repository as the last round saw it.
     *
     * @param place the wave, or one of its sets where they have names
     * @param wanted a commit, or null for what the wave runs now
     */
    public Rollout rollout(String place, @Nullable String wanted) throws IOException {
        return rollout(place, wanted, null);
    }

    /** The same, where more targets are required than is configured. */
    Rollout rollout(String place, @Nullable String wanted, @Nullable Requirement more) throws IOException {
        if (why == null) {
            return Rollout.unknown(wanted, "The config repository has not been looked at yet.");
        }
        try {
            Requirement configured = settings.wave(SetPlace.wave(place)).gates().require();
            if (SetPlace.set(place) != null) {
                settings.imageSet(SetPlace.set(place));
            }
            return rollouts().of(place, wanted, more == null ? configured : configured.and(more));
        } catch (IllegalArgumentException e) {
            // Somebody took the wave or the set out of the configuration while a build waits for it.
            return Rollout.unknown(wanted, e.getMessage());
        }
    }

    /**
     * Whether what Argo CD says now calls for a round: it has come to a commit that the clone does not have yet, or a
     * wave runs another set than is written down.
     */
    boolean rolloutsCallForRound() throws IOException {
        if (why == null) {
            return false;
        }
        var unknown = new HashSet<String>();
        Rollouts rollouts = rollouts();
        for (Wave wave : settings.waves()) {
            unknown.addAll(rollouts.of(wave.name(), null).unknownRevisions());
        }
        boolean toLookFor = !lookedFor.containsAll(unknown);
        lookedFor = unknown;
        Candidates candidates = candidates(states(why.view()), rollouts);
        return toLookFor
                || !candidates.newlyDeployed().isEmpty()
                || !candidates.newlyQualified().isEmpty()
                || !candidates.newlyUnwell().isEmpty();
    }

    /** The refs as the last round that went well saw them. */
    Optional<View> lastView() {
        return Optional.ofNullable(why).map(Why::view);
    }

    /** The repository as the last round that went well saw it, and its waves as Argo CD says now. */
    public Optional<RepositoryState> state() throws IOException {
        if (why == null) {
            return Optional.empty();
        }
        RepositoryState state = why.state();
        Rollouts rollouts = rollouts();
        Promotions promotions = promotions(states(why.view()), rollouts, line);
        var waves = new ArrayList<RepositoryState.Wave>();
        for (RepositoryState.Wave wave : state.waves()) {
            waves.add(wave.with(live(wave.name(), rollouts, promotions)));
        }
        return Optional.of(state.with(waves));
    }

    private RepositoryState.Live live(String place, Rollouts rollouts, Promotions promotions) throws IOException {
        Wave wave = settings.wave(SetPlace.wave(place));
        Rollout rollout = rollouts.of(wave.name(), null);
        String from = wave.promotesFrom();
        if (from == null) {
            return new RepositoryState.Live(rollout, Optional.empty());
        }
        try {
            return new RepositoryState.Live(
                    rollout, Optional.of(promotions.next(settings.wave(from), wave, SetPlace.set(place))));
        } catch (InvalidImagesException e) {
            return new RepositoryState.Live(rollout, Optional.empty());
        }
    }

    static String shown(ObjectId commit) {
        return commit.name().substring(0, 10);
    }

    @Override
    public void close() {
        rewrittenMain.close();
        checks.close();
        repo.close();
    }
}
