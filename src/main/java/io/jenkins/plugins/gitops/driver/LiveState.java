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
            waves.add(wave.with(live(wave.name(), promotions)));
        }
        return repository.with(waves);
    }

    private RepositoryState.Live live(String place, PromotionEvaluator promotions) throws IOException {
        RepositorySettings settings = situation.settings();
        Wave wave = settings.wave(WavePath.wave(place));
        Rollout rollout = situation.rollouts().of(wave.name(), null);
        String from = wave.promotesFrom();
        if (from == null) {
            return new RepositoryState.Live(rollout, Optional.empty());
        }
        try {
            return new RepositoryState.Live(
                    rollout, Optional.of(promotions.next(settings.wave(from), wave, WavePath.set(place))));
        } catch (InvalidImagesException e) {
            return new RepositoryState.Live(rollout, Optional.empty());
        }
    }

    /**
     * How far a wave is.
     *
     * @param place the wave, or one of its sets where they have names
     * @param wanted a commit, or null for what the wave runs now
     * @param more how many targets it takes, beyond what is configured, or null
     */
    Rollout rollout(String place, @Nullable String wanted, @Nullable RolloutRequirement more) throws IOException {
        RepositorySettings settings = situation.settings();
        try {
            RolloutRequirement configured = settings.wave(WavePath.wave(place)).gates().require();
            if (WavePath.set(place) != null) {
                settings.imageSet(WavePath.set(place));
            }
            return situation.rollouts().of(place, wanted, more == null ? configured : configured.and(more));
        } catch (IllegalArgumentException e) {
            // Somebody took the wave or the set out of the configuration while a build waits for it.
            return Rollout.unknown(wanted, e.getMessage());
        }
    }

    /** Commits that Argo CD has come to and that the clone does not have yet. */
    Set<String> unknownRevisions() throws IOException {
        var unknown = new HashSet<String>();
        for (Wave wave : situation.settings().waves()) {
            unknown.addAll(situation.rollouts().of(wave.name(), null).unknownRevisions());
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
