package io.jenkins.plugins.gitops.waves;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import java.util.Optional;

/**
 * A deployment stage.
 *
 * @param name its name in steps and trailers
 * @param imagesPath the folder of its image sets in the config repository, without slashes at its ends
 * @param promotesFrom the name of the wave whose deployed set it takes; empty if builds commit into it
 * @param directCommits whether builds may commit into it although it promotes from another
 * @param targets the applications that run it; empty if none are configured, then it counts as running what main has
 * @param gates the conditions for sets to get into it
 */
public record Wave(
        String name,
        String imagesPath,
        Optional<String> promotesFrom,
        boolean directCommits,
        Optional<TargetSelection> targets,
        Gates gates) {

    /** Begins a wave of this name that builds commit into, in the folder {@code images/<name>}, without gates. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** Whether builds commit into this wave, rather than promotions only. */
    public boolean takesCommits() {
        return promotesFrom.isEmpty() || directCommits;
    }

    /** Builds a wave. */
    public static final class Builder {

        private final String name;
        private String imagesPath;
        private Optional<String> promotesFrom = Optional.empty();
        private boolean directCommits;
        private Optional<TargetSelection> targets = Optional.empty();
        private Gates gates = Gates.NONE;

        private Builder(String name) {
            this.name = name;
            this.imagesPath = "images/" + name;
        }

        public Builder imagesPath(String folder) {
            imagesPath = folder;
            return this;
        }

        public Builder promotesFrom(@Nullable String wave) {
            promotesFrom = Optional.ofNullable(wave);
            return this;
        }

        public Builder directCommits(boolean allowed) {
            directCommits = allowed;
            return this;
        }

        public Builder targets(@Nullable TargetSelection selection) {
            targets = Optional.ofNullable(selection);
            return this;
        }

        public Builder gates(Gates conditions) {
            gates = conditions;
            return this;
        }

        public Wave build() {
            return new Wave(name, imagesPath, promotesFrom, directCommits, targets, gates);
        }
    }
}
