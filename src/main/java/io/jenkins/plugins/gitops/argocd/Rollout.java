package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.RolloutJudge.CommitHistory;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.common.CommitSha;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The progress of a wave towards a config commit.
 *
 * @param wanted the commit; empty if the rollout describes what the wave runs now
 * @param targets the targets in the order of their names; empty for a wave without applications, for which main counts
 *     as deployed
 * @param deployed the commit whose set the required targets run and are healthy with, if there is one; of several
 *     commits with the same set the oldest
 * @param superseded whether a newer set than the wanted one is being rolled out
 * @param unknownRevisions the commits that Argo CD compared targets with and that the clone does not have
 * @param trouble why the rollout is not known, in a sentence; empty if it is known
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

    /** The number of waiting targets that {@link #reason} names; the page shows all. */
    private static final int MOST_NAMED = 5;

    public Rollout {
        targets = List.copyOf(targets);
        unknownRevisions = Set.copyOf(unknownRevisions);
    }

    /** Creates a rollout that is known, all of whose targets are required. */
    public Rollout(Optional<String> wanted, List<TargetState> targets, Optional<String> deployed, boolean superseded) {
        this(wanted, targets, deployed, superseded, Set.of(), Optional.empty(), RolloutRequirement.ALL);
    }

    /**
     * Returns the rollout that follows from the states of all targets of a wave, whatever deploys them.
     *
     * @param wanted the commit that was judged; empty for what the wave runs now
     * @param judged the states in the order in which they are shown
     * @param trouble why the states may be out of date, in a sentence; then nothing counts as deployed
     * @param require how many targets have to be deployed
     */
    public static Rollout of(
            Optional<String> wanted,
            List<TargetState> judged,
            Optional<String> trouble,
            CommitHistory commits,
            RolloutRequirement require)
            throws IOException {
        List<TargetState> states = shown(judged);
        Optional<String> deployed = trouble.isPresent() ? Optional.empty() : deployed(states, commits, require);
        boolean superseded = trouble.isEmpty()
                && deployed.isEmpty()
                && states.stream().anyMatch(state -> state.state() == State.SUPERSEDED);
        return new Rollout(wanted, states, deployed, superseded, unknownRevisions(states, commits), trouble, require);
    }

    /** Shows targets with their namespace where the wave has several of one name. */
    private static List<TargetState> shown(List<TargetState> states) {
        Map<String, Long> namesakes = states.stream()
                .collect(Collectors.groupingBy(state -> state.id().name(), Collectors.counting()));
        return states.stream()
                .map(state -> namesakes.get(state.id().name()) > 1 ? state.shownWithNamespace() : state)
                .toList();
    }

    private static Set<String> unknownRevisions(List<TargetState> states, CommitHistory commits) throws IOException {
        var unknown = new HashSet<String>();
        for (TargetState state : states) {
            // Where Argo CD cannot compare, the revision is the name of the branch.
            String revision = state.revision().filter(CommitSha::isFull).orElse(null);
            if (revision != null && !commits.has(revision)) {
                unknown.add(revision);
            }
        }
        return unknown;
    }

    /**
     * Returns the commit whose set the required targets run, if there is one: of several commits with the same set the
     * oldest, of several sets the newest.
     */
    private static Optional<String> deployed(
            List<TargetState> states, CommitHistory commits, RolloutRequirement require) throws IOException {
        Set<ApplicationId> all = ids(states);
        var running = new LinkedHashMap<String, Set<ApplicationId>>();
        var oldest = new HashMap<String, String>();
        for (TargetState state : states) {
            String revision = state.revision().orElse(null);
            if (state.state() == State.DEPLOYED && revision != null) {
                String set = commits.images(revision).identity();
                running.computeIfAbsent(set, key -> new HashSet<>()).add(state.id());
                String before = oldest.get(set);
                if (before == null || commits.contains(before, revision)) {
                    oldest.put(set, revision);
                }
            }
        }
        String newest = null;
        for (var set : running.entrySet()) {
            String revision = oldest.get(set.getKey());
            if (require.met(set.getValue(), all) && (newest == null || commits.contains(revision, newest))) {
                newest = revision;
            }
        }
        return Optional.ofNullable(newest);
    }

    /** Returns the rollout of a wave without applications: what main has counts as deployed. */
    public static Rollout ofMain(Optional<String> wanted, String main, boolean superseded) {
        return new Rollout(wanted, List.of(), superseded ? Optional.empty() : Optional.of(main), superseded);
    }

    /** Returns the rollout of a wave whose state is not known, for the reason in {@code trouble}. */
    public static Rollout unknown(Optional<String> wanted, String trouble) {
        return new Rollout(
                wanted, List.of(), Optional.empty(), false, Set.of(), Optional.of(trouble), RolloutRequirement.ALL);
    }

    /** Returns the targets that are not deployed. */
    public List<TargetState> waiting() {
        return targets.stream()
                .filter(target -> target.state() != State.DEPLOYED)
                .toList();
    }

    /** Returns whether the requirement can still be met without these targets, which have failed or were given up. */
    public boolean isPossibleWithout(Collection<TargetState> lost) {
        List<TargetState> left =
                targets.stream().filter(target -> !lost.contains(target)).toList();
        return require.met(ids(left), ids(targets));
    }

    static Set<ApplicationId> ids(List<TargetState> targets) {
        return targets.stream().map(TargetState::id).collect(Collectors.toSet());
    }

    /** Returns a sentence with the progress of the wave; empty when all its targets are deployed with one set. */
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

    /** Returns what the wave waits for, in a few sentences; empty as {@link #summary} is. */
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
