package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.images.ImageSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Judges the rollout of a wave by the states of its targets in Argo CD: which targets there are, which commit's set the
 * required ones run, and which revisions the clone does not have. {@link TargetJudge} judges each of the targets.
 */
public final class RolloutJudge {

    /** The commits of the config repository, as far as the clone has them. */
    public interface CommitHistory {

        /** Returns whether the clone has a commit. */
        boolean has(String sha) throws IOException;

        /** Returns whether {@code ancestor} is {@code descendant} or one of its ancestors; the clone has both. */
        boolean contains(String descendant, String ancestor) throws IOException;

        /**
         * Returns the image set of the wave in a commit.
         *
         * @throws io.jenkins.plugins.gitops.images.InvalidImagesException if its files are no image set
         */
        ImageSet images(String sha) throws IOException;
    }

    /**
     * The repository whose commits targets run.
     *
     * @param url of the repository; of an application with several sources, those with this one are judged
     * @param mainBranch the branch that applications are to follow
     */
    public record ConfigRepository(String url, String mainBranch) {}

    private final TargetSelection targets;
    private final ConfigRepository config;
    private final ServerSnapshot snapshot;
    private final CommitHistory commits;
    private final RolloutRequirement require;

    /**
     * Creates a judge of one wave.
     *
     * @param snapshot the applications of the targets' server
     * @param require how many targets have to be deployed
     */
    public RolloutJudge(
            TargetSelection targets,
            ConfigRepository config,
            ServerSnapshot snapshot,
            CommitHistory commits,
            RolloutRequirement require) {
        this.targets = targets;
        this.require = require;
        this.config = config;
        this.snapshot = snapshot;
        this.commits = commits;
    }

    /**
     * Judges the wave.
     *
     * @param wanted a commit that the clone has, or empty to find the commit that the wave runs now
     */
    public Rollout judge(Optional<String> wanted) throws IOException {
        if (!snapshot.read()) {
            return Rollout.unknown(
                    wanted, snapshot.trouble().orElse("Argo CD " + targets.server() + " has not answered yet."));
        }
        var targetJudge = new TargetJudge(config, targets, snapshot.applications(), commits, wanted);
        var states = new ArrayList<TargetState>();
        var missing = new TreeSet<>(targets.exactNames());
        for (Application application : snapshot.applications().values()) {
            if (targets.selects(application)) {
                states.add(targetJudge.judge(application));
                missing.remove(application.id().name());
                missing.remove(application.id().toString());
            }
        }
        for (String name : missing) {
            states.add(new TargetState(
                    TargetSelection.id(name),
                    targets.server(),
                    name,
                    State.MISSING,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "Argo CD " + targets.server() + " has no such application, or the token may not see it."));
        }
        showNamespaces(states);
        if (snapshot.trouble().isPresent()) {
            return rollout(wanted, states, Optional.empty(), false);
        }
        if (states.isEmpty()) {
            return Rollout.unknown(
                    wanted,
                    "No application on Argo CD " + targets.server() + " matches " + described()
                            + ", or the token may not see any.");
        }
        Optional<String> deployed = deployed(states);
        boolean superseded = deployed.isEmpty() && states.stream().anyMatch(state -> state.state() == State.SUPERSEDED);
        return rollout(wanted, states, deployed, superseded);
    }

    /** Shows targets with their namespace where the wave has several of one name. */
    private static void showNamespaces(List<TargetState> states) {
        Map<String, Long> namesakes = states.stream()
                .collect(Collectors.groupingBy(state -> state.id().name(), Collectors.counting()));
        states.replaceAll(
                state -> namesakes.get(state.id().name()) > 1 ? state.shownWithNamespace() : state);
    }

    private Rollout rollout(
            Optional<String> wanted, List<TargetState> states, Optional<String> deployed, boolean superseded)
            throws IOException {
        return new Rollout(wanted, states, deployed, superseded, unknownRevisions(states), snapshot.trouble(), require);
    }

    private String described() {
        String names = String.join(", ", targets.applications());
        return targets.selector()
                .map(selector -> names.isEmpty() ? selector.toString() : names + " or " + selector)
                .orElse(names);
    }

    private Set<String> unknownRevisions(List<TargetState> states) throws IOException {
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
    private Optional<String> deployed(List<TargetState> states) throws IOException {
        Set<ApplicationId> all = Rollout.ids(states);
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
}
