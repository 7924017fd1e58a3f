package io.jenkins.plugins.gitops.flux;

import io.jenkins.plugins.gitops.flux.FluxObject.FluxId;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The objects of Flux in one cluster as they were last seen.
 *
 * @param read whether all kinds were listed at least once since the watch began
 * @param trouble why a kind cannot be read now, in a sentence; the objects may be out of date then. Empty if all can
 */
public record ClusterSnapshot(SortedMap<FluxId, FluxObject> objects, boolean read, Optional<String> trouble) {

    /** The snapshot before the first lists. */
    static final ClusterSnapshot NOTHING = new ClusterSnapshot(new TreeMap<>(), false, Optional.empty());

    public ClusterSnapshot {
        objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
    }

    /** Returns a snapshot without objects, for the reason in a sentence. */
    public static ClusterSnapshot unknown(String trouble) {
        return new ClusterSnapshot(new TreeMap<>(), false, Optional.of(trouble));
    }

    Optional<FluxObject> find(FluxId id) {
        return Optional.ofNullable(objects.get(id));
    }

    static ClusterSnapshot of(Map<FluxId, FluxObject> objects) {
        return new ClusterSnapshot(new TreeMap<>(objects), true, Optional.empty());
    }
}
