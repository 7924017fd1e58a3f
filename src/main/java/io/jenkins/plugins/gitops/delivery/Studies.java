package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.errors.ConfigConflict;
import io.jenkins.plugins.gitops.errors.GitOpsException;
import io.jenkins.plugins.gitops.errors.Refused;
import io.jenkins.plugins.gitops.repo.Appending;
import io.jenkins.plugins.gitops.repo.AutoBranch;
import io.jenkins.plugins.gitops.repo.ConfigTree;
import io.jenkins.plugins.gitops.repo.Line;
import io.jenkins.plugins.gitops.repo.NewChange;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.eclipse.jgit.lib.ObjectId;

/** Questions about what a change would be: answered from the branch as it is, and nothing is pushed for them. */
public final class Studies {

    /** Decides on a wish to promote. */
    interface Deciding {
        Promotions.Decision decide(Promotion wish, Line line) throws IOException;
    }

    private final RepositorySettings settings;
    private final Requests requests;
    private final Supplier<AutoBranch> branch;
    private final Deciding promotions;

    /**
     * Makes them for a driver.
     *
     * @param branch what works on the driver's clone now
     * @param promotions decides on a wish to promote
     */
    Studies(
            RepositorySettings settings,
            Requests requests,
            Supplier<AutoBranch> branch,
            Deciding promotions) {
        this.settings = settings;
        this.requests = requests;
        this.branch = branch;
        this.promotions = promotions;
    }

    /**
     * What would be appended.
     *
     * @param appended with the id and the commit left empty if the change would be committed
     * @param diff against the tip of the auto branch, as {@code git diff} shows it; empty if nothing would be committed
     */
    public record DryRun(Appended appended, String diff) {}

    /**
     * What a promotion would work on.
     *
     * @param change the change it would be, or null if it may not or need not be made
     * @param tree with its images, if there is a change
     * @param refused what became of the wish, if there is no change
     */
    public record PreparedPromotion(
            @CheckForNull NewChange change,
            @CheckForNull ConfigTree tree,
            @CheckForNull Promoted refused) {

        public PreparedPromotion(
                @Nullable NewChange change, @Nullable ConfigTree tree, @Nullable Promoted refused) {
            this.change = change;
            this.tree = tree;
            this.refused = refused;
        }
    }

    /** The tree of the auto branch with the images of a change written, for the body of a step. */
    public CompletableFuture<ConfigTree> prepare(NewChange change) {
        return requests.study(line -> {
            taken(change);
            return branch.get().prepare(line, change);
        });
    }

    /** The tree that was prepared before, after a restart; without the images that were written into it. */
    public CompletableFuture<ConfigTree> prepared(String base) {
        return requests.study(line -> branch.get().prepared(ObjectId.fromString(base)));
    }

    /** As {@link #prepare}, for a promotion, if it may be made. */
    public CompletableFuture<PreparedPromotion> prepare(Promotion wish) {
        return requests.study(line -> {
            Promotions.Decision decision = promotions.decide(wish, line);
            NewChange change = decision.change();
            if (change == null) {
                Appended superseded = decision.superseded()
                        ? Appended.of(wish.id(), new Appending.Superseded(""), line.main())
                        : null;
                return new PreparedPromotion(null, null, new Promoted(superseded, decision.conditions()));
            }
            return new PreparedPromotion(change, branch.get().prepare(line, change), null);
        });
    }

    /** What would be appended for a change. */
    public CompletableFuture<DryRun> dryRun(NewChange change) {
        return requests.study(line -> dryRun(line, change));
    }

    private DryRun dryRun(Line line, NewChange change) throws IOException, GitOpsException {
        taken(change);
        Appending appending = branch.get().append(line, change);
        if (appending instanceof Appending.Commit commit) {
            return new DryRun(
                    new Appended("", "", true, false, null),
                    branch.get().diff(line.tip(), commit.commit().sha()));
        }
        if (appending instanceof Appending.Conflict conflict) {
            throw new ConfigConflict(conflict.reason());
        }
        return new DryRun(Appended.of(change.id(), appending, line.main()), "");
    }

    private void taken(NewChange change) throws Refused {
        try {
            settings.waveForCommits(change.wave());
        } catch (IllegalArgumentException e) {
            throw new Refused(e.getMessage());
        }
    }
}
