package io.jenkins.plugins.gitops.waves;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.flux.FluxSelection;
import java.util.List;
import java.util.Optional;

/**
 * A deployment stage of a config repository.
 *
 * @param name the name in steps and trailers
 * @param imagesPath the folder of its image sets in the config repository, without slashes at its ends
 * @param promotesFrom the names of the previous waves, whose sets are promoted into this one; empty if there is none
 * @param fanIn in how many of several previous waves a set has to be qualified
 * @param directCommits whether builds may commit into the wave although it has a previous wave
 * @param targets the Argo CD applications of the wave; empty if none are configured: main counts as deployed then
 * @param gates the conditions of promotions into the wave
 */
public record Wave(
        String name,
        String imagesPath,
        List<String> promotesFrom,
        FanIn fanIn,
        boolean directCommits,
        Optional<TargetSelection> targets,
        Optional<FluxSelection> fluxTargets,
        Gates gates) {

    /** The name of Flux, for people. */
    public static final String FLUX = "Flux";

    public Wave {
        promotesFrom = List.copyOf(promotesFrom);
    }

    /** A builder of a wave without previous wave, targets and gates, in the folder {@code images/<name>}. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** Whether anything says what the wave runs; otherwise what main has counts as deployed. */
    public boolean hasTargets() {
        return targets.isPresent() || fluxTargets.isPresent();
    }

    /** The name of the system that deploys the wave, for people. */
    public String deployer() {
        return fluxTargets.isPresent() ? FLUX : "Argo CD";
    }

    /** Whether builds may commit into this wave; otherwise only promotions change it. */
    public boolean takesCommits() {
        return promotesFrom.isEmpty() || directCommits;
    }

    /** Whether sets of several waves are promoted into this one. */
    public boolean fansIn() {
        return promotesFrom.size() > 1;
    }

    /**
     * Whether it is recorded which sets are qualified for this wave, because that may be over in a previous wave when
     * they are promoted.
     */
    public boolean recordsQualified() {
        return gates.soaks() || fansIn();
    }

    /** The names of the previous waves, in a text for people. */
    public String previous() {
        return String.join(fanIn == FanIn.ANY ? " or " : " and ", promotesFrom);
    }

    /** Builds a wave. */
    public static final class Builder {

        private final String name;
        private String imagesPath;
        private List<String> promotesFrom = List.of();
        private FanIn fanIn = FanIn.ALL;
        private boolean directCommits;
        private Optional<TargetSelection> targets = Optional.empty();
        private Optional<FluxSelection> fluxTargets = Optional.empty();
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
            return promotesFrom(wave == null ? List.of() : List.of(wave));
        }

        public Builder promotesFrom(List<String> waves) {
            promotesFrom = waves;
            return this;
        }

        public Builder fanIn(FanIn mode) {
            fanIn = mode;
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

        public Builder fluxTargets(@Nullable FluxSelection selection) {
            fluxTargets = Optional.ofNullable(selection);
            return this;
        }

        public Builder gates(Gates conditions) {
            gates = conditions;
            return this;
        }

        public Wave build() {
            return new Wave(name, imagesPath, promotesFrom, fanIn, directCommits, targets, fluxTargets, gates);
        }
    }
}
