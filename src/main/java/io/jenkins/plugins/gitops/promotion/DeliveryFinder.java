package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.DriverRequest.DeliveringBuild;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;

/** Finds the builds that delivered what is new in a set for a wave. */
public final class DeliveryFinder {

    private final RepositorySettings settings;
    private final AutoBranch branch;
    private final CommitQueue queue;

    public DeliveryFinder(RepositorySettings settings, AutoBranch branch, CommitQueue queue) {
        this.settings = settings;
        this.branch = branch;
        this.queue = queue;
    }

    /**
     * The builds whose changes brought the images that sets of previous waves have and the wave has not.
     *
     * @param to the wave that the set would go to
     * @param revision a commit of main, maybe abbreviated, in which previous waves have sets
     * @throws RequestRefused if there is no such commit or wave
     */
    public List<DeliveringBuild> builds(WavePath to, String revision) throws IOException, RequestRefused {
        var revisions = new RevisionFinder(settings, branch.graph(), queue.main());
        ObjectId commit = revisions.onMain(revision);
        ImageSet present = branch.images().read(queue.main(), to);
        var builds = new LinkedHashSet<DeliveringBuild>();
        var log = branch.mainLog().upTo(queue.main());
        for (String wave : revisions.wave(to).promotesFrom()) {
            ImageSet set = branch.images().read(commit, to.in(wave));
            if (!set.isEmpty()) {
                log.deliveries(log.origin(commit, to.in(wave)), set.differingServices(present)).stream()
                        .flatMap(change -> change.buildUrl().map(url -> new DeliveringBuild(url, change.id())).stream())
                        .forEach(builds::add);
            }
        }
        return List.copyOf(builds);
    }
}
