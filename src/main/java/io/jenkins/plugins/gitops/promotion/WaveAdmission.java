package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.ApprovalRule;
import io.jenkins.plugins.gitops.waves.FanIn;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Checks the rules for every change of a wave: holds and rejected images; and for a queued promotion that it is approved
 * and verified yet.
 */
public final class WaveAdmission {

    private final RepositorySettings settings;
    private final WaveStateReader states;
    private final Instant now;

    public WaveAdmission(RepositorySettings settings, WaveStateReader states, Instant now) {
        this.settings = settings;
        this.states = states;
        this.now = now;
    }

    /**
     * The reason why a change is refused.
     *
     * @param cause a word for programs, see the constants of {@link DecidedChange}
     */
    public record Refusal(String cause, String sentence) {}

    /**
     * Why a set may not be written into a wave; empty if it may.
     *
     * @param values the images that would be written
     */
    public Optional<Refusal> refusal(ChangeOperation operation, WavePath path, ImageSet values) throws IOException {
        Optional<String> unknown = obstacle(operation, path);
        if (unknown.isPresent()) {
            return Optional.of(new Refusal(DecidedChange.UNREADABLE, unknown.get()));
        }
        Optional<Hold> hold = operation == ChangeOperation.ROLLBACK
                ? Optional.empty()
                : states.of(path).holdAt(now);
        if (hold.isPresent()) {
            return Optional.of(new Refusal(DecidedChange.HELD, hold.get().sentence(path.wave())));
        }
        return states.rejection(values).map(sentence -> new Refusal(DecidedChange.REJECTED, sentence));
    }

    /**
     * Why it is not known whether a change may be written into a wave, in a sentence: a file of the state cannot be
     * read. It is known again after a repair of the state.
     */
    public Optional<String> obstacle(ChangeOperation operation, WavePath path) throws IOException {
        Optional<String> wave = operation == ChangeOperation.ROLLBACK
                ? Optional.empty()
                : states.of(path).problem();
        return wave.isPresent() ? wave : states.rejectionProblem();
    }

    /** As {@link #obstacle(ChangeOperation, WavePath)}; nothing is asked of a commit that writes no configured wave. */
    public Optional<String> obstacle(RepositorySettings settings, QueuedCommit commit) throws IOException {
        Optional<ChangeTrailers> change =
                commit.trailers().filter(its -> settings.wavePaths().contains(its.wavePath()));
        return change.isEmpty()
                ? Optional.empty()
                : obstacle(change.get().operation(), change.get().wavePath());
    }

    /** Why a queued change may not be written into its wave; empty if it may. */
    public Optional<Refusal> refusal(ChangeTrailers change, ImageSet set) throws IOException {
        var own = new TreeMap<>(set.images());
        own.keySet().retainAll(change.services());
        Optional<Refusal> refusal = refusal(change.operation(), change.wavePath(), ImageSet.of(own));
        return refusal.isPresent() || change.operation() != ChangeOperation.PROMOTE
                ? refusal
                : refusalOfPromotion(change, set.identity());
    }

    /** Why a promotion is no longer allowed that was when it was queued: it is not approved or verified any more. */
    private Optional<Refusal> refusalOfPromotion(ChangeTrailers change, String identity) throws IOException {
        WavePath path = change.wavePath();
        Wave wave = settings.wave(path);
        ApprovalRule approvals = wave.gates().approvals();
        int given = states.of(path).approvals(identity, approvals).size();
        if (given < approvals.count()) {
            return Optional.of(new Refusal(
                    DecidedChange.NOT_APPROVED,
                    "the set is approved by " + given + " of " + approvals.count() + " for " + path
                            + "; an approval was taken back, or the approvers are others now."));
        }
        List<String> sources = wave.fanIn() == FanIn.ALL
                ? wave.promotesFrom()
                : change.sourceWave().filter(wave.promotesFrom()::contains).stream()
                        .toList();
        for (String source : sources) {
            List<VerificationRule> rules = settings.wave(source).gates().verifications();
            if (!states.of(path.in(source)).isVerified(identity, rules)) {
                return Optional.of(new Refusal(
                        DecidedChange.NOT_VERIFIED,
                        "the set is no longer verified in " + source + ", by all of "
                                + String.join(", ", VerificationRule.names(rules)) + "."));
            }
        }
        return Optional.empty();
    }
}
