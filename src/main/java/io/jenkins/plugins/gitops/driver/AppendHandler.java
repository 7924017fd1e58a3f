package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.common.ConfigConflict;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.WaveFrozen;
import io.jenkins.plugins.gitops.delivery.ConditionReport;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RegenerateTip;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.delivery.SubmittedChange.State;
import io.jenkins.plugins.gitops.driver.RequestQueue.Pending;
import io.jenkins.plugins.gitops.explain.CloneServices;
import io.jenkins.plugins.gitops.git.RefChange;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.promotion.ConditionEvaluator;
import io.jenkins.plugins.gitops.promotion.IntakeWaitlist;
import io.jenkins.plugins.gitops.promotion.PromotionEvaluator.Decision;
import io.jenkins.plugins.gitops.promotion.RollbackFinder;
import io.jenkins.plugins.gitops.promotion.StateEditor;
import io.jenkins.plugins.gitops.promotion.WaveAdmission;
import io.jenkins.plugins.gitops.queue.AppendResult;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.Wave;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Appends changes and promotions to the auto branch. A request whose change becomes a commit is answered when a later
 * snapshot has the commit.
 */
final class AppendHandler {

    private static final Logger LOGGER = Logger.getLogger(AppendHandler.class.getName());

    private final RepositorySettings settings;
    private final IntakeWaitlist waitlist = new IntakeWaitlist();

    /** The conditions of promotions whose commits are being pushed, by the id of the change. */
    private final Map<String, ConditionReport> conditionsOfPushed = new HashMap<>();

    /** The commits of regenerated tips that are being pushed. */
    private final Map<Pending<RegenerateTip, Optional<String>>, String> regenerated = new HashMap<>();

    /** Whether all image files are, or were queued, in the configured layout. Where CI refuses that, it is not tried again. */
    private boolean layoutChanged;

    private final Set<Pending<RegenerateTip, Optional<String>>> regenerating = new HashSet<>();

    AppendHandler(RepositorySettings settings) {
        this.settings = settings;
    }

    /** Appends all requested changes in one push; empty if none of them becomes a commit. */
    Optional<RefUpdateBatch> next(RoundContext context, RequestQueue.Batch batch) throws IOException {
        if (context.generation().holdsAuto()) {
            return Optional.empty();
        }
        var growth = new Growth(context);
        growth.rollBack();
        if (!layoutChanged) {
            growth.changeLayout();
        }
        for (Pending<AppendChange, SubmittedChange> pending : batch.of(AppendChange.class)) {
            try {
                growth.append(pending);
            } catch (GitOpsException e) {
                pending.fail(e);
            } catch (InvalidImagesException e) {
                pending.fail(unreadable(settings, e));
            }
        }
        for (Pending<Promote, PromotionResult> pending : batch.of(Promote.class)) {
            try {
                growth.promote(pending);
            } catch (GitOpsException e) {
                pending.fail(e);
            } catch (InvalidImagesException e) {
                pending.fail(unreadable(settings, e));
            }
        }
        regenerating.removeIf(pending -> pending.answer().isDone());
        for (Pending<RegenerateTip, Optional<String>> pending : batch.of(RegenerateTip.class)) {
            growth.regenerate(pending);
        }
        return growth.push();
    }

    /** The failure of a request, and of no other one, that needs image files which somebody broke by hand. */
    static RequestRefused unreadable(RepositorySettings settings, InvalidImagesException e) {
        return new RequestRefused("The image files in " + settings.url() + " cannot be read: " + e.getMessage());
    }

    /** The queue as it grows in one push. */
    private final class Growth {

        private final RoundContext context;
        private final List<StateEditor.Edit> holds = new ArrayList<>();
        private CommitQueue queue;

        /** The part of it that can be pushed: above, something is to be generated yet. */
        private CommitQueue complete;

        Growth(RoundContext context) {
            this.context = context;
            this.queue = context.queue();
            this.complete = queue;
        }

        private boolean hasGrown() {
            return queue != context.queue();
        }

        Optional<RefUpdateBatch> push() throws IOException {
            var changes = new ArrayList<RefChange>();
            if (complete != context.queue()) {
                changes.add(context.refs().move(context.refs().names().auto(), complete.auto()));
            }
            if (!holds.isEmpty()) {
                // The hold of a rollback is pushed together with it.
                changes.add(context.pushes().write(holds.get(0)));
            }
            if (changes.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(RefUpdateBatch.of(changes));
        }

        /** Files that cannot be read stay as they are; whoever writes them is told. */
        void changeLayout() throws IOException {
            try {
                Optional<AppendResult> result =
                        context.services().autoBranch().appender().changeLayout(queue);
                layoutChanged = result.isEmpty();
                result.ifPresent(this::add);
            } catch (InvalidImagesException e) {
                layoutChanged = true;
            }
        }

        /** Rolls a wave back whose set failed a verification, before anything else is appended. */
        void rollBack() throws IOException {
            Optional<RollbackFinder.DueRollback> due = context.rollbacks().next();
            if (due.isEmpty()) {
                return;
            }
            if (due.get().request().isEmpty()) {
                holds.add(due.get().edit());
                return;
            }
            try {
                Decision decision =
                        context.promotions(queue).decide(due.get().request().get());
                AppendResult result = decision instanceof Decision.Append append ? grow(append.change()) : null;
                // What is to be generated first is appended in a later round; what cannot be appended leaves a hold.
                if (!(result instanceof AppendResult.Ungenerated)) {
                    holds.add(due.get().edit());
                }
            } catch (GitOpsException | InvalidImagesException e) {
                LOGGER.log(Level.WARNING, e, () -> "A rollback of " + settings.name() + " cannot be appended");
                holds.add(due.get().edit());
            }
        }

        void append(Pending<AppendChange, SubmittedChange> pending) throws IOException, GitOpsException {
            NewChange change = pending.request().change();
            Optional<SubmittedChange> known = find(change.id());
            if (known.isPresent()) {
                pending.complete(known.get());
                return;
            }
            checkAdmission(change);
            Wave wave = settings.wave(change.wavePath());
            if (context.signatures().isOpen(wave, change.images())) {
                // Answered when the registries have answered.
                return;
            }
            checkSignatures(change, wave);
            if (waitsForNewer(change)) {
                pending.complete(submitted(change.id(), new AppendResult.Superseded()));
                return;
            }
            AppendResult result = grow(change);
            // Another commit of this push may still be rejected; then the next turn decides anew.
            if (result instanceof AppendResult.NotNeeded notNeeded && !hasGrown()) {
                pending.complete(submitted(change.id(), notNeeded));
            }
        }

        private void checkSignatures(NewChange change, Wave wave) throws RequestRefused {
            Optional<PromotionCondition> unsigned = context.signatures()
                    .of(wave, change.images(), context.now())
                    .filter(condition -> !condition.met());
            if (unsigned.isPresent()) {
                throw new RequestRefused("Nothing was committed to " + change.wavePath()
                        + ", which takes signed images only: " + unsigned.get().seen());
            }
        }

        private void checkAdmission(NewChange change) throws IOException, RequestRefused {
            try {
                settings.checkCommitsTo(change.wavePath());
            } catch (IllegalArgumentException e) {
                throw new RequestRefused(e.getMessage());
            }
            Optional<WaveAdmission.Refusal> refusal =
                    context.admission().refusal(change.operation(), change.wavePath(), change.images());
            if (refusal.isPresent()) {
                throw new RequestRefused("Nothing was committed to " + change.wavePath() + ": "
                        + refusal.get().sentence());
            }
        }

        /**
         * Checks whether the intake of the wave is closed to a change that needs a commit.
         *
         * @return whether a newer change of the same job waits, so that this one is superseded
         * @throws WaveFrozen if the change has to wait
         */
        private boolean waitsForNewer(NewChange change) throws IOException, WaveFrozen, RequestRefused {
            PromotionCondition intake = context.candidates()
                    .intake(change.wavePath())
                    .filter(condition -> !condition.met())
                    .orElse(null);
            if (intake == null) {
                waitlist.clear(change.wavePath());
                return false;
            }
            try {
                AppendResult result = context.services().autoBranch().appender().append(queue, change);
                if (!(result instanceof AppendResult.Commit || result instanceof AppendResult.Ungenerated)) {
                    return false;
                }
            } catch (InvalidImagesException e) {
                // Reported when the change is appended.
                return false;
            }
            if (waitlist.addUnlessNewerWaits(change)) {
                throw new WaveFrozen(intake.seen(), Objects.requireNonNullElse(intake.nextLook(), context.now()));
            }
            return true;
        }

        void promote(Pending<Promote, PromotionResult> pending) throws IOException, GitOpsException {
            PromotionRequest request = pending.request().promotion();
            if (!holds.isEmpty()) {
                // One push writes the hold of one rollback; the other promotions are decided after that.
                return;
            }
            Optional<SubmittedChange> known = find(request.id());
            ConditionReport conditions = conditionsOfPushed.remove(request.id());
            if (known.isPresent()) {
                pending.complete(
                        PromotionResult.of(known.get(), Objects.requireNonNullElse(conditions, ConditionReport.NONE)));
                return;
            }
            Decision decision = context.promotions(queue).decide(request);
            if (decision instanceof Decision.NotAppended notAppended) {
                pending.complete(notAppended.result());
                return;
            }
            var append = (Decision.Append) decision;
            AppendResult result = grow(append.change());
            ConditionReport all =
                    append.with(ConditionEvaluator.differs(append.change().wavePath(), result));
            if (result instanceof AppendResult.Commit && queue == complete) {
                conditionsOfPushed.put(request.id(), all);
                if (request.kind().isRollback()) {
                    holds.add(context.stateEditor().hold(hold(request)));
                }
            } else if (result instanceof AppendResult.NotNeeded notNeeded && !hasGrown()) {
                pending.complete(PromotionResult.of(submitted(request.id(), notNeeded), all));
            }
        }

        private StateCommand.HoldWave hold(PromotionRequest rollback) {
            String reason = "rolled back to " + rollback.revision().orElseThrow();
            Instant since = context.now();
            return new StateCommand.HoldWave(
                    rollback.to(), new Hold(rollback.requester(), reason, since, Optional.empty()));
        }

        /** Appends the commit of a change, if it needs one. */
        private AppendResult grow(NewChange change) throws IOException, GitOpsException {
            AppendResult result;
            try {
                result = context.services().autoBranch().appender().append(queue, change);
            } catch (InvalidImagesException e) {
                throw new RequestRefused("The image files of the wave " + change.wavePath() + " in " + settings.url()
                        + " cannot be read: " + e.getMessage());
            }
            if (result instanceof AppendResult.Conflict conflict) {
                throw new ConfigConflict(conflict.reason());
            }
            if (result instanceof AppendResult.Ungenerable failed) {
                throw new RequestRefused("Nothing was committed to " + change.wavePath() + ": " + failed.reason());
            }
            if (result instanceof AppendResult.Redelivered refused) {
                throw new RequestRefused("Nothing was committed to " + change.wavePath() + ": " + refused.reason());
            }
            add(result);
            return result;
        }

        private void add(AppendResult result) {
            if (result instanceof AppendResult.Ungenerated later) {
                context.generation().forAppend(later.wanted());
                queue = with(later.provisional());
            } else if (result instanceof AppendResult.Commit commit) {
                boolean pushable = queue == complete;
                queue = with(commit.commit());
                complete = pushable ? queue : complete;
            }
        }

        private CommitQueue with(QueuedCommit commit) {
            var commits = new ArrayList<>(queue.commits());
            commits.add(commit);
            return new CommitQueue(queue.main(), commit.sha(), commits, true);
        }

        void regenerate(Pending<RegenerateTip, Optional<String>> pending) throws IOException {
            if (hasGrown()) {
                return;
            }
            // Whoever asks for it does not trust what was generated before.
            boolean first = regenerating.add(pending);
            Optional<AppendResult> result =
                    context.services().autoBranch().appender().regenerate(queue, first);
            if (result.isEmpty()) {
                pending.complete(Optional.ofNullable(regenerated.remove(pending)));
            } else if (result.get() instanceof AppendResult.Ungenerable failed) {
                pending.fail(new RequestRefused(failed.reason()));
            } else {
                add(result.get());
                if (result.get() instanceof AppendResult.Commit commit) {
                    regenerated.put(pending, commit.commit().sha().name());
                }
            }
        }

        /** A change that was appended before, by this process or an earlier one. */
        private Optional<SubmittedChange> find(String id) throws IOException {
            CloneServices services = context.services();
            CommitQueue before = context.queue();
            Optional<QueuedCommit> queued = before.find(id);
            if (queued.isPresent()) {
                List<QueuedCommit> commits = before.commits();
                return Optional.of(
                        SubmittedChange.queued(queued.get(), commits.subList(0, commits.indexOf(queued.get()))));
            }
            Optional<ObjectId> merged =
                    services.autoBranch().mainLog().upTo(before.main()).find(id);
            if (merged.isPresent()) {
                return Optional.of(
                        new SubmittedChange(State.COMMITTED, id, merged.get().name()));
            }
            return services.stateRef().find(context.refs().state(), id).map(decided -> {
                State state = decided.outcome() == Outcome.SUPERSEDED ? State.SUPERSEDED_IN_QUEUE : State.COMMITTED;
                return new SubmittedChange(state, id, decided.sha());
            });
        }

        private SubmittedChange submitted(String id, AppendResult.NotNeeded result) {
            return SubmittedChange.notCommitted(id, result, queue.main());
        }
    }
}
