package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/** Checks the rules for every change of a wave: holds and rejected images. */
public final class WaveAdmission {

    private final WaveStateReader states;
    private final Instant now;

    public WaveAdmission(WaveStateReader states, Instant now) {
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
        return refusal(change.operation(), change.wavePath(), ImageSet.of(own));
    }
}
