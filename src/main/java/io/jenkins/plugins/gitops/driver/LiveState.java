package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.promotion.Candidates;
import io.jenkins.plugins.gitops.promotion.PromotionEvaluator;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What others may know of a repository: as the last round that went well saw it, with its waves as Argo CD says at one
 * moment. Used by the driver's thread, as long as it does not look again.
 */
final class LiveState {

    private final RoundContext situation;
    private final RepositoryState repository;

    /**
     * Puts both together.
     *
     * @param repository the state, without what Argo CD says
     */
    LiveState(RoundContext situation, RepositoryState repository) {
        this.situation = situation;
        this.repository = repository;
    }

    /** The repository with its waves. */
    RepositoryState state() throws IOException {
        PromotionEvaluator promotions = situation.promotions(situation.line());
        var waves = new ArrayList<RepositoryState.Wave>();
        for (RepositoryState.Wave wave : repository.waves()) {
            waves.add(wave.with(live(wave.path(), promotions)));
        }
        return repository.with(waves);
    }

    private RepositoryState.Live live(WavePath path, PromotionEvaluator promotions) throws IOException {
        RepositorySettings settings = situation.settings();
        Wave wave = settings.wave(path);
        Rollout rollout = situation.rollouts().of(WavePath.of(wave.name()), null);
        String from = wave.promotesFrom();
        if (from == null) {
            return new RepositoryState.Live(rollout, Optional.empty());
        }
        try {
            return new RepositoryState.Live(
                    rollout, Optional.of(promotions.next(settings.wave(from), wave, path.set().orElse(null))));
        } catch (InvalidImagesException e) {
            return new RepositoryState.Live(rollout, Optional.empty());
        }
    }

    /**
     * How far a wave is.
     *
     * @param path a whole wave, or one of its image sets
     * @param wanted a commit, or null for what the wave runs now
     * @param more how many targets it takes, beyond what is configured, or null
     */
    Rollout rollout(WavePath path, @Nullable String wanted, @Nullable RolloutRequirement more) throws IOException {
        RepositorySettings settings = situation.settings();
        try {
            RolloutRequirement configured = settings.wave(path).gates().require();
            path.set().ifPresent(settings::imageSet);
            return situation.rollouts().of(path, wanted, more == null ? configured : configured.and(more));
        } catch (IllegalArgumentException e) {
            // Somebody took the wave or the set out of the configuration while a build waits for it.
            return Rollout.unknown(wanted, e.getMessage());
        }
    }

    /** Commits that Argo CD has come to and that the clone does not have yet. */
    Set<String> unknownRevisions() throws IOException {
        var unknown = new HashSet<String>();
        for (Wave wave : situation.settings().waves()) {
            unknown.addAll(situation.rollouts().of(WavePath.of(wave.name()), null).unknownRevisions());
        }
        return unknown;
    }

    /** Whether a wave runs another set than is written down, or is not as well as that. */
    boolean isToBeRecorded() throws IOException {
        Candidates candidates = situation.candidates();
        return !candidates.newlyDeployed().isEmpty()
                || !candidates.newlyQualified().isEmpty()
                || !candidates.newlyUnwell().isEmpty();
    }
}
