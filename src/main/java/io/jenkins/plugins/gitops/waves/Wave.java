package io.jenkins.plugins.gitops.waves;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.TargetSelection;

/**
 * A deployment stage.
 *
 * @param name as steps and trailers name it
 * @param imagesPath the folder of its image set in the config repository, without slashes at its ends
 * @param promotesFrom the wave whose deployed set it takes, or null if builds commit into it
 * @param directCommits whether builds may commit into it although it promotes from another
 * @param targets the applications that run it, or null if nothing is known of them: then it is where main is
 * @param gates what is asked before sets get into it
 */
public record Wave(
        String name,
        String imagesPath,
        @CheckForNull String promotesFrom,
        boolean directCommits,
        @CheckForNull TargetSelection targets,
        Gates gates) {

    public Wave(
            String name,
            String imagesPath,
            @Nullable String promotesFrom,
            boolean directCommits,
            @Nullable TargetSelection targets,
            Gates gates) {
        this.name = name;
        this.imagesPath = imagesPath;
        this.promotesFrom = promotesFrom;
        this.directCommits = directCommits;
        this.targets = targets;
        this.gates = gates;
    }

    /** A wave without gates. */
    public Wave(
            String name,
            String imagesPath,
            @Nullable String promotesFrom,
            boolean directCommits,
            @Nullable TargetSelection targets) {
        this(name, imagesPath, promotesFrom, directCommits, targets, Gates.NONE);
    }

    /** A wave without gates and applications. */
    public Wave(String name, String imagesPath, @Nullable String promotesFrom, boolean directCommits) {
        this(name, imagesPath, promotesFrom, directCommits, null);
    }

    /** Whether builds commit into this wave, rather than promotions only. */
    public boolean takesCommits() {
        return promotesFrom == null || directCommits;
    }
}
