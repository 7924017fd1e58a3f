package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.common.ConfigConflict;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.WaveFrozen;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.driver.RequestQueue.Pending;
import io.jenkins.plugins.gitops.explain.CloneServices;
import io.jenkins.plugins.gitops.git.RefChange;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.promotion.IntakeWaitlist;
import io.jenkins.plugins.gitops.promotion.PromotionEvaluator;
import io.jenkins.plugins.gitops.promotion.WaveAdmission;
import io.jenkins.plugins.gitops.queue.AppendResult;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.ObjectId;

/** Lays changes and promotions on the auto branch; who asked is answered when a look finds what was laid. */
final class AppendHandler {

    private final RepositorySettings settings;
    private final IntakeWaitlist outside = new IntakeWaitlist();

    /** What held when a promotion was laid on the branch, until its push is answered. */
    private final Map<String, List<PromotionCondition>> promotedUnder = new HashMap<>();

    AppendHandler(RepositorySettings settings) {
        this.settings = settings;
    }

    /** All that is asked for, in one push. */
    Optional<RefUpdateBatch> next(RoundContext context, RequestQueue.Batch batch) throws IOException {
        var laying = new Laying(context);
        for (Pending<AppendChange, SubmittedChange> request : batch.of(AppendChange.class)) {
            laying.append(request);
        }
        for (Pending<Promote, PromotionResult> request : batch.of(Promote.class)) {
            laying.promote(request);
        }
        return laying.push();
    }

    /** The branch as it grows in one push. */
    private final class Laying {
        private final RoundContext context;
        private final List<StateCommand.HoldWave> holds = new ArrayList<>();
        private CommitQueue queue;

        Laying(RoundContext context) {
            this.context = context;
            this.queue = context.queue();
        }

        private boolean hasGrown() {
            return queue != context.queue();
        }

        Optional<RefUpdateBatch> push() throws IOException {
            if (!hasGrown()) {
                return Optional.empty();
            }
            var changes = new ArrayList<RefChange>();
            changes.add(context.refs().move(context.refs().names().auto(), queue.auto()));
            if (!holds.isEmpty()) {
                // The hold of a rollback comes with it, or neither does.
                changes.add(context.pushes().write(context.stateEditor().hold(holds.get(0))));
            }
            return Optional.of(RefUpdateBatch.of(changes));
        }

        void append(Pending<AppendChange, SubmittedChange> request) throws IOException {
            NewChange change = request.request().change();
            Optional<SubmittedChange> known = known(change.id());
            if (known.isPresent()) {
                request.complete(known.get());
                return;
            }
            RequestRefused refused = refusal(change);
            if (refused != null) {
                request.fail(refused);
            } else if (!waitsOutside(request)) {
                apply(
                        change,
                        appending -> request.complete(answer(change.id(), appending)),
                        request::fail);
            }
        }

        @CheckForNull
        private RequestRefused refusal(NewChange change) throws IOException {
            try {
                settings.checkCommitsTo(change.wavePath());
            } catch (IllegalArgumentException e) {
                return new RequestRefused(e.getMessage());
            }
            WaveAdmission.Refusal refusal = context.admission().refusal(change.operation(), change.wavePath(), change.images());
            return refusal == null
                    ? null
                    : new RequestRefused("Nothing was committed to " + change.wavePath() + ": " + refusal.sentence());
        }

        /**
         * Whether a change has to wait outside its wave, in which case it is answered so; one that changes nothing has
         * not.
         */
        private boolean waitsOutside(Pending<AppendChange, SubmittedChange> request) throws IOException {
            NewChange change = request.request().change();
            PromotionCondition intake = context
                    .candidates()
                    .intake(change.wavePath())
                    .filter(condition -> !condition.met())
                    .orElse(null);
            if (intake == null) {
                outside.opened(change.wavePath());
                return false;
            }
            try {
                if (!(context.services().autoBranch().appender().append(queue, change) instanceof AppendResult.Commit)) {
                    return false;
                }
            } catch (InvalidImagesException e) {
                // Said when it is laid.
                return false;
            }
            if (outside.isOvertaken(change)) {
                request.complete(answer(change.id(), new AppendResult.Superseded()));
            } else {
                Instant until = Objects.requireNonNullElse(intake.nextLook(), context.now());
                request.fail(new WaveFrozen(intake.seen(), until));
            }
            return true;
        }

        void promote(Pending<Promote, PromotionResult> request) throws IOException {
            PromotionRequest wish = request.request().promotion();
            if (!holds.isEmpty()) {
                // One push writes the hold of one rollback; whatever else is wished is decided on when it is there.
                return;
            }
            Optional<SubmittedChange> known = known(wish.id());
            List<PromotionCondition> heldWhenLaid = promotedUnder.remove(wish.id());
            if (known.isPresent()) {
                request.complete(new PromotionResult(known.get(), Objects.requireNonNullElse(heldWhenLaid, List.of())));
                return;
            }
            PromotionEvaluator.Decision decision;
            try {
                decision = context.promotions(queue).decide(wish);
            } catch (RequestRefused e) {
                request.fail(e);
                return;
            }
            NewChange change = decision.change();
            if (change == null) {
                SubmittedChange superseded = decision.superseded() ? answer(wish.id(), new AppendResult.Superseded()) : null;
                request.complete(new PromotionResult(superseded, decision.conditions()));
                return;
            }
            Optional<QueuedCommit> laid = apply(
                    change,
                    appending -> request.complete(new PromotionResult(
                                    answer(wish.id(), appending), decision.with(PromotionEvaluator.differs(change.wavePath(), appending)))),
                    request::fail);
            if (laid.isPresent()) {
                if (wish.kind().isRollback()) {
                    String reason = "rolled back to " + wish.revision().orElseThrow();
                    holds.add(
                            new StateCommand.HoldWave(wish.to(), new Hold(wish.requester(), reason, context.now(), null)));
                }
                PromotionCondition differs = PromotionEvaluator.differs(change.wavePath(), new AppendResult.Commit(laid.get()));
                promotedUnder.put(wish.id(), decision.with(differs));
            }
        }

        /**
         * Lays a change on the queue; it is answered when a look finds it.
         *
         * @param answer hears what became of it if nothing is to be pushed for it or for another
         * @return its commit, if it needed one
         */
        private Optional<QueuedCommit> apply(
                NewChange change, Consumer<AppendResult.NotNeeded> answer, Consumer<GitOpsException> refuse) throws IOException {
            AppendResult appending;
            try {
                appending = context.services().autoBranch().appender().append(queue, change);
            } catch (InvalidImagesException e) {
                refuse.accept(new RequestRefused("The image files of the wave " + change.wavePath() + " in " + settings.url()
                        + " cannot be read: " + e.getMessage()));
                return Optional.empty();
            }
            if (appending instanceof AppendResult.Conflict conflict) {
                refuse.accept(new ConfigConflict(conflict.reason()));
            } else if (appending instanceof AppendResult.Commit commit) {
                var commits = new ArrayList<>(queue.commits());
                commits.add(commit.commit());
                queue = new CommitQueue(queue.main(), commit.commit().sha(), commits, true);
                return Optional.of(commit.commit());
            } else if (appending instanceof AppendResult.NotNeeded notNeeded && !hasGrown()) {
                answer.accept(notNeeded);
            }
            return Optional.empty();
        }

        /** What became of a change that was appended before, by this process or the one before it. */
        private Optional<SubmittedChange> known(String id) throws IOException {
            CloneServices clone = context.services();
            CommitQueue before = context.queue();
            Optional<String> sha = before.find(id).map(commit -> commit.sha().name());
            if (sha.isEmpty()) {
                sha = clone.autoBranch().mainLog().upTo(before.main()).find(id).map(ObjectId::name);
            }
            if (sha.isPresent()) {
                return Optional.of(new SubmittedChange(id, sha.get(), true, false, null));
            }
            return clone.stateRef()
                    .find(context.refs().state(), id)
                    .map(decided ->
                            new SubmittedChange(id, decided.sha(), true, decided.outcome() == Outcome.SUPERSEDED, null));
        }

        private SubmittedChange answer(String id, AppendResult.NotNeeded result) {
            return SubmittedChange.of(id, result, queue.main());
        }
    }
}
