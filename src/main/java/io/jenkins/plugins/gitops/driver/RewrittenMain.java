package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.ReplayResult;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Main that no longer contains the main last seen: somebody rewrote it. The driver stops until an administrator accepts
 * that with {@link io.jenkins.plugins.gitops.delivery.DriverRequest.AcceptMain}.
 */
final class RewrittenMain {

    private RewrittenMain() {}

    static String sentence(RepositorySettings settings, ConfigRepoClone repo, ObjectId lastSeen) {
        return "The branch " + settings.mainBranch() + " of " + repo.url() + " was rewritten: it no longer contains "
                + lastSeen.name() + ". Nothing is merged until an administrator has looked and accepts it, with Accept "
                + "main under Manage Jenkins, GitOps Waves, or with sandbox/gitops accept-main.";
    }

    /**
     * Lays the queue that stood on the old main on the new one. What the rewrite took from main must not come back with
     * it, as it would if the auto branch were read as a line on the new main.
     *
     * @return nothing if the auto branch holds nothing of the old main that the new one lacks
     */
    static Optional<ReplayResult> withoutOldMain(AutoBranch autoBranch, ObjectId oldMain, ObjectId main, ObjectId auto)
            throws IOException {
        List<QueuedCommit> queue = autoBranch.queue().read(oldMain, auto).commits();
        boolean bringsBack =
                !new HashSet<>(queue).containsAll(autoBranch.queue().read(main, auto).commits());
        return bringsBack ? Optional.of(autoBranch.replayer().replay(main, List.of(), queue)) : Optional.empty();
    }
}
