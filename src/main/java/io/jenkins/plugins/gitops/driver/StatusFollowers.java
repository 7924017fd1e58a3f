package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.common.LatestValueSubscriber;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The followers of changes and rollouts of one repository. Any thread may add a follower; the driver's thread
 * publishes. Followers are called on the threads of a pool.
 */
final class StatusFollowers {

    private final Executor pool;
    private final Clock clock;
    private final List<ChangeFollower> changes = new CopyOnWriteArrayList<>();
    private final List<RolloutFollower> rollouts = new CopyOnWriteArrayList<>();

    /** The snapshot in which a followed change was not found, by what its followers gave. */
    private final Map<String, RefSnapshot> missingIn = new HashMap<>();

    private record ChangeFollower(String idOrSha, LatestValueSubscriber<ChangeStatus> subscriber) {}

    private record RolloutFollower(
            WavePath path,
            Optional<String> wanted,
            Optional<RolloutRequirement> require,
            LatestValueSubscriber<Rollout> subscriber) {}

    StatusFollowers(Executor pool, Clock clock) {
        this.pool = pool;
        this.clock = clock;
    }

    Subscription addChange(String idOrSha, Consumer<ChangeStatus> consumer) {
        var follower =
                new ChangeFollower(idOrSha, new LatestValueSubscriber<>("the change " + idOrSha, consumer, pool));
        changes.add(follower);
        return () -> changes.remove(follower);
    }

    Subscription addRollout(
            WavePath path, Optional<String> wanted, Optional<RolloutRequirement> require, Consumer<Rollout> consumer) {
        var subscriber = new LatestValueSubscriber<>("the wave " + path, consumer, pool);
        var follower = new RolloutFollower(path, wanted, require, subscriber);
        rollouts.add(follower);
        return () -> rollouts.remove(follower);
    }

    boolean isEmpty() {
        return changes.isEmpty() && rollouts.isEmpty();
    }

    /** The number of followers of a change by this id or SHA. */
    long count(String idOrSha) {
        return changes.stream()
                .filter(follower -> follower.idOrSha.equals(idOrSha))
                .count();
    }

    /**
     * Publishes the statuses of the followed changes.
     *
     * @return whether the repository has to be read again, since a change was not found in a snapshot that may be torn
     */
    boolean publishChanges(RoundSnapshot snapshot) throws IOException {
        boolean readAgain = false;
        var missing = new HashMap<String, RefSnapshot>();
        var statuses = new HashMap<String, Optional<ChangeStatus>>();
        for (ChangeFollower follower : changes) {
            String id = follower.idOrSha;
            Optional<ChangeStatus> status = statuses.get(id);
            if (status == null) {
                status = snapshot.status(id);
                if (status.isEmpty()) {
                    // A change is lost only when two equal snapshots do not have it.
                    missing.put(id, snapshot.refs());
                    if (snapshot.refs().equals(missingIn.get(id))) {
                        status = Optional.of(lost(id));
                    } else {
                        readAgain = true;
                    }
                }
                statuses.put(id, status);
            }
            status.ifPresent(follower.subscriber::publish);
        }
        missingIn.clear();
        missingIn.putAll(missing);
        return readAgain;
    }

    private ChangeStatus lost(String id) {
        return ChangeStatus.lost(
                id, "neither main nor the auto branch has it, and no decision about it is kept.", clock.instant());
    }

    void publishRollouts(RoundSnapshot snapshot) throws IOException {
        for (RolloutFollower follower : rollouts) {
            follower.subscriber.publish(snapshot.rollout(follower.path, follower.wanted, follower.require));
        }
    }

    /** Publishes that the repository cannot be driven now. */
    void publishFailure(String sentence) {
        for (ChangeFollower follower : changes) {
            follower.subscriber.publish(follower.subscriber
                    .last()
                    .map(last -> last.because(sentence))
                    .orElseGet(() -> ChangeStatus.unknown(follower.idOrSha, sentence, Instant.EPOCH)));
        }
        for (RolloutFollower follower : rollouts) {
            follower.subscriber.publish(Rollout.unknown(follower.wanted, sentence));
        }
    }
}
