package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The newest change of each job that waits because the intake of a wave is closed, as far as the builds asked this
 * process. The changes themselves are kept by their builds, which ask again.
 */
public final class IntakeWaitlist {

    private final Map<Origin, Newest> newest = new HashMap<>();

    private record Origin(WavePath path, String job) {}

    private record Newest(long number, Instant started) {}

    /** Records that a change waits; returns false if a newer one of the same job waits, so that this one need not. */
    public boolean addUnlessNewerWaits(NewChange change) {
        Optional<BuildSequence> order = change.trailers().order();
        if (order.isEmpty()) {
            return true;
        }
        var own = new Newest(order.get().number(), change.started());
        Newest kept = newest.merge(
                new Origin(change.wavePath(), order.get().job()),
                own,
                (known, next) ->
                        next.number() > known.number() || next.started().isAfter(known.started()) ? next : known);
        return kept.number() <= own.number();
    }

    /** Forgets the changes that waited for an image set, since its intake is open again. */
    public void clear(WavePath path) {
        newest.keySet().removeIf(origin -> origin.path().equals(path));
    }
}
