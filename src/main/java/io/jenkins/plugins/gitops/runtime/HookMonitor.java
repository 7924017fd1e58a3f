package io.jenkins.plugins.gitops.runtime;

import io.jenkins.plugins.gitops.delivery.HookHealth;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * How the hooks of the repositories do, since this controller was started: when each source sent one last, and how many
 * changes were found by looking that none had told of. A broken hook costs nothing but time, so this only tells.
 */
@Restricted(NoExternalUse.class)
public final class HookMonitor {

    private static final Logger LOGGER = Logger.getLogger(HookMonitor.class.getName());

    /** A hook may come after the change that it tells of was found. */
    private static final Duration LATE = Duration.ofSeconds(30);

    /** One may be lost on the way; this many are no accident. */
    private static final int BROKEN = 3;

    private final Supplier<Clock> clock;
    private final Map<String, TreeMap<String, Source>> repositories = new HashMap<>();

    private static final class Source {
        private Optional<Instant> lastSeen = Optional.empty();
        private final List<Instant> found = new ArrayList<>();
        private int missed;
        private boolean said;
    }

    HookMonitor(Supplier<Clock> clock) {
        this.clock = clock;
    }

    /** A source has sent something to a repository and proved that it may. */
    public synchronized void delivered(String repository, String source) {
        Source known = known(repository, source);
        settle(repository, source, known);
        known.found.clear();
        known.lastSeen = Optional.of(clock.get().instant());
    }

    /** A change was found by looking that each of these sources should have told of. */
    synchronized void found(String repository, Collection<String> sources) {
        for (String source : sources) {
            Source known = known(repository, source);
            settle(repository, source, known);
            known.found.add(clock.get().instant());
        }
    }

    /** What is known of the sources of a repository, by their names. */
    public synchronized List<HookHealth> of(String repository) {
        List<HookHealth> all = new ArrayList<>();
        repositories.getOrDefault(repository, new TreeMap<>()).forEach((source, known) -> {
            settle(repository, source, known);
            all.add(new HookHealth(source, known.lastSeen, known.missed));
        });
        return all;
    }

    private Source known(String repository, String source) {
        return repositories
                .computeIfAbsent(repository, name -> new TreeMap<>())
                .computeIfAbsent(source, name -> new Source());
    }

    /** Counts the changes of which it is too late now to be told. */
    private void settle(String repository, String source, Source known) {
        Instant late = clock.get().instant().minus(LATE);
        int before = known.found.size();
        known.found.removeIf(at -> !at.isAfter(late));
        known.missed += before - known.found.size();
        if (known.missed >= BROKEN && !known.said) {
            known.said = true;
            LOGGER.warning("The webhook of " + source + " for the repository " + repository + " does not tell of all"
                    + " changes: looking found " + known.missed + " that it had not told of. Deliveries are late by up"
                    + " to the poll interval until it does; look at its recent deliveries in " + source + ".");
        }
    }
}
