package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.ApplicationLookup;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.ci.CheckWatch;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverListener;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AcceptMain;
import io.jenkins.plugins.gitops.delivery.DriverRequest.EvictChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RunCommand;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.driver.RequestQueue.Pending;
import io.jenkins.plugins.gitops.explain.CloneServices;
import io.jenkins.plugins.gitops.explain.CommitStatusTexts;
import io.jenkins.plugins.gitops.explain.RewriteTracker;
import io.jenkins.plugins.gitops.explain.WhyReport;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.promotion.Candidates;
import io.jenkins.plugins.gitops.promotion.StateEditor;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.queue.MainCommit;
import io.jenkins.plugins.gitops.queue.ReplayResult;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.QualifiedSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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

    private static final int IDLE_FACTOR = 10;

    private final RepositorySettings settings;
    private final ConfigRepoClone repo;
    private final ApplicationLookup applications;
    private final CheckWatch checks;
    private final Clock clock;
    private final String identity;
    private final RefNames names;
    private final EvictedRefPruner evictedRefs;
    private final RequestQueue requests = new RequestQueue();
    private final RewriteTracker whereabouts = new RewriteTracker();
    private final TornReadGuard second = new TornReadGuard();
    private final ReportWriter reports = new ReportWriter();
    private final AppendHandler appends;
    private final MergeEvaluator rulings;

    private DriverListener tally = DriverListener.NONE;
    private CloneServices clone;

    /** What the last look found. */
    @CheckForNull
    private RoundContext situation;

    private String whyMoved = "";

    /** What the last round that went well saw at its end. */
    @CheckForNull
    private RoundContext seen;

    @CheckForNull
    private WhyReport why;

    /** Commits that Argo CD named and that a look at the repository did not find. */
    private Set<String> lookedFor = Set.of();

    /** Makes the driver of a repository all of whose verdicts are reported. */
    public Driver(
            RepositorySettings settings, ConfigRepoClone repo, ApplicationLookup applications, Clock clock, String identity) {
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
            ConfigRepoClone repo,
            ApplicationLookup applications,
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
        this.clone = CloneServices.of(repo.git(), settings, this::committer);
        this.evictedRefs = new EvictedRefPruner(repo, names, clock);
        this.appends = new AppendHandler(settings);
        this.rulings = new MergeEvaluator(settings, checks, clock);
    }

    private PersonIdent committer() {
        return new PersonIdent(settings.committerName(), settings.committerEmail(), now(), ZoneOffset.UTC);
    }

    /** Now, as precisely as anybody wants to read it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private RoundContext situation() {
        return Objects.requireNonNull(situation, "nothing was looked at");
    }

    private RoundContext situation(RefSnapshot view, CommitQueue line) {
        return new RoundContext(settings, clone, applications, identity, view, line, now());
    }

    /** What forges say of the commits that it waits for. */
    CheckWatch checks() {
        return checks;
    }

    /** How far the clone is that is being made or brought up to date, in words; else nothing. From any thread. */
    public String progress() {
        return repo.progress();
    }

    /** Says who counts. */
    void countWith(DriverListener counting) {
        tally = counting;
    }

    /** What it drives. */
    public RepositorySettings settings() {
        return settings;
    }

    /** Submits a request; a later round answers it. */
    public <T> CompletableFuture<T> submit(DriverRequest<T> request) {
        return requests.submit(request);
    }

    /** Fails the requests that the last round had to answer, because the round failed. */
    void failRound(Throwable failure) {
        reports.forget();
        requests.failTaken(failure);
    }

    /** Fails all requests. */
    void failAll(Throwable failure) {
        requests.failAll(failure);
    }

    /**
     * Does everything that can be done now.
     *
     * @return when to look again if nothing happens before
     * @throws RepoUnavailable if the repository cannot be read or written
     */
    public Instant round() throws RepoUnavailable {
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
            clone = CloneServices.of(repo.git(), settings, this::committer);
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
        var batch = RequestQueue.Batch.NONE;
        Optional<RefSnapshot> known = Optional.empty();
        for (int pushes = 0; pushes < MAX_PUSHES; pushes++) {
            if (known.isEmpty()) {
                batch = requests.take();
                known = Optional.of(repo.look(names));
            }
            RefSnapshot view = known.get();
            known = Optional.empty();
            Optional<RefUpdateBatch> next = next(view, batch);
            if (next.isEmpty()) {
                publishState(view, batch);
                return nextLook();
            }
            RefUpdateBatch push = next.get();
            if (push == RefUpdateBatch.LOOK_AGAIN) {
                continue;
            }
            ConfigRepoClone.Pushed pushed = repo.push(push.changes());
            if (pushed.accepted() || pushed.lost() != null) {
                reports.pushed();
            }
            if (pushed.accepted()) {
                refusedBefore = false;
                whyMoved = push.what();
                known = view.after(pushed, push.changes());
                if (checks.publishesStatuses()) {
                    checks.tellDecided(CommitStatusTexts.decided(push.decided(), settings.mainBranch()));
                }
                countWith(push);
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

    private void countWith(RefUpdateBatch push) throws IOException {
        if (tally == DriverListener.NONE) {
            return;
        }
        for (DecidedChange change : push.decided()) {
            Optional<QueuedCommit> queued = situation().line().find(change.id());
            if (queued.isPresent()) {
                tally.ended(change, since(queued.get().author().getWhenAsInstant()));
            }
        }
        for (Map.Entry<WavePath, DeployedSet> deployed : push.deployed().entrySet()) {
            ObjectId sha = ObjectId.fromString(deployed.getValue().sha());
            Optional<MainCommit> brought =
                    MainCommit.lastWriteOf(clone.git(), sha, clone.autoBranch().images().files(deployed.getKey()));
            if (brought.isPresent()) {
                tally.deployed(deployed.getKey(), since(brought.get().when()));
            }
        }
    }

    /** Never less than nothing: builds run on machines whose clocks may be ahead. */
    private Duration since(Instant begun) {
        Duration taken = Duration.between(begun, clock.instant());
        return taken.isNegative() ? Duration.ZERO : taken;
    }

    /** Nothing is left to do. */
    private void publishState(RefSnapshot view, RequestQueue.Batch batch) throws IOException {
        repo.remember(view);
        batch.of(AcceptMain.class).forEach(pending -> pending.complete(false));
        RoundContext now = situation();
        checks.watch(rulings.verdicts().wanted(view, now.line()));
        seen = now;
        why = new WhyReport(settings, clone, whereabouts, rulings.look(now));
        if (checks.publishesStatuses()) {
            checks.tellQueued(CommitStatusTexts.queued(why.queue()));
        }
        reports.settle();
    }

    private RepoUnavailable overtaken() {
        return new RepoUnavailable("Others pushed to the config repository " + repo.url()
                + " each time before this could: is another program writing to " + settings.autoBranch() + "?");
    }

    /** Whether the server still has what the push expected, so that it was not a lease that made the push fail. */
    private boolean leasesHeld(RefUpdateBatch push) throws IOException, RepoUnavailable {
        RefSnapshot now = repo.look(names);
        return push.changes().stream().allMatch(change -> now.get(change.ref()).equals(change.from()));
    }

    private void refused(RefUpdateBatch push, Map<String, String> refusals, boolean again) throws RepoUnavailable {
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
        rulings.mainRefused(words);
    }

    // ---- what is to be done next ------------------------------------------------------------------------------

    private Optional<RefUpdateBatch> next(RefSnapshot view, RequestQueue.Batch batch) throws IOException, RepoUnavailable {
        reports.begin();
        ObjectId main = view.main().orElseThrow(() -> noMain(settings, repo));
        for (String ref : List.of(names.state(), RefNames.NOTES)) {
            checkOurs(ref, view.get(ref));
        }
        AutoBranch branch = clone.autoBranch();
        RefSnapshot remembered = repo.remembered(names);
        if (remembered.main().isPresent()
                && !branch.graph().contains(main, remembered.main().get())) {
            return second.confirms(view) ? acceptRewritten(view, main, remembered, batch) : Optional.of(RefUpdateBatch.LOOK_AGAIN);
        }
        CommitQueue line = branch.queue().read(main, view.auto().orElse(AutoBranchAlignment.lastKnownAuto(branch, main, remembered)));
        RoundContext now = situation(view, line);
        situation = now;
        rulings.see(now);
        whereabouts.see(line, whyMoved.isEmpty() ? "another controller, or somebody, rewrote the branch" : whyMoved);
        whyMoved = "";
        Optional<RefUpdateBatch> push = new AutoBranchAlignment(now, second).align(remembered);
        if (push.isEmpty()) {
            push = reportAndRule(now, batch.of(RecordReport.class));
        }
        if (push.isEmpty()) {
            push = evictRequested(now, batch.of(EvictChange.class));
        }
        if (push.isEmpty()) {
            push = mark(now, batch.of(RunCommand.class));
        }
        if (push.isEmpty()) {
            push = appends.next(now, batch);
        }
        if (push.isEmpty()) {
            push = BisectBranches.next(now, rulings.verdicts(), rulings.decision());
        }
        if (push.isEmpty()) {
            push = recordWaves(now);
        }
        if (push.isEmpty()) {
            new Previews(now).answer(batch);
        }
        return push;
    }

    /** Main is not what it was: nothing is done until an administrator accepts it, then the queue is laid on it. */
    private Optional<RefUpdateBatch> acceptRewritten(RefSnapshot view, ObjectId main, RefSnapshot remembered, RequestQueue.Batch batch)
            throws IOException, RepoUnavailable {
        ObjectId oldMain = remembered.main().get();
        List<Pending<AcceptMain, Boolean>> accepted = batch.of(AcceptMain.class);
        if (accepted.isEmpty()) {
            throw new RepoUnavailable(RewrittenMain.sentence(settings, repo, oldMain));
        }
        AutoBranch branch = clone.autoBranch();
        ObjectId auto = view.auto().or(remembered::auto).orElse(main);
        RoundContext now = situation(view, branch.queue().read(main, auto));
        Optional<ReplayResult> rebuilt = RewrittenMain.withoutOldMain(branch, oldMain, main, auto);
        if (rebuilt.isPresent()) {
            String reason = settings.mainBranch() + " was rewritten, and an administrator accepted it";
            return Optional.of(now.decisions().rewrite(rebuilt.get(), List.of(), reason));
        }
        var alignment = new AutoBranchAlignment(now, second);
        if (view.auto().isEmpty()) {
            return Optional.of(alignment.madeAgain());
        }
        Optional<RefUpdateBatch> settled = alignment.settleVanished(remembered);
        if (settled.isEmpty()) {
            repo.remember(view);
            accepted.forEach(pending -> pending.complete(true));
            return next(view, batch);
        }
        return settled;
    }

    public static RepoUnavailable noMain(RepositorySettings settings, ConfigRepoClone repo) {
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

    /** Keeps verdicts, and does what follows from them in the same push. */
    private Optional<RefUpdateBatch> reportAndRule(RoundContext now, List<Pending<RecordReport, Boolean>> reported) throws IOException {
        Optional<RefUpdateBatch> report = reports.keep(now, reported);
        return report.isEmpty()
                ? rulings.next(now)
                : rulings.next(now, now.view().with(report.get().changes())).or(() -> report);
    }

    /** Writes down what was asked for, one push each; answers when the state says it. */
    private Optional<RefUpdateBatch> mark(RoundContext now, List<Pending<RunCommand, Void>> commands) throws IOException {
        for (Pending<RunCommand, Void> pending : commands) {
            try {
                Optional<StateEditor.Edit> edit = now.markings().edit(pending.request().command());
                if (edit.isPresent()) {
                    return Optional.of(new RefUpdateBatch("", List.of(now.decisions().mark(edit.get())), false));
                }
                pending.complete(null);
            } catch (RequestRefused e) {
                pending.fail(e);
            }
        }
        return Optional.empty();
    }

    private Optional<RefUpdateBatch> evictRequested(RoundContext now, List<Pending<EvictChange, Boolean>> evictions) throws IOException {
        for (Pending<EvictChange, Boolean> pending : evictions) {
            EvictChange request = pending.request();
            Optional<QueuedCommit> queued = now.line().find(request.id());
            if (queued.isPresent()) {
                return Optional.of(
                        now.decisions().evict(queued.get(), DecidedChange.REQUESTED, request.reason(), List.of()));
            }
            pending.complete(clone.stateRef()
                            .find(now.view().state(), request.id())
                            .filter(decided -> DecidedChange.REQUESTED.equals(decided.cause()))
                            .isPresent());
        }
        return Optional.empty();
    }

    /** Writes down what waves have come to run, and what follows from that. */
    private Optional<RefUpdateBatch> recordWaves(RoundContext now) throws IOException {
        Candidates candidates = now.candidates();
        Map<WavePath, DeployedSet> deployed = candidates.newlyDeployed();
        if (!deployed.isEmpty()) {
            return Optional.of(now.decisions().deployed(deployed));
        }
        // One push each; what is left is written by the next.
        Map<WavePath, QualifiedSet> qualified = candidates.newlyQualified();
        if (!qualified.isEmpty()) {
            Map.Entry<WavePath, QualifiedSet> first =
                    qualified.entrySet().iterator().next();
            return Optional.of(now.decisions().qualified(now.states(), first.getKey(), first.getValue()));
        }
        List<WavePath> unwell = candidates.newlyUnwell();
        return unwell.isEmpty() ? Optional.empty() : Optional.of(now.decisions().unwell(now.states(), unwell.get(0)));
    }

    private Instant nextLook() {
        Instant now = clock.instant();
        List<QueuedCommit> commits = situation().line().commits();
        boolean idle = commits.isEmpty() && requests.isEmpty();
        Duration interval = idle ? settings.pollInterval().multipliedBy(IDLE_FACTOR) : settings.pollInterval();
        return rulings.deadlines(situation()).stream()
                .filter(deadline -> deadline.isAfter(now))
                .reduce(now.plus(interval), (next, deadline) -> deadline.isBefore(next) ? deadline : next);
    }

    // ---- what others may know ---------------------------------------------------------------------------------

    /** Where a change is, see {@link WhyReport}, as the last round saw it; nothing if no round saw it. */
    public Optional<ChangeStatus> status(String idOrSha) throws IOException {
        return why == null ? Optional.empty() : why.status(idOrSha);
    }

    /** The refs as the last round that went well saw them. */
    Optional<RefSnapshot> lastView() {
        return Optional.ofNullable(seen).map(RoundContext::view);
    }

    /** The repository as the last round that went well saw it, and its waves as Argo CD says now. */
    Optional<LiveState> seen() throws IOException {
        RoundContext at = seen;
        WhyReport told = why;
        return at == null || told == null ? Optional.empty() : Optional.of(new LiveState(at.at(now()), told.state()));
    }

    /** See {@link LiveState#state()}. */
    public Optional<RepositoryState> state() throws IOException {
        return seen == null
                ? Optional.empty()
                : Optional.of(seen().orElseThrow().state());
    }

    /**
     * How far a wave is, by what Argo CD says now and the repository as the last round saw it.
     *
     * @param path a whole wave, or one of its image sets
     * @param wanted a commit, or null for what the wave runs now
     */
    public Rollout rollout(WavePath path, @Nullable String wanted) throws IOException {
        return seen().orElseThrow().rollout(path, wanted, null);
    }

    /**
     * Whether what Argo CD says calls for a round: it has come to a commit that the clone does not have yet, or a wave
     * runs another set than is written down.
     */
    boolean callsForRound(LiveState now) throws IOException {
        Set<String> unknown = now.unknownRevisions();
        boolean toLookFor = !lookedFor.containsAll(unknown);
        lookedFor = unknown;
        return toLookFor || now.isToBeRecorded();
    }

    @Override
    public void close() {
        checks.close();
        repo.close();
    }
}
