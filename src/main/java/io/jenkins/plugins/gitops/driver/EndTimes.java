package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.delivery.DriverListener;
import io.jenkins.plugins.gitops.queue.MainCommit;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/** Reports to a listener how long changes took until they ended, and until waves ran them. */
final class EndTimes {

    private final Clock clock;

    private DriverListener listener = DriverListener.NONE;

    EndTimes(Clock clock) {
        this.clock = clock;
    }

    void setListener(DriverListener value) {
        listener = value;
    }

    /** Notifies the listener of what an accepted push decided and recorded. */
    void tell(RoundContext context, RefUpdateBatch push) throws IOException {
        if (listener == DriverListener.NONE) {
            return;
        }
        for (DecidedChange change : push.decided()) {
            Optional<QueuedCommit> queued = context.queue().find(change.id());
            if (queued.isPresent()) {
                listener.ended(change, since(queued.get().author().getWhenAsInstant()));
            }
        }
        for (Map.Entry<WavePath, DeployedSet> deployed : push.deployed().entrySet()) {
            ObjectId sha = ObjectId.fromString(deployed.getValue().sha());
            Optional<MainCommit> commit = MainCommit.lastWriteOf(
                    context.services().git(),
                    sha,
                    context.services().autoBranch().images().files(deployed.getKey()));
            if (commit.isPresent()) {
                listener.deployed(deployed.getKey(), since(commit.get().when()));
            }
        }
    }

    /** The time since then; zero if it is in the future, since the clocks of the machines that build may be ahead. */
    private Duration since(Instant begun) {
        Duration taken = Duration.between(begun, clock.instant());
        return taken.isNegative() ? Duration.ZERO : taken;
    }
}
