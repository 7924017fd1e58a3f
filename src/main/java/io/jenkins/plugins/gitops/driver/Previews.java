package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.common.ConfigConflict;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.ChangePreview;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.ImageDiff;
import io.jenkins.plugins.gitops.delivery.PreparedPromotion;
import io.jenkins.plugins.gitops.delivery.PromotionPreview;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.TreeDiff;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.promotion.ConditionEvaluator;
import io.jenkins.plugins.gitops.promotion.DeliveryFinder;
import io.jenkins.plugins.gitops.promotion.PromotionEvaluator;
import io.jenkins.plugins.gitops.promotion.PromotionEvaluator.Decision;
import io.jenkins.plugins.gitops.queue.AppendResult;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.worktree.ConfigTree;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/** Answers the requests that only read: from the auto branch as it is, without a push. */
final class Previews {

    private final RoundContext context;
    private final CommitQueue queue;
    private final AutoBranch branch;

    Previews(RoundContext context) {
        this.context = context;
        this.queue = context.queue();
        this.branch = context.services().autoBranch();
    }

    private interface Work<R, T> {
        /** Empty if the answer has to wait for the generator. */
        Optional<T> on(R request) throws IOException, GitOpsException;
    }

    /** Answers all such requests of a batch. */
    void answer(RequestQueue.Batch batch) throws IOException {
        answer(
                batch,
                DriverRequest.IsOnMain.class,
                request -> Optional.of(context.rollouts().isOnMain(request.sha())));
        answer(
                batch,
                DriverRequest.ReopenTree.class,
                request -> Optional.of(branch.appender().prepared(ObjectId.fromString(request.base()))));
        answer(
                batch,
                DriverRequest.CompareImages.class,
                request -> Optional.of(compareImages(request.sha(), request.path())));
        answer(
                batch,
                DriverRequest.FindDeliveries.class,
                request -> Optional.of(new DeliveryFinder(context.settings(), branch, queue)
                        .builds(request.to(), request.revision())));
        if (queue.straight()) {
            answer(batch, DriverRequest.PrepareChange.class, request -> Optional.of(prepare(request.change())));
            answer(batch, DriverRequest.PreparePromotion.class, request -> Optional.of(prepare(request.promotion())));
            answer(batch, DriverRequest.PreviewChange.class, request -> preview(request.change()));
            answer(batch, DriverRequest.PreviewPromotion.class, request -> preview(request.promotion()));
        }
    }

    private static <R extends DriverRequest<T>, T> void answer(RequestQueue.Batch batch, Class<R> type, Work<R, T> work)
            throws IOException {
        for (RequestQueue.Pending<R, T> pending : batch.of(type)) {
            try {
                work.on(pending.request()).ifPresent(pending::complete);
            } catch (GitOpsException e) {
                pending.fail(e);
            } catch (InvalidImagesException e) {
                pending.fail(new RequestRefused("The image files cannot be read: " + e.getMessage()));
            }
        }
    }

    private ConfigTree prepare(NewChange change) throws IOException, GitOpsException {
        checkTakesCommits(change);
        return branch.appender().prepare(queue, change);
    }

    private PreparedPromotion prepare(PromotionRequest request) throws IOException, GitOpsException {
        Decision decision = context.promotions(queue).decide(request);
        if (decision instanceof Decision.NotAppended notAppended) {
            return new PreparedPromotion.NotReady(notAppended.result());
        }
        var append = (Decision.Append) decision;
        NewChange change = append.change();
        AppendResult result = branch.appender().append(queue, change);
        if (result instanceof AppendResult.Conflict conflict) {
            throw new ConfigConflict(conflict.reason());
        }
        if (result instanceof AppendResult.NotNeeded notNeeded) {
            var submitted = SubmittedChange.notCommitted(request.id(), notNeeded, queue.main());
            PromotionCondition differs = ConditionEvaluator.differs(change.wavePath(), result);
            return new PreparedPromotion.NotReady(PromotionResult.of(submitted, append.with(differs)));
        }
        return new PreparedPromotion.Ready(
                branch.appender().prepare(queue, change),
                change.trailers().sourceSha().orElseThrow());
    }

    private Optional<ImageDiff> compareImages(String sha, WavePath path) throws IOException {
        if (!branch.graph().has(sha)) {
            return Optional.empty();
        }
        ObjectId commit = ObjectId.fromString(sha);
        Optional<ObjectId> parent = branch.graph().parent(commit);
        ImageSet before = parent.isPresent() ? branch.images().read(parent.get(), path) : ImageSet.EMPTY;
        return Optional.of(new ImageDiff(before, branch.images().read(commit, path)));
    }

    private Optional<ChangePreview> preview(NewChange change) throws IOException, GitOpsException {
        checkTakesCommits(change);
        return previewAppend(change);
    }

    private Optional<PromotionPreview> preview(PromotionRequest request) throws IOException, GitOpsException {
        PromotionEvaluator promotions = context.promotions(queue);
        Decision decision = promotions.decide(request);
        if (decision instanceof Decision.NotAppended notAppended) {
            return Optional.of(new PromotionPreview(notAppended.result().conditions(), List.of(), ""));
        }
        var append = (Decision.Append) decision;
        Optional<ChangePreview> change = previewAppend(append.change());
        return change.isPresent()
                ? Optional.of(promotions.preview(append, change.get().diff()))
                : Optional.empty();
    }

    private Optional<ChangePreview> previewAppend(NewChange change) throws IOException, GitOpsException {
        AppendResult result = branch.appender().append(queue, change);
        if (result instanceof AppendResult.Commit commit) {
            return Optional.of(new ChangePreview(
                    new SubmittedChange(SubmittedChange.State.COMMITTED, "", ""),
                    TreeDiff.of(
                            context.services().git(),
                            queue.tip(),
                            commit.commit().sha())));
        }
        if (result instanceof AppendResult.Conflict conflict) {
            throw new ConfigConflict(conflict.reason());
        }
        if (result instanceof AppendResult.Ungenerated later) {
            context.generation().forAppend(later.wanted());
            return Optional.empty();
        }
        if (result instanceof AppendResult.Ungenerable failed) {
            throw new RequestRefused("Nothing would be committed to " + change.wavePath() + ": " + failed.reason());
        }
        if (result instanceof AppendResult.Redelivered refused) {
            throw new RequestRefused("Nothing would be committed to " + change.wavePath() + ": " + refused.reason());
        }
        var notNeeded = (AppendResult.NotNeeded) result;
        return Optional.of(new ChangePreview(SubmittedChange.notCommitted(change.id(), notNeeded, queue.main()), ""));
    }

    private void checkTakesCommits(NewChange change) throws RequestRefused {
        try {
            context.settings().checkCommitsTo(change.wavePath());
        } catch (IllegalArgumentException e) {
            throw new RequestRefused(e.getMessage());
        }
    }
}
