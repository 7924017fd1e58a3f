package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.common.ConfigConflict;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.ConfigTree;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.promotion.PromotionEvaluator;
import io.jenkins.plugins.gitops.queue.AppendResult;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jgit.lib.ObjectId;

/** Questions about what a change would be: answered from the branch as it is, and nothing is pushed for them. */
public final class Previews {

    private final RepositorySettings settings;
    private final RequestQueue requests;

    Previews(RepositorySettings settings, RequestQueue requests) {
        this.settings = settings;
        this.requests = requests;
    }

    /**
     * What would be appended.
     *
     * @param appended with the id and the commit left empty if the change would be committed
     * @param diff against the tip of the auto branch, as {@code git diff} shows it; empty if nothing would be committed
     */
    public record DryRun(SubmittedChange appended, String diff) {}

    /**
     * What a promotion would work on.
     *
     * @param tree with its images, or null if the change may not or need not be made
     * @param revision the config commit whose set that is; null with the tree
     * @param promoted what becomes of the wish where there is no tree
     */
    public record PreparedPromotion(
            @CheckForNull ConfigTree tree, @CheckForNull String revision, PromotionResult promoted) {

        public PreparedPromotion(@Nullable ConfigTree tree, @Nullable String revision, PromotionResult promoted) {
            this.tree = tree;
            this.revision = revision;
            this.promoted = promoted;
        }
    }

    /**
     * What a promotion would be.
     *
     * @param promoted with all conditions, and what would change
     * @param diff against the tip of the auto branch, as {@code git diff} shows it; empty if nothing would be committed
     */
    public record TriedPromotion(PromotionResult promoted, String diff) {}

    /**
     * What a commit does to the images of a wave.
     *
     * @param before what its parent has
     * @param after what it has itself
     */
    public record ImageDiff(ImageSet before, ImageSet after) {}

    /** The tree of the auto branch with the images of a change written, for the body of a step. */
    public CompletableFuture<ConfigTree> prepare(NewChange change) {
        return requests.study(now -> {
            taken(change);
            return branch(now).prepare(now.line(), change);
        });
    }

    /**
     * The same for a promotion, if there is something to promote and every condition holds, or it is only tried out.
     */
    public CompletableFuture<PreparedPromotion> prepare(PromotionRequest wish) {
        return requests.study(now -> prepare(wish, now));
    }

    private static PreparedPromotion prepare(PromotionRequest wish, RoundContext now) throws IOException, GitOpsException {
        CommitQueue line = now.line();
        PromotionEvaluator.Decision decision = now.promotions(line).decide(wish);
        NewChange change = decision.change();
        if (change == null) {
            SubmittedChange superseded =
                    decision.superseded() ? SubmittedChange.of(wish.id(), new AppendResult.Superseded(""), line.main()) : null;
            return new PreparedPromotion(null, null, new PromotionResult(superseded, decision.conditions()));
        }
        AppendResult appending = branch(now).append(line, change);
        List<PromotionCondition> conditions = decision.with(PromotionEvaluator.differs(wish, appending));
        if (!(appending instanceof AppendResult.Commit)) {
            SubmittedChange appended = SubmittedChange.of(wish.id(), appending, line.main());
            return new PreparedPromotion(null, null, new PromotionResult(appended, conditions));
        }
        return new PreparedPromotion(
                branch(now).prepare(line, change), change.sourceSha(), new PromotionResult(null, conditions));
    }

    /** The tree that was prepared before, after a restart; without the images that were written into it. */
    public CompletableFuture<ConfigTree> prepared(String base) {
        return requests.study(now -> branch(now).prepared(ObjectId.fromString(base)));
    }

    /**
     * What a commit does to the images of a wave; nothing if the clone does not have it any more.
     *
     */
    public CompletableFuture<Optional<ImageDiff>> imageDiff(String sha, WavePath path) {
        return requests.study(now -> branch(now).has(sha)
                ? Optional.of(imageDiff(branch(now), ObjectId.fromString(sha), path))
                : Optional.empty());
    }

    private static ImageDiff imageDiff(AutoBranch branch, ObjectId commit, WavePath path) throws IOException {
        Optional<ObjectId> parent = branch.parent(commit);
        ImageSet before = parent.isPresent() ? branch.images(parent.get(), path) : ImageSet.EMPTY;
        return new ImageDiff(before, branch.images(commit, path));
    }

    /** What would be appended for a change. */
    public CompletableFuture<DryRun> dryRun(NewChange change) {
        return requests.study(now -> {
            taken(change);
            return laid(now, change);
        });
    }

    /** What would be promoted for a wish. */
    public CompletableFuture<TriedPromotion> tryOut(PromotionRequest wish) {
        return requests.study(now -> {
            PromotionEvaluator promotions = now.promotions(now.line());
            PromotionEvaluator.Decision decision = promotions.decide(wish);
            NewChange change = decision.change();
            return new TriedPromotion(
                    promotions.tryOut(wish, decision),
                    change == null ? "" : laid(now, change).diff());
        });
    }

    private static DryRun laid(RoundContext now, NewChange change) throws IOException, GitOpsException {
        CommitQueue line = now.line();
        AppendResult appending = branch(now).append(line, change);
        if (appending instanceof AppendResult.Commit commit) {
            return new DryRun(
                    new SubmittedChange("", "", true, false, null),
                    branch(now).diff(line.tip(), commit.commit().sha()));
        }
        if (appending instanceof AppendResult.Conflict conflict) {
            throw new ConfigConflict(conflict.reason());
        }
        return new DryRun(SubmittedChange.of(change.id(), appending, line.main()), "");
    }

    private static AutoBranch branch(RoundContext now) {
        return now.repository().autoBranch();
    }

    private void taken(NewChange change) throws RequestRefused {
        try {
            settings.checkCommitsTo(change.wavePath());
        } catch (IllegalArgumentException e) {
            throw new RequestRefused(e.getMessage());
        }
    }
}
