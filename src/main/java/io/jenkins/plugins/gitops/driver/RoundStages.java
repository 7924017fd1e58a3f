package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AcceptMain;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.DriverRequest.EvictChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.driver.RequestQueue.Batch;
import io.jenkins.plugins.gitops.driver.RequestQueue.Pending;
import io.jenkins.plugins.gitops.explain.RewriteTracker;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.promotion.Candidates;
import io.jenkins.plugins.gitops.promotion.StateEditor;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.QualifiedSet;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The stages of a round, in the order in which they are tried. The first that finds something to do ends the turn: its
 * batch is pushed, and the next turn begins with the first stage again. A stage that finds nothing may answer requests.
 */
final class RoundStages {

    private static final Logger LOGGER = Logger.getLogger(RoundStages.class.getName());

    private final ConfigRepoClone repo;
    private final MergeEvaluator merges;
    private final RewriteTracker rewrites;
    private final ReportWriter reports;
    private final TornReadGuard tornReads = new TornReadGuard();
    private final List<Stage> stages;

    /** The commands for which the state ref was pushed, or an attempt was made, and that are not answered. */
    private final Set<Pending<?, ?>> written = new HashSet<>();

    private boolean aligned;

    /** One step of a turn. */
    private interface Work {
        Optional<? extends RoundAction> next(RoundContext context, Batch batch) throws IOException, RepoUnavailable;
    }

    private record Stage(String name, Work work) {}

    RoundStages(
            RepositorySettings settings,
            ConfigRepoClone repo,
            MergeEvaluator merges,
            RewriteTracker rewrites,
            ReportWriter reports) {
        this.repo = repo;
        this.merges = merges;
        this.rewrites = rewrites;
        this.reports = reports;
        var rewrittenMain = new RewrittenMain(settings, repo, tornReads);
        var appends = new AppendHandler(settings);
        var repairs = new RepairHandler();
        this.stages = List.of(
                new Stage("repair the state", repairs::next),
                new Stage("rewritten main", rewrittenMain::next),
                new Stage("judge the queue", this::judge),
                new Stage("align the auto branch", this::align),
                new Stage("merge and evict", this::mergeOrEvict),
                new Stage("requested evictions", this::evictRequested),
                new Stage("state commands", this::runCommands),
                new Stage("appends", appends::next),
                new Stage("bisection", this::bisect),
                new Stage("record waves", this::recordWaves),
                new Stage("answers", this::answer));
    }

    /** Runs the stages up to the first that finds something to do; empty if none does. */
    Optional<? extends RoundAction> run(RoundContext context, Batch batch) throws IOException, RepoUnavailable {
        reports.beginTurn();
        tornReads.beginLook();
        aligned = false;
        for (Stage stage : stages) {
            Optional<? extends RoundAction> action = stage.work().next(context, batch);
            if (action.isPresent()) {
                LOGGER.log(
                        Level.FINE, "{0}: {1}", new Object[] {context.settings().name(), stage.name()});
                return action;
            }
        }
        return Optional.empty();
    }

    private Optional<RoundAction> judge(RoundContext context, Batch batch) throws IOException {
        merges.judge(context);
        rewrites.update(context.queue());
        return Optional.empty();
    }

    private Optional<RoundAction> align(RoundContext context, Batch batch) throws IOException {
        RefSnapshot remembered = repo.remembered(context.refs().names());
        Optional<RoundAction> action = new AutoBranchAlignment(context, tornReads, batch).align(remembered);
        if (action.isEmpty()) {
            // Remembered before builds are notified: if another client removes a commit, its end is recorded.
            RefNames names = context.refs().names();
            repo.remember(Stream.of(names.main(), names.auto())
                    .filter(ref -> !context.refs().get(ref).equals(remembered.get(ref)))
                    .map(ref -> remembered.move(ref, context.refs().get(ref)))
                    .toList());
            aligned = true;
        }
        return action;
    }

    /**
     * Whether the last turn found main and the auto branch in order, so that what it pushes may be remembered at once:
     * the end of every change that was remembered before is recorded.
     */
    boolean isAligned() {
        return aligned;
    }

    /** Stores reports, and does what follows from them in the same push. */
    private Optional<RefUpdateBatch> mergeOrEvict(RoundContext context, Batch batch) throws IOException {
        Optional<RefUpdateBatch> stored = reports.store(context, batch.of(RecordReport.class));
        if (context.generation().holdsAuto()) {
            return stored;
        }
        if (stored.isEmpty()) {
            return merges.next(context, context.refs());
        }
        RefSnapshot withReports = context.refs().with(stored.get().changes());
        merges.judge(context, withReports);
        return merges.next(context, withReports).or(() -> stored);
    }

    private Optional<RefUpdateBatch> evictRequested(RoundContext context, Batch batch) throws IOException {
        if (context.generation().holdsAuto()) {
            return Optional.empty();
        }
        for (Pending<EvictChange, Boolean> pending : batch.of(EvictChange.class)) {
            EvictChange request = pending.request();
            Optional<QueuedCommit> queued = context.queue().find(request.id());
            if (queued.isPresent() && !mayEvict(context, request, queued.get())) {
                pending.fail(new RequestRefused("The change " + request.id() + " writes into "
                        + queued.get()
                                .trailers()
                                .map(trailers ->
                                        "the wave " + trailers.wavePath().wave())
                                .orElse("any wave")
                        + ", of which the job may not evict changes; an administrator can add it to the wave's"
                        + " allowedJobs."));
                continue;
            }
            if (queued.isPresent()) {
                return context.pushes().evict(queued.get(), DecidedChange.REQUESTED, request.reason(), List.of());
            }
            pending.complete(context.services()
                    .stateRef()
                    .find(context.refs().state(), request.id())
                    .filter(decided -> decided.cause()
                            .filter(DecidedChange.REQUESTED::equals)
                            .isPresent())
                    .isPresent());
        }
        return Optional.empty();
    }

    private static boolean mayEvict(RoundContext context, EvictChange request, QueuedCommit queued) {
        Set<String> written = queued.trailers()
                .map(trailers -> Set.of(trailers.wavePath().wave()))
                .orElseGet(() ->
                        context.settings().waves().stream().map(Wave::name).collect(Collectors.toSet()));
        return request.waves().map(allowed -> allowed.containsAll(written)).orElse(true);
    }

    /** One push for each command; it is answered when the state ref has its effect. */
    private Optional<RefUpdateBatch> runCommands(RoundContext context, Batch batch) throws IOException {
        written.retainAll(batch.all());
        for (Pending<ApplyStateCommand, ApplyStateCommand.Effect> pending : batch.of(ApplyStateCommand.class)) {
            try {
                Optional<StateEditor.Edit> edit =
                        context.stateEditor().edit(pending.request().command());
                if (edit.isPresent()) {
                    written.add(pending);
                    return Optional.of(RefUpdateBatch.of(context.pushes().write(edit.get())));
                }
                pending.complete(new ApplyStateCommand.Effect(
                        written.remove(pending),
                        context.stateEditor().remark(pending.request().command())));
            } catch (RequestRefused e) {
                pending.fail(e);
            } catch (InvalidImagesException e) {
                pending.fail(AppendHandler.unreadable(context.settings(), e));
            }
        }
        return Optional.empty();
    }

    private Optional<RefUpdateBatch> bisect(RoundContext context, Batch batch) {
        return context.generation().holdsAuto()
                ? Optional.empty()
                : BisectBranches.next(context, merges.verdicts(), merges.decision());
    }

    /** Records the image sets that waves run now; one push for each kind of record. */
    private Optional<RefUpdateBatch> recordWaves(RoundContext context, Batch batch) throws IOException {
        Candidates candidates = context.candidates();
        Map<WavePath, DeployedSet> deployed = candidates.newlyDeployed();
        if (!deployed.isEmpty()) {
            return Optional.of(context.pushes().deployed(deployed));
        }
        Map<WavePath, QualifiedSet> qualified = candidates.newlyQualified();
        if (!qualified.isEmpty()) {
            Map.Entry<WavePath, QualifiedSet> first =
                    qualified.entrySet().iterator().next();
            return Optional.of(RefUpdateBatch.of(
                    context.pushes().write(context.stateEditor().qualified(first.getKey(), first.getValue()))));
        }
        List<WavePath> unwell = candidates.newlyUnwell();
        return unwell.isEmpty()
                ? Optional.empty()
                : Optional.of(context.pushes().unwell(context.states(), unwell.get(0)));
    }

    /** Answers the requests that need no push. */
    private Optional<RoundAction> answer(RoundContext context, Batch batch) throws IOException {
        batch.of(AcceptMain.class).forEach(pending -> pending.complete(false));
        new Previews(context).answer(batch);
        return Optional.empty();
    }
}
