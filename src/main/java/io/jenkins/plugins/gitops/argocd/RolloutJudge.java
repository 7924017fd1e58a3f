package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.images.ImageSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.TreeSet;

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
                    TargetState.ReportedStatus.NONE,
                    "Argo CD " + targets.server() + " has no such application, or the token may not see it."));
        }
        if (snapshot.trouble().isEmpty() && states.isEmpty()) {
            return Rollout.unknown(
                    wanted,
                    "No application on Argo CD " + targets.server() + " matches " + described()
                            + ", or the token may not see any.");
        }
        return Rollout.of(wanted, states, snapshot.trouble(), commits, require);
    }

    private String described() {
        String names = String.join(", ", targets.applications());
        return targets.selector()
                .map(selector -> names.isEmpty() ? selector.toString() : names + " or " + selector)
                .orElse(names);
    }
}
