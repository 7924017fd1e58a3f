package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.NewChange;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The changes that wait outside a frozen wave, as far as those who want them asked here. They hold nothing, and of each
 * job only the newest is kept.
 */
public final class IntakeWaitlist {

    private final Map<List<String>, Newest> newest = new HashMap<>();

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
                List.of(change.wave(), order.get().job()),
                own,
                (known, next) ->
                        next.number() > known.number() || next.started().isAfter(known.started()) ? next : known);
        return kept.number() > own.number();
    }

    /** Forgets who waited for a wave, since it is open again. */
    public void opened(String wave) {
        newest.keySet().removeIf(key -> key.get(0).equals(wave));
    }
}
