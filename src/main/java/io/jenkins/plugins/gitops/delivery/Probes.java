package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.repo.QueuedCommit;
import io.jenkins.plugins.gitops.repo.RefNames;
import io.jenkins.plugins.gitops.repo.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;

/** Has commits below a red one tested, on branches of their own, to find the one that is to blame. */
final class Probes {

    private Probes() {}

    /** The next branch to push; one a push, since forges drop the hooks of pushes with many branches. */
    static Optional<Push> next(Situation situation, Verdicts verdicts, Judge.Decision decision) {
        if (!(decision instanceof Judge.Decision.Bisect bisect)) {
            return Optional.empty();
        }
        View view = situation.view();
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
                return Optional.of(new Push("", List.of(view.move(free.get(0), commit)), false));
            }
        }
        return Optional.empty();
    }
}
