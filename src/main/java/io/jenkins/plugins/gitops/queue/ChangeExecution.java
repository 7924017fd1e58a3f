package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.images.ImageSet;
import java.time.Instant;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The result of executing the operation of a change on an image set.
 *
 * @param set the new set
 * @param services the services that the change still sets: those that no later build of its job has written
 * @param superseded whether later builds have written all of its services, so that nothing is left of it
 */
record ChangeExecution(ImageSet set, SortedSet<String> services, boolean superseded) {

    /**
     * Executes a change for the first time, on a set.
     *
     * @param values the set that holds the change's values
     * @param writers the builds that have written before
     * @param since writes before this time count as earlier, whatever their number
     */
    static ChangeExecution first(
            ChangeTrailers change, ImageSet values, ImageSet present, ServiceWriteLog writers, Instant since) {
        return of(change, values, present, present, writers, since);
    }

    /** Executes a change on a set as if there were no earlier writes. */
    static ChangeExecution alone(ChangeTrailers change, ImageSet values, ImageSet present) {
        return first(change, values, present, new ServiceWriteLog(), Instant.EPOCH);
    }

    /**
     * Executes a change on a set.
     *
     * @param values the set that holds the change's values
     * @param seen the set on which the change was executed before
     * @param present the set on which it is executed now
     * @param writers the builds that have written before
     * @param since writes before this time count as earlier, whatever their number
     */
    static ChangeExecution of(
            ChangeTrailers change,
            ImageSet values,
            ImageSet seen,
            ImageSet present,
            ServiceWriteLog writers,
            Instant since) {
        boolean setsAll = change.operation().setsAll();
        BuildSequence order = change.order().orElse(null);
        var services = new TreeSet<>(change.services());
        if (order != null) {
            if (setsAll && writers.hasLaterWhole(change.wavePath(), order, since)) {
                return new ChangeExecution(present, new TreeSet<>(), true);
            }
            boolean someLater =
                    services.removeIf(service -> writers.hasLater(change.wavePath(), order, service, since));
            if (someLater && services.isEmpty()) {
                return new ChangeExecution(present, services, true);
            }
        }
        if (!setsAll) {
            return new ChangeExecution(present.mergedWith(values.only(services)), services, false);
        }
        // Services that the change does not set are removed, except those that a later build wrote, and those that the
        // change left to a later build when it was executed before.
        var kept = new TreeSet<>(present.images().keySet());
        kept.removeAll(services);
        kept.removeIf(service -> {
            boolean left = values.images().containsKey(service);
            Instant unseen = seen.images().containsKey(service) ? since : Instant.EPOCH;
            return !left && (order == null || !writers.hasLater(change.wavePath(), order, service, unseen));
        });
        var set = new TreeMap<>(values.only(services).images());
        set.putAll(present.only(kept).images());
        return new ChangeExecution(ImageSet.of(set), services, false);
    }
}
