package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.explain.WhyReport;
import io.jenkins.plugins.gitops.git.RefSnapshot;
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
import org.eclipse.jgit.lib.Repository;

/**
 * The repository as the last successful round found it, with the state of Argo CD at one later time. Used by the
 * driver's thread, until the next round begins.
 */
final class RoundSnapshot {

    private final RoundContext context;
    private final WhyReport report;

    /**
     * Combines the result of a round with a time.
     *
     * @param context the context of the round, at the time for which Argo CD is asked
     * @param report what the round found, without the state of Argo CD
     */
    RoundSnapshot(RoundContext context, WhyReport report) {
        this.context = context;
        this.report = report;
    }

    /** The clone that the round read. */
    Repository git() {
        return context.services().git();
    }

    RefSnapshot refs() {
        return context.refs();
    }

    /** The status of a change, see {@link WhyReport#status}; empty if it is not known. */
    Optional<ChangeStatus> status(String idOrSha) throws IOException {
        return report.status(idOrSha);
    }

    /** The whole repository, with the rollouts of its waves. */
    RepositoryState state() throws IOException {
        RepositoryState repository = report.state();
        PromotionEvaluator promotions = context.promotions(context.queue());
        var waves = new ArrayList<RepositoryState.WaveSnapshot>();
        for (RepositoryState.WaveSnapshot wave : repository.waves()) {
            waves.add(wave.with(live(wave.path(), promotions)));
        }
        return repository.with(waves);
    }

    private RepositoryState.LiveState live(WavePath path, PromotionEvaluator promotions) throws IOException {
        RepositorySettings settings = context.settings();
        Wave wave = settings.wave(path);
        Rollout rollout = context.rollouts().of(WavePath.of(wave.name()));
        if (wave.promotesFrom().isEmpty()) {
            return new RepositoryState.LiveState(rollout, Optional.empty());
        }
        try {
            return new RepositoryState.LiveState(rollout, Optional.of(promotions.next(wave, path.set())));
        } catch (InvalidImagesException e) {
            return new RepositoryState.LiveState(rollout, Optional.empty());
        }
    }

    /**
     * The rollout of a wave.
     *
     * @param path a whole wave, or one of its image sets
     * @param wanted a commit; empty for what the wave runs now
     * @param more how many targets must run it, in addition to the requirement of the settings
     */
    Rollout rollout(WavePath path, Optional<String> wanted, Optional<RolloutRequirement> more) throws IOException {
        RepositorySettings settings = context.settings();
        try {
            RolloutRequirement configured = settings.wave(path).gates().require();
            path.set().ifPresent(set -> settings.imageSet(Optional.of(set)));
            return context.rollouts().of(path, wanted, more.map(configured::and).orElse(configured));
        } catch (IllegalArgumentException e) {
            // Somebody took the wave or the set out of the configuration while a build waits for it.
            return Rollout.unknown(wanted, e.getMessage());
        }
    }

    /** The commits that Argo CD runs and that the clone does not have yet. */
    Set<String> unknownRevisions() throws IOException {
        var unknown = new HashSet<String>();
        for (Wave wave : context.settings().waves()) {
            unknown.addAll(context.rollouts().of(WavePath.of(wave.name())).unknownRevisions());
        }
        return unknown;
    }

    /** Whether a wave runs another image set than is recorded, or its recorded health differs. */
    boolean hasUnrecordedWaves() throws IOException {
        Candidates candidates = context.candidates();
        return !candidates.newlyDeployed().isEmpty()
                || !candidates.newlyQualified().isEmpty()
                || !candidates.newlyUnwell().isEmpty();
    }
}
