package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.repo.ChangeTrailers;
import io.jenkins.plugins.gitops.repo.DecidedChange;
import java.util.List;
import java.util.Optional;

/**
 * A config repository as one look found it, for everybody who wants to show it. It never changes, so that any thread
 * may read it.
 *
 * @param repository its name
 * @param main the SHA of main's tip
 * @param auto the queue, oldest first
 * @param waves in the order of the configuration
 * @param history how changes ended, newest first
 */
public record RepositoryState(
        String repository, String main, List<Queued> auto, List<Wave> waves, List<DecidedChange> history) {

    /**
     * A change in the queue.
     *
     * @param trailers what it does; nothing for a hand-made commit
     */
    public record Queued(ChangeStatus status, Optional<ChangeTrailers> trailers, Verdict.Color verdict) {}

    /**
     * What main has in a wave.
     *
     * @param images its set, empty if nobody has written it
     * @param problem why its files cannot be read, or null
     */
    public record Wave(
            String name, ImageSet images, @CheckForNull String problem) {

        public Wave(String name, ImageSet images, @Nullable String problem) {
            this.name = name;
            this.images = images;
            this.problem = problem;
        }
    }

    public RepositoryState {
        auto = List.copyOf(auto);
        waves = List.copyOf(waves);
        history = List.copyOf(history);
    }
}
