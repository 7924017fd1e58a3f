package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes the lines of a build's log about a rollout; what has been logged is not repeated. */
final class RolloutLog {

    /** The number of targets that are named at once. */
    static final int MAX_TARGETS = 20;

    private final String wave;

    /** The names of the targets, by their keys. */
    @CheckForNull
    private Map<String, String> lastTargets;

    @CheckForNull
    private String lastSummary;

    /** The reasons that were logged last, by target. */
    private Map<String, String> lastReasons = Map.of();

    RolloutLog(String wave) {
        this.wave = wave;
    }

    /** A line for each target that is gone; where targets are selected, nothing else would show that. */
    synchronized List<String> goneTargets(Rollout rollout) {
        Map<String, String> now =
                rollout.targets().stream().collect(Collectors.toMap(TargetState::key, TargetState::name));
        Map<String, String> gone = new TreeMap<>(lastTargets == null ? Map.of() : lastTargets);
        gone.keySet().removeAll(now.keySet());
        lastTargets = now;
        return gone.values().stream()
                .map(
                        name -> "Wave " + wave + ": " + name
                                + " is not a target any more; Argo CD or Flux has it no longer, or the wave does not select it.")
                .toList();
    }

    /** The summary if it is new, and a line for each target that waits for a new reason. */
    synchronized List<String> waitingTargets(Rollout rollout) {
        Map<String, String> reasons = new LinkedHashMap<>();
        rollout.waiting().forEach(target -> reasons.put(target.name(), target.reason()));
        String summary = "Wave " + wave + ": " + rollout.summary();
        List<String> lines = new ArrayList<>();
        if (!summary.equals(lastSummary)) {
            lines.add(summary);
        }
        Map<String, String> logged = lastReasons;
        List<String> changed = reasons.keySet().stream()
                .filter(name -> !reasons.get(name).equals(logged.get(name)))
                .toList();
        changed.stream().limit(MAX_TARGETS).forEach(name -> lines.add("  " + name + ": " + reasons.get(name)));
        if (changed.size() > MAX_TARGETS) {
            lines.add("  and " + (changed.size() - MAX_TARGETS) + " more");
        }
        lastReasons = reasons;
        lastSummary = summary;
        return lines;
    }
}
