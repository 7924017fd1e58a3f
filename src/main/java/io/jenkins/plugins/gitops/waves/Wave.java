package io.jenkins.plugins.gitops.waves;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import java.util.Optional;

/**
 * A deployment stage of a config repository.
 *
 * @param name the name in steps and trailers
 * @param imagesPath the folder of its image sets in the config repository, without slashes at its ends
 * @param promotesFrom the name of the previous wave, whose set is promoted into this one; empty if there is none
 * @param directCommits whether builds may commit into the wave although it has a previous wave
 * @param targets the Argo CD applications of the wave; empty if none are configured: main counts as deployed then
 * @param gates the conditions of promotions into the wave
 */
public record Wave(
        String name,
        String imagesPath,
        Optional<String> promotesFrom,
        boolean directCommits,
        Optional<TargetSelection> targets,
        Gates gates) {

    /** A builder of a wave without previous wave, targets and gates, in the folder {@code images/<name>}. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** Whether builds may commit into this wave; otherwise only promotions change it. */
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
