package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How far a wave is on the way to a config commit.
 *
 * @param wanted the commit, or null if the question is what the wave runs now, whatever it is
 * @param targets its targets by name; empty for a wave without applications, which is where main is
 * @param deployed the commit whose set the whole wave runs and is healthy with, or null; of several with the same set
 *     the oldest
 * @param superseded whether a newer set than the wanted one is being rolled out
 * @param unknownRevisions what targets were compared with and the clone does not have
 * @param trouble why nothing can be said at all, in a sentence, or null
 * @param require how many targets it takes
 */
public record Rollout(
        @CheckForNull String wanted,
        List<TargetState> targets,
        @CheckForNull String deployed,
        boolean superseded,
        Set<String> unknownRevisions,
        @CheckForNull String trouble,
        RolloutRequirement require) {

    /** How many waiting targets are named; people look at the page for more. */
    private static final int SHOWN = 5;

    public Rollout(
            @Nullable String wanted,
            List<TargetState> targets,
            @Nullable String deployed,
            boolean superseded,
            Set<String> unknownRevisions,
            @Nullable String trouble,
            RolloutRequirement require) {
        this.wanted = wanted;
        this.targets = List.copyOf(targets);
        this.deployed = deployed;
        this.superseded = superseded;
        this.unknownRevisions = Set.copyOf(unknownRevisions);
        this.trouble = trouble;
        this.require = require;
    }

    /** That of a wave without applications: what main has is deployed. */
    public static Rollout ofMain(@Nullable String wanted, String main, boolean superseded) {
        return new Rollout(wanted, List.of(), superseded ? null : main, superseded, Set.of(), null, RolloutRequirement.ALL);
    }

    /** That of a wave of which nothing can be said, for a reason. */
    public static Rollout unknown(@Nullable String wanted, String trouble) {
        return new Rollout(wanted, List.of(), null, false, Set.of(), trouble, RolloutRequirement.ALL);
    }

    /** The targets that are not deployed. */
    public List<TargetState> waiting() {
        return targets.stream()
                .filter(target -> target.state() != State.DEPLOYED)
                .toList();
    }

    /** Whether enough targets are left to get there, without those that failed or were given up. */
    public boolean isPossibleWithout(Collection<TargetState> lost) {
        Set<String> left = targets.stream()
                .filter(target -> !lost.contains(target))
                .map(TargetState::name)
                .collect(Collectors.toSet());
        return require.met(left, targets.size());
    }

    /** How far it is, in a sentence; empty when it is deployed. */
    public String summary() {
        if (trouble != null) {
            return trouble;
        }
        if (superseded) {
            return "A newer set has arrived.";
        }
        int waiting = waiting().size();
        if (waiting == 0) {
            return deployed == null ? "Its targets run different sets." : "";
        }
        return targets.size() - waiting + " of " + targets.size() + " targets are deployed"
                + (require.isAll() ? "." : "; required: " + require + ".");
    }

    /** What it waits for, in a few sentences; empty when it is deployed. */
    public String reason() {
        List<TargetState> waiting = waiting();
        if (trouble != null || superseded || waiting.isEmpty()) {
            return summary();
        }
        int shown = Math.min(SHOWN, waiting.size());
        var reason = new StringBuilder(summary());
        waiting.subList(0, shown)
                .forEach(target ->
                        reason.append(' ').append(target.name()).append(": ").append(target.reason()));
        if (shown < waiting.size()) {
            reason.append(" And ").append(waiting.size() - shown).append(" more.");
        }
        return reason.toString();
    }
}
