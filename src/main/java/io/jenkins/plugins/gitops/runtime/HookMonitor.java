package io.jenkins.plugins.gitops.runtime;

import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.CheckSource;
import io.jenkins.plugins.gitops.configuration.checks.ForgeCheckSource;
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
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Counts webhooks since this controller was started: when each source delivered one last, and how many changes polling
 * found without a webhook. A missing webhook only delays deliveries, so this class only reports it.
 */
@Restricted(NoExternalUse.class)
public final class HookMonitor {

    private static final Logger LOGGER = Logger.getLogger(HookMonitor.class.getName());

    /** The time after polling found a change in which its webhook may still arrive. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    /** The number of missed webhooks from which a source is reported. */
    private static final int REPORTED_FROM = 3;

    private final Supplier<Clock> clock;
    private final BiConsumer<String, String> reporter;
    private final Map<String, TreeMap<String, SourceRecord>> repositories = new HashMap<>();

    private static final class SourceRecord {
        private Optional<Instant> lastSeen = Optional.empty();
        private final List<Instant> unreported = new ArrayList<>();
        private int missed;
        private boolean reported;
    }

    /**
     * Creates a monitor.
     *
     * @param reporter is told, by repository and source, when webhooks are missed
     */
    HookMonitor(Supplier<Clock> clock, BiConsumer<String, String> reporter) {
        this.clock = clock;
        this.reporter = reporter;
    }

    /** The names of the sources that are expected to send webhooks: the forges, if there is a secret for them. */
    static List<String> expectedSources(RepositoryDefinition repository) {
        return repository.getForgeSecretId() == null
                ? List.of()
                : repository.getChecks().stream()
                        .filter(ForgeCheckSource.class::isInstance)
                        .map(CheckSource::name)
                        .toList();
    }

    /** Records an authenticated delivery of a source for a repository. */
    public synchronized void delivered(String repository, String source) {
        SourceRecord known = record(repository, source);
        countMissed(repository, source, known);
        known.unreported.clear();
        known.lastSeen = Optional.of(clock.get().instant());
    }

    /** Records that polling has found a change of which these sources have not delivered a webhook yet. */
    synchronized void changeFound(String repository, Collection<String> sources) {
        for (String source : sources) {
            SourceRecord known = record(repository, source);
            countMissed(repository, source, known);
            known.unreported.add(clock.get().instant());
        }
    }

    /** The health of each source of a repository, in the order of their names. */
    public synchronized List<HookHealth> healthOf(String repository) {
        List<HookHealth> all = new ArrayList<>();
        repositories.getOrDefault(repository, new TreeMap<>()).forEach((source, known) -> {
            countMissed(repository, source, known);
            all.add(new HookHealth(source, known.lastSeen, known.missed));
        });
        return all;
    }

    private SourceRecord record(String repository, String source) {
        return repositories
                .computeIfAbsent(repository, name -> new TreeMap<>())
                .computeIfAbsent(source, name -> new SourceRecord());
    }

    /** Counts the changes whose webhook can no longer be expected. */
    private void countMissed(String repository, String source, SourceRecord known) {
        Instant late = clock.get().instant().minus(GRACE);
        int before = known.unreported.size();
        known.unreported.removeIf(at -> !at.isAfter(late));
        known.missed += before - known.unreported.size();
        if (known.missed >= REPORTED_FROM && !known.reported) {
            known.reported = true;
            reporter.accept(repository, source);
            LOGGER.warning("The webhook of " + source + " for the repository " + repository + " misses changes:"
                    + " polling found " + known.missed + " that it did not report. Deliveries are late by up to the"
                    + " poll interval until it reports all; look at its recent deliveries in " + source + ".");
        }
    }
}
