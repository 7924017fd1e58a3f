package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.queue.MergePolicy;
import io.jenkins.plugins.gitops.queue.QueueVerdicts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;

/** Pushes branches for commits below a red one, so that CI tests them and the commit that broke the checks is found. */
final class BisectBranches {

    private BisectBranches() {}

    /** The next branch to push. One branch a push, since forges drop the webhooks of pushes with many branches. */
    static Optional<RefUpdateBatch> next(RoundContext context, QueueVerdicts verdicts, MergePolicy.Decision decision) {
        if (!(decision instanceof MergePolicy.Decision.Bisect bisect)) {
            return Optional.empty();
        }
        RefSnapshot refs = context.refs();
        List<QueuedCommit> commits = context.queue().commits();
        Set<ObjectId> undecided = new HashSet<>();
        for (int i = 0; i < bisect.red(); i++) {
            undecided.add(commits.get(i).sha());
        }
        var tested = new HashSet<ObjectId>();
        var free = new ArrayList<String>();
        for (int slot = 1; slot <= RefNames.SLOTS; slot++) {
            ObjectId commit = refs.get(refs.names().slot(slot));
            if (!undecided.contains(commit) || !tested.add(commit)) {
                free.add(refs.names().slot(slot));
            }
        }
        for (int probe : bisect.probes()) {
            ObjectId commit = commits.get(probe).sha();
            boolean running = !verdicts.commits().get(probe).isSilent();
            if (!free.isEmpty() && !running && !tested.contains(commit)) {
                return Optional.of(RefUpdateBatch.of(refs.move(free.get(0), commit)));
            }
        }
        return Optional.empty();
    }
}
