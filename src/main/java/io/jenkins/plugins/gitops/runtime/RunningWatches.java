package io.jenkins.plugins.gitops.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The watches of the servers of one kind that run on this controller, by the name of the server. Each is replaced when the
 * configuration of its server changes.
 *
 * @param <D> the configuration of a server
 * @param <W> its watch
 */
final class RunningWatches<D, W> {

    private final Function<D, Object> identity;
    private final Function<D, W> start;
    private final Consumer<W> close;

    // Guarded by this.
    private final Map<String, Running<W>> watched = new HashMap<>();

    private record Running<W>(Object identity, W watch) {}

    /**
     * Creates the watches of a kind; none runs yet.
     *
     * @param identity equal for two configurations that a watch need not be replaced for
     * @param start starts the watch of a server
     * @param close ends a watch; may call back, so that nothing is locked
     */
    RunningWatches(Function<D, Object> identity, Function<D, W> start, Consumer<W> close) {
        this.identity = identity;
        this.start = start;
        this.close = close;
    }

    /**
     * Watches exactly these servers, with their present configuration.
     *
     * @param wanted names, also of servers that are not configured
     * @param configured the servers that are configured, by name
     * @return the names of those whose watch was started now
     */
    Set<String> watch(Set<String> wanted, Map<String, D> configured) {
        var closing = new ArrayList<W>();
        var started = new HashSet<String>();
        synchronized (this) {
            for (String name : List.copyOf(watched.keySet())) {
                D now = wanted.contains(name) ? configured.get(name) : null;
                if (now == null || !watched.get(name).identity().equals(identity.apply(now))) {
                    closing.add(watched.remove(name).watch());
                }
            }
            for (String name : wanted) {
                D now = configured.get(name);
                if (now != null && !watched.containsKey(name)) {
                    watched.put(name, new Running<>(identity.apply(now), start.apply(now)));
                    started.add(name);
                }
            }
        }
        closing.forEach(close);
        return started;
    }

    /** The watch of a server; empty if it is not watched. */
    synchronized Optional<W> find(String name) {
        return Optional.ofNullable(watched.get(name)).map(Running::watch);
    }
}
