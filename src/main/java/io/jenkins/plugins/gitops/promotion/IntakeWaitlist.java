package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The changes that wait outside a frozen wave, as far as those who want them asked here. They hold nothing, and of each
 * job only the newest is kept.
 */
public final class IntakeWaitlist {

    private final Map<Origin, Newest> newest = new HashMap<>();

    private record Origin(WavePath path, String job) {}

    private record Newest(long number, Instant started) {}

    /** Notes that a change waits; says whether a newer one of the same job does too, so that this one need not. */
    public boolean isOvertaken(NewChange change) {
        String origin = change.order();
        Optional<BuildSequence> order = origin == null ? Optional.empty() : BuildSequence.of(origin);
        if (order.isEmpty()) {
            return false;
        }
        var own = new Newest(order.get().number(), change.started());
        Newest kept = newest.merge(
                new Origin(change.wavePath(), order.get().job()),
                own,
                (known, next) ->
                        next.number() > known.number() || next.started().isAfter(known.started()) ? next : known);
        return kept.number() > own.number();
    }

    /** Forgets the changes that waited for an image set, since newer ones may get in again. */
    public void opened(WavePath path) {
        newest.keySet().removeIf(origin -> origin.path().equals(path));
    }
}
