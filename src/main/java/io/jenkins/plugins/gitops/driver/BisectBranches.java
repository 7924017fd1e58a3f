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

/** Has commits below a red one tested, on branches of their own, to find the one that is to blame. */
final class BisectBranches {

    private BisectBranches() {}

    /** The next branch to push; one a push, since forges drop the hooks of pushes with many branches. */
    static Optional<RefUpdateBatch> next(RoundContext situation, QueueVerdicts verdicts, MergePolicy.Decision decision) {
        if (!(decision instanceof MergePolicy.Decision.Bisect bisect)) {
            return Optional.empty();
        }
        RefSnapshot view = situation.view();
        List<QueuedCommit> commits = situation.line().commits();
        Set<ObjectId> undecided = new HashSet<>();
        for (int i = 0; i < bisect.red(); i++) {
            undecided.add(commits.get(i).sha());
        }
        var tested = new HashSet<ObjectId>();
        var free = new ArrayList<String>();
        for (int slot = 1; slot <= RefNames.SLOTS; slot++) {
            ObjectId commit = view.get(view.names().slot(slot));
            if (!undecided.contains(commit) || !tested.add(commit)) {
                free.add(view.names().slot(slot));
            }
        }
        for (int probe : bisect.probes()) {
            ObjectId commit = commits.get(probe).sha();
            boolean running = !verdicts.commits().get(probe).isSilent();
            if (!free.isEmpty() && !running && !tested.contains(commit)) {
                return Optional.of(new RefUpdateBatch("", List.of(view.move(free.get(0), commit)), false));
            }
        }
        return Optional.empty();
    }
}
