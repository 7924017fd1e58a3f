package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.waves.AutomatedRollback;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.VerificationResult;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import io.jenkins.plugins.gitops.waves.WaveFile;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Finds the waves that are to be rolled back because a verification failed. A failure of a set causes at most one
 * rollback of its wave, and a failure of the set that the wave was rolled back to causes none, so that there is no loop:
 * the state says so before anything else can happen, since it is pushed together with the rollback.
 */
public final class RollbackFinder {

    private final RepositorySettings settings;
    private final AutoBranch branch;
    private final WaveStateReader states;
    private final CommitQueue queue;
    private final Instant now;

    public RollbackFinder(
            RepositorySettings settings, AutoBranch branch, WaveStateReader states, CommitQueue queue, Instant now) {
        this.settings = settings;
        this.branch = branch;
        this.states = states;
        this.queue = queue;
        this.now = now;
    }

    /**
     * A rollback that is to be done.
     *
     * @param request what is appended; empty if the wave has no set to roll back to, and is only held
     * @param edit what is recorded with it
     */
    public record DueRollback(Optional<PromotionRequest> request, StateEditor.Edit edit) {}

    /** The first wave that is to be rolled back; empty if none is. */
    public Optional<DueRollback> next() throws IOException {
        for (WavePath path : settings.wavePaths()) {
            List<VerificationRule> rules = settings.wave(path).gates().verifications();
            WaveState state = states.of(path);
            Optional<DeployedSet> set =
                    state.deployed().filter(its -> state.problem().isEmpty());
            Optional<VerificationResult> failure = set.isEmpty() ? Optional.empty() : failure(state, set.get(), rules);
            if (failure.isPresent() && isLatest(path, set.get())) {
                return Optional.of(rollback(path, state, failure.get(), rules));
            }
        }
        return Optional.empty();
    }

    private static Optional<VerificationResult> failure(
            WaveState state, DeployedSet set, List<VerificationRule> rules) {
        if (state.rolledBack().filter(done -> done.concerns(set.identity())).isPresent()) {
            return Optional.empty();
        }
        return state
                .failures(
                        set.identity(),
                        rules.stream()
                                .filter(rule -> rule.onFailure() == VerificationRule.OnFailure.ROLLBACK)
                                .toList())
                .stream()
                .findFirst();
    }

    /** Whether nothing newer is on its way into the wave, which a rollback would undo. */
    private boolean isLatest(WavePath path, DeployedSet set) throws IOException {
        return identity(queue.main(), path).filter(set.identity()::equals).isPresent()
                && queue.commits().stream()
                        .flatMap(commit -> commit.trailers().stream())
                        .noneMatch(change -> change.wavePath().equals(path));
    }

    private DueRollback rollback(
            WavePath path, WaveState state, VerificationResult failure, List<VerificationRule> rules)
            throws IOException {
        Optional<VerificationResult> target = state.newestVerified(failure.identity(), rules);
        if (target.isPresent() && !mayGo(path, target.get())) {
            target = Optional.empty();
        }
        String by = "the verification " + failure.name();
        String failed = failure.name() + " failed for the set of " + CommitSha.abbreviate(failure.sha());
        String reason = target.map(set -> "rolled back to " + CommitSha.abbreviate(set.sha()) + ", since " + failed)
                .orElse(failed + ", and there is no verified set to roll back to");
        var hold = new Hold(by, SingleLine.of(reason), now, Optional.empty());
        var done = new AutomatedRollback(
                failure.identity(), target.map(VerificationResult::identity).orElse(""), now);
        var files = new HashMap<String, String>();
        var file = new WaveFile(states.file(path)).rolledBack(done);
        if (path.set().isEmpty()) {
            file.hold(Optional.of(hold));
        } else {
            files.put(
                    StateRef.pathOf(path.wholeWave()),
                    new WaveFile(states.file(path.wholeWave()))
                            .hold(Optional.of(hold))
                            .json());
        }
        files.put(StateRef.pathOf(path), file.json());
        Optional<PromotionRequest> request =
                target.map(set -> PromotionRequest.of(PromotionRequest.Kind.ROLLBACK, path.wave(), path.wave())
                        .set(path.set().orElse(null))
                        .revision(set.sha())
                        .requester(by)
                        .build());
        return new DueRollback(
                request,
                StateEditor.Edit.writing(
                        files,
                        path + (target.isPresent() ? " is rolled back" : " is held") + "\n\nWhy: " + reason + "\nBy: "
                                + by));
    }

    /** Whether the set is still in its commit, and none of its images is rejected. */
    private boolean mayGo(WavePath path, VerificationResult verified) throws IOException {
        if (!branch.graph().has(verified.sha())
                || !branch.graph().contains(queue.main(), ObjectId.fromString(verified.sha()))) {
            return false;
        }
        ObjectId commit = ObjectId.fromString(verified.sha());
        return identity(commit, path).filter(verified.identity()::equals).isPresent()
                && states.rejection(branch.images().read(commit, path)).isEmpty();
    }

    /** The identity of the set that a path has in a commit; empty if somebody broke its files by hand. */
    private Optional<String> identity(ObjectId commit, WavePath path) throws IOException {
        try {
            return Optional.of(branch.images().read(commit, path).identity());
        } catch (InvalidImagesException e) {
            return Optional.empty();
        }
    }
}
