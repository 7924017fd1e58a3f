package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.argocd.ApplicationLookup;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.ci.CheckWatch;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverListener;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.RequestWithdrawal;
import io.jenkins.plugins.gitops.driver.RequestQueue.Batch;
import io.jenkins.plugins.gitops.explain.CloneServices;
import io.jenkins.plugins.gitops.explain.CommitStatusTexts;
import io.jenkins.plugins.gitops.explain.JudgedQueue;
import io.jenkins.plugins.gitops.explain.RewriteTracker;
import io.jenkins.plugins.gitops.explain.WhyReport;
import io.jenkins.plugins.gitops.flux.TargetLookup;
import io.jenkins.plugins.gitops.generation.GeneratedTrees;
import io.jenkins.plugins.gitops.generation.GenerationWorkQueue;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.RefChange;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.registry.SignatureLookup;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.signing.CurrentSigner;
import io.jenkins.plugins.gitops.waves.GateLookup;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;

/**
 * Moves the auto branch and main of one config repository; nothing else pushes there. A round reads the refs, runs the
 * stages of {@link RoundStages} up to the first that has something to push, pushes it, and repeats that until no stage
 * has. The result of a push is always read back, so that a push whose answer was lost, a lost lease and a controller
 * that died need no other treatment.
 *
 * <p>Any number of drivers, on any number of controllers, may drive one repository. {@link #submit} may be called by
 * any thread, the rest by one thread at a time.
 */
public final class Driver implements AutoCloseable {

    /** A round ends after this many pushes even if more is to be done, so that requests are answered. */
    private static final int MAX_PUSHES = 200;

    /** A repository without queued changes and requests is read after this many poll intervals. */
    private static final int IDLE_FACTOR = 10;

    private final RepositorySettings settings;
    private final ConfigRepoClone repo;
    private final CloneRecovery clone;
    private final TargetLookup targets;
    private final CheckWatch checks;
    private final Clock clock;
    private final String identity;
    private final RefNames names;
    private final EvictedRefPruner evictedRefs;
    private final RequestQueue requests = new RequestQueue();
    private final RewriteTracker rewrites = new RewriteTracker();
    private final ReportWriter reports = new ReportWriter();
    private final MergeEvaluator merges;
    private final RoundStages stages;
    private final EndTimes endTimes;
    private final Optional<GenerationWorkQueue> generation;
    private final CurrentSigner signer = new CurrentSigner();

    /** Says which images are signed. */
    private SignatureLookup signatures = SignatureLookup.NONE;

    private GateLookup gates = GateLookup.NONE;

    @CheckForNull
    private volatile ServerWait waitsFor;

    @CheckForNull
    private LastRound lastRound;

    /**
     * A call to the git server for which the driver waits.
     *
     * @param server the host of the git server
     * @param operation what the server was asked to do, such as {@code fetch}
     * @param since when it was asked
     */
    record ServerWait(String server, String operation, Instant since) {

        String sentence() {
            return "The driver waits for " + server + " since " + since + ": " + operation + ".";
        }
    }

    /** The result of the last successful round. */
    private record LastRound(RoundContext context, WhyReport report) {}

    /** Creates the driver of a repository all of whose required checks are reported to it. */
    public Driver(
            RepositorySettings settings,
            ConfigRepoClone repo,
            ApplicationLookup applications,
            Clock clock,
            String identity) {
        this(settings, repo, applications, CheckWatch.ofNothing(), clock, identity);
    }

    /** Creates the driver of a repository whose waves have no targets but applications of Argo CD. */
    public Driver(
            RepositorySettings settings,
            ConfigRepoClone repo,
            ApplicationLookup applications,
            CheckWatch checks,
            Clock clock,
            String identity) {
        this(settings, repo, TargetLookup.of(applications), checks, clock, identity);
    }

    /**
     * Creates the driver of a repository.
     *
     * @param repo the clone; the driver opens it in its first round, unless it is open, and closes it
     * @param targets what the targets of waves run
     * @param checks the results that forges have of commits; the driver closes it
     * @param identity the URL of the controller, which is recorded with each decision
     */
    public Driver(
            RepositorySettings settings,
            ConfigRepoClone repo,
            TargetLookup targets,
            CheckWatch checks,
            Clock clock,
            String identity) {
        this.settings = settings;
        this.repo = repo;
        this.clone = new CloneRecovery(repo, this::useClone);
        this.targets = targets;
        this.checks = checks;
        this.clock = clock;
        this.identity = identity;
        this.names = settings.refNames();
        this.evictedRefs = new EvictedRefPruner(repo, names, clock);
        this.merges = new MergeEvaluator(settings, checks, clock);
        this.stages = new RoundStages(settings, repo, merges, rewrites, reports);
        this.endTimes = new EndTimes(clock);
        this.generation = settings.generator().map(generator -> new GenerationWorkQueue(generator, clock));
        repo.onServerCall(this::beginsCall);
    }

    private CloneServices useClone() {
        lastRound = null;
        return CloneServices.of(repo.git(), settings, this::committer, signer);
    }

    private PersonIdent committer() {
        return new PersonIdent(settings.committerName(), settings.committerEmail(), now(), ZoneOffset.UTC);
    }

    /** The time in whole seconds, as git stores it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    CheckWatch checks() {
        return checks;
    }

    /**
     * Describes how far the clone is that is being created or fetched, or what is being generated; empty text if
     * nothing is. From any thread.
     */
    public String progress() {
        String cloning = repo.progress();
        return cloning.isEmpty()
                ? generation.flatMap(GenerationWorkQueue::sentence).orElse("")
                : "Cloning " + settings.name() + ": " + cloning;
    }

    /** Sets the listener that receives what this driver merges, evicts and records. */
    void setListener(DriverListener listener) {
        endTimes.setListener(listener);
    }

    /** Sets what says which images are signed; before the first round. */
    public void setSignatures(SignatureLookup lookup) {
        signatures = lookup;
    }

    /** Sets what says what other systems answer; before the first round. */
    public void setGates(GateLookup lookup) {
        gates = lookup;
    }

    /** The settings that this driver applies. */
    public RepositorySettings settings() {
        return settings;
    }

    /** The work of the generator; empty if the repository has no generator. */
    public Optional<GenerationWorkQueue> generation() {
        return generation;
    }

    /** Submits a request; a later round answers it. */
    public <T> CompletableFuture<T> submit(DriverRequest<T> request) {
        return submit(request, new RequestWithdrawal());
    }

    /** Submits a request that can be withdrawn; a later round answers it if it was not. */
    <T> CompletableFuture<T> submit(DriverRequest<T> request, RequestWithdrawal withdrawal) {
        return requests.submit(request, withdrawal);
    }

    /** The server that the driver waits for at the moment, if it waits for one. From any thread. */
    Optional<ServerWait> waitsFor() {
        return Optional.ofNullable(waitsFor);
    }

    private void beginsCall(Optional<String> operation) {
        waitsFor =
                operation.map(what -> new ServerWait(repo.host(), what, now())).orElse(null);
    }

    /** Fails the requests that the last round had to answer, because the round failed. */
    void failRound(Throwable failure) {
        reports.forget();
        requests.failTaken(failure);
    }

    /** Answers the requests of the last round for the state of the repository. */
    void answerReads(RepositoryState state) {
        requests.succeeded();
        requests.answerReads(state);
    }

    /** Fails all requests. */
    void failAll(Throwable failure) {
        requests.failAll(failure);
    }

    // ---- the round ---------------------------------------------------------------------------------------------

    /**
     * Does everything that can be done now.
     *
     * @return when the next round is due if nothing happens before
     * @throws RepoUnavailable if the repository cannot be read or written
     */
    public Instant round() throws RepoUnavailable {
        return clone.run(this::driveAndPrune, this::drive);
    }

    private Instant driveAndPrune() throws IOException, RepoUnavailable {
        Map<String, ObjectId> evicted = evictedRefs.listIfDue();
        Instant next = drive();
        if (!evicted.isEmpty() && lastRound != null) {
            evictedRefs.expire(
                    evicted,
                    clone.services().stateRef(),
                    lastRound.context().refs().state());
        }
        return next;
    }

    /** Makes the next round check whether the clone is damaged, since something else than a round failed on it. */
    void suspectClone(Throwable failure) {
        clone.suspect(failure);
    }

    /** See {@link RequestQueue#isolate}. */
    void isolateRequests() {
        requests.isolate();
    }

    /** Whether the next rounds have to answer requests one by one. */
    boolean hasMoreRequests() {
        return requests.hasMore();
    }

    private Instant drive() throws IOException, RepoUnavailable {
        try {
            return driveToTheEnd();
        } finally {
            repo.endSession();
        }
    }

    private CommitSigner validSigner() throws RepoUnavailable {
        CommitSigner found = repo.signer();
        Optional<Instant> over = found.validUntil().filter(end -> !end.isAfter(clock.instant()));
        if (over.isPresent()) {
            throw new RepoMisconfigured("Repository " + settings.name() + ": the signing key has expired on "
                    + over.get().toString().substring(0, 10) + "; extend it with gpg --quick-set-expire and store it"
                    + " anew, or store another. Nothing is pushed until then, since nothing is pushed unsigned.");
        }
        return found;
    }

    private Instant driveToTheEnd() throws IOException, RepoUnavailable {
        // Before anything is read: without its key a round could push nothing.
        signer.use(validSigner());
        var pusher = new BatchPusher(repo, names, merges);
        Batch batch = Batch.NONE;
        Optional<RefSnapshot> known = Optional.empty();
        boolean pushed = false;
        for (int pushes = 0; pushes < MAX_PUSHES; pushes++) {
            if (known.isEmpty()) {
                batch = requests.take();
            }
            RefSnapshot found = known.isPresent() ? known.get() : look(pushed || mayPush(batch));
            known = Optional.empty();
            List<RefChange> misplaced = RepairHandler.misplaced(settings, repo, found, batch);
            RoundContext context = contextOf(found.with(misplaced));
            Optional<? extends RoundAction> action =
                    misplaced.isEmpty() ? stages.run(context, batch) : Optional.of(RefUpdateBatch.of(misplaced));
            if (action.isEmpty()) {
                repo.remember(context.refs());
            }
            if (action.isEmpty() || action.get() instanceof RoundAction.AwaitGeneration) {
                finish(context, batch.asksForState());
                return nextRound(context);
            }
            // Others may have pushed while that was tested, so what is pushed is decided anew.
            if (action.get() instanceof RefUpdateBatch push && !repo.testPushableOnce(found)) {
                known = push(pusher, found, context, push);
                pushed = true;
            }
        }
        return clock.instant();
    }

    private RefSnapshot look(boolean toPush) throws IOException, RepoUnavailable {
        return toPush ? repo.lookToPush(names) : repo.look(names);
    }

    /** Whether a round is likely to push: a push is requested, or something is queued and may be decided now. */
    private boolean mayPush(Batch batch) {
        return batch.asksForPush()
                || lastRound != null && !lastRound.context().queue().commits().isEmpty();
    }

    private RoundContext contextOf(RefSnapshot refs) throws IOException, RepoUnavailable {
        ObjectId main = refs.main().orElseThrow(() -> settings.mainMissing(repo.url()));
        AutoBranch branch = clone.services().autoBranch();
        ObjectId auto = refs.auto().isPresent()
                ? refs.auto().get()
                : AutoBranchAlignment.lastKnownAuto(branch, main, repo.remembered(names));
        return new RoundContext(
                settings,
                clone.services(),
                targets,
                signatures,
                gates,
                identity,
                refs,
                branch.queue().read(main, auto),
                now());
    }

    /** Pushes a batch; returns the refs after it, or nothing if they have to be read. */
    private Optional<RefSnapshot> push(BatchPusher pusher, RefSnapshot found, RoundContext context, RefUpdateBatch push)
            throws IOException, RepoUnavailable {
        BatchPusher.PushOutcome outcome = pusher.push(found, push);
        if (outcome.answer() != BatchPusher.Answer.REJECTED) {
            reports.pushed();
        }
        if (outcome.answer() == BatchPusher.Answer.ACCEPTED) {
            if (stages.isAligned()) {
                // Remembered at once, since another client may change the refs before the round ends.
                repo.remember(push.changes().stream()
                        .filter(change -> change.ref().equals(names.main())
                                || change.ref().equals(names.auto()))
                        .toList());
            }
            rewrites.pushed(push.rewriteReason());
            if (checks.publishesStatuses()) {
                checks.publishDecided(CommitStatusTexts.decided(push.decided(), settings.mainBranch()));
            }
            endTimes.tell(context, push);
        }
        return outcome.after();
    }

    /**
     * Ends a round after which nothing is left to be done.
     *
     * @param whole whether all releases of the history are to be known
     */
    private void finish(RoundContext context, boolean whole) throws IOException {
        requestGeneration(context);
        checks.watch(merges.verdicts().wanted(context.refs(), context.queue()));
        JudgedQueue judged = merges.judged(context);
        if (generation.isPresent()) {
            GenerationWorkQueue workQueue = generation.get();
            judged = judged.generating(
                    context.generation().holdsAuto() ? workQueue.sentence() : Optional.empty(), workQueue.problems());
        }
        var report = new WhyReport(settings, clone.services(), rewrites, judged, whole);
        lastRound = new LastRound(context, report);
        if (checks.publishesStatuses()) {
            checks.publishQueued(CommitStatusTexts.queued(report.queue()));
        }
        reports.answer();
    }

    private void requestGeneration(RoundContext context) throws IOException {
        if (generation.isPresent()) {
            GeneratedTrees generated = clone.services().autoBranch().generated();
            generation.get().replaceRequests(repo.git(), generated, context.generation());
            generated.save();
        }
    }

    private Instant nextRound(RoundContext context) {
        Instant now = clock.instant();
        boolean idle = context.queue().commits().isEmpty() && requests.isEmpty();
        Duration interval = idle ? settings.pollInterval().multipliedBy(IDLE_FACTOR) : settings.pollInterval();
        return Stream.concat(
                        merges.deadlines(context).stream(), generation.flatMap(GenerationWorkQueue::nextLook).stream())
                .filter(deadline -> deadline.isAfter(now))
                .reduce(now.plus(interval), (next, deadline) -> deadline.isBefore(next) ? deadline : next);
    }

    // ---- queries -----------------------------------------------------------------------------------------------

    /** The repository as the last successful round found it, with the state of Argo CD now; empty before that round. */
    Optional<RoundSnapshot> lastSnapshot() {
        LastRound last = lastRound;
        return last == null
                ? Optional.empty()
                : Optional.of(new RoundSnapshot(last.context().at(now()), last.report()));
    }

    /** The status of a change in that state, see {@link WhyReport#status}; empty if it is not known. */
    public Optional<ChangeStatus> status(String idOrSha) throws IOException {
        Optional<RoundSnapshot> snapshot = lastSnapshot();
        return snapshot.isPresent() ? snapshot.get().status(idOrSha) : Optional.empty();
    }

    /** See {@link RoundSnapshot#state()}; empty before the first successful round. */
    public Optional<RepositoryState> state() throws IOException {
        Optional<RoundSnapshot> snapshot = lastSnapshot();
        return snapshot.isPresent() ? Optional.of(snapshot.get().state()) : Optional.empty();
    }

    /**
     * The rollout of a wave in that state.
     *
     * @param path a whole wave, or one of its image sets
     * @param wanted a commit; empty for the one that the wave runs now
     */
    public Rollout rollout(WavePath path, Optional<String> wanted) throws IOException {
        return lastSnapshot().orElseThrow().rollout(path, wanted, Optional.empty());
    }

    @Override
    public void close() {
        checks.close();
        repo.close();
    }
}
