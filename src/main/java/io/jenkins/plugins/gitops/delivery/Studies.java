package io.jenkins.plugins.gitops.delivery;

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

    private final RepositorySettings settings;
    private final Requests requests;
    private final Supplier<AutoBranch> branch;

    /**
     * Makes them for a driver.
     *
     * @param branch what works on the driver's clone now
     */
    Studies(RepositorySettings settings, Requests requests, Supplier<AutoBranch> branch) {
        this.settings = settings;
        this.requests = requests;
        this.branch = branch;
    }

    /**
     * What would be appended.
     *
     * @param appended with the id and the commit left empty if the change would be committed
     * @param diff against the tip of the auto branch, as {@code git diff} shows it; empty if nothing would be committed
     */
    public record DryRun(Appended appended, String diff) {}

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
