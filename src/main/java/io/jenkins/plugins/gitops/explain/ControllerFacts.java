package io.jenkins.plugins.gitops.explain;

import io.jenkins.plugins.gitops.ci.CommitRange;
import io.jenkins.plugins.gitops.delivery.HookHealth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The facts that a controller knows of a repository besides its state in git.
 *
 * @param trouble why the repository cannot be driven now, so that the state may be an old one; empty if it can
 * @param hooks what is known of the hooks that tell of changes
 * @param links templates of addresses of commits, by what they lead to
 * @param promotionJobs the waves that have a promotion job, so that promotions and rollbacks can be started
 * @param commits the commits of the application that promotions would bring, by {@code from..to}, as far as they are
 *     known
 */
public record ControllerFacts(
        Optional<String> trouble,
        List<HookHealth> hooks,
        Map<String, String> links,
        Set<String> promotionJobs,
        Map<String, CommitRange> commits) {

    public ControllerFacts {
        hooks = List.copyOf(hooks);
        links = Map.copyOf(links);
        promotionJobs = Set.copyOf(promotionJobs);
        commits = Map.copyOf(commits);
    }

    /** Facts without links and promotion jobs, as where no controller is. */
    public static ControllerFacts of(Optional<String> trouble, List<HookHealth> hooks) {
        return new ControllerFacts(trouble, hooks, Map.of(), Set.of(), Map.of());
    }
}
