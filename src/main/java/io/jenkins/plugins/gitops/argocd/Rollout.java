package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How far a wave is on the way to a config commit.
 *
 * @param wanted the commit; empty if the question is what the wave runs now, whatever that is
 * @param targets its targets by name; empty for a wave without applications, which is always where main is
 * @param deployed the commit whose set enough targets run and are healthy with, if there is one; of several commits with
 *     the same set the oldest
 * @param superseded whether a newer set than the wanted one is being rolled out
 * @param unknownRevisions what targets were compared with and the clone does not have
 * @param trouble why nothing can be said at all, in a sentence; empty if something can
 * @param require how many targets have to be deployed
 */
public record Rollout(
        Optional<String> wanted,
        List<TargetState> targets,
        Optional<String> deployed,
        boolean superseded,
        Set<String> unknownRevisions,
        Optional<String> trouble,
        RolloutRequirement require) {

    /** How many waiting targets a reason names; people look at the page for more. */
    private static final int MOST_NAMED = 5;

    public Rollout {
        targets = List.copyOf(targets);
        unknownRevisions = Set.copyOf(unknownRevisions);
    }

    /** Returns the rollout of a wave without applications: what main has counts as deployed. */
    public static Rollout ofMain(@Nullable String wanted, String main, boolean superseded) {
        return new Rollout(
                Optional.ofNullable(wanted),
                List.of(),
                superseded ? Optional.empty() : Optional.of(main),
                superseded,
                Set.of(),
                Optional.empty(),
                RolloutRequirement.ALL);
    }

    /** Returns the rollout of a wave of which nothing can be said, for the reason in {@code trouble}. */
    public static Rollout unknown(@Nullable String wanted, String trouble) {
        return new Rollout(
                Optional.ofNullable(wanted),
                List.of(),
                Optional.empty(),
                false,
                Set.of(),
                Optional.of(trouble),
                RolloutRequirement.ALL);
    }

    /** Returns the targets that are not deployed. */
    public List<TargetState> waiting() {
        return targets.stream()
                .filter(target -> target.state() != State.DEPLOYED)
                .toList();
    }

    /** Returns whether the requirement can still be met without these targets, which have failed or were given up. */
    public boolean isPossibleWithout(Collection<TargetState> lost) {
        Set<String> left = targets.stream()
                .filter(target -> !lost.contains(target))
                .map(TargetState::name)
                .collect(Collectors.toSet());
        return require.met(left, targets.size());
    }

    /** Returns in a sentence how far the wave is; empty when it is deployed. */
    public String summary() {
        if (trouble.isPresent()) {
            return trouble.get();
        }
        if (superseded) {
            return "A newer set has arrived.";
        }
        int waiting = waiting().size();
        if (waiting == 0) {
            return deployed.isEmpty() ? "Its targets run different sets." : "";
        }
        return targets.size() - waiting + " of " + targets.size() + " targets are deployed"
                + (require.isAll() ? "." : "; required: " + require + ".");
    }

    /** Returns in a few sentences what the wave waits for; empty when it is deployed. */
    public String reason() {
        List<TargetState> waiting = waiting();
        if (trouble.isPresent() || superseded || waiting.isEmpty()) {
            return summary();
        }
        int named = Math.min(MOST_NAMED, waiting.size());
        var reason = new StringBuilder(summary());
        waiting.subList(0, named)
                .forEach(target ->
                        reason.append(' ').append(target.name()).append(": ").append(target.reason()));
        if (named < waiting.size()) {
            reason.append(" And ").append(waiting.size() - named).append(" more.");
        }
        return reason.toString();
    }
}
