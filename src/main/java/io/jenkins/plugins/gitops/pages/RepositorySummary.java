package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.explain.ReleaseNames;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A config repository as a row of the list: how each wave is, and how long the oldest queued change waits. */
@Restricted(NoExternalUse.class)
public final class RepositorySummary {

    private final String name;
    private final List<WaveHealth> waves;
    private final int queued;
    private final Optional<Duration> oldestWait;

    private final String trouble;

    private RepositorySummary(
            String name, List<WaveHealth> waves, int queued, Optional<Duration> oldestWait, String trouble) {
        this.name = name;
        this.waves = waves;
        this.queued = queued;
        this.oldestWait = oldestWait;
        this.trouble = trouble;
    }

    /** The row of a repository, by what its driver read last. */
    static RepositorySummary of(String name) {
        DriverRegistry drivers = DriverRegistry.get();
        Optional<String> trouble = drivers.findTrouble(name);
        try {
            return drivers.state(name)
                    .map(state -> of(state, trouble, drivers.clock().instant()))
                    .orElseGet(() -> without(name, trouble));
        } catch (IllegalArgumentException e) {
            return without(name, Optional.of(e.getMessage()));
        }
    }

    private static RepositorySummary without(String name, Optional<String> trouble) {
        return new RepositorySummary(
                name, List.of(), 0, Optional.empty(), trouble.orElse(Messages.RepositorySummary_Reading()));
    }

    /** The row of a repository in this state. */
    static RepositorySummary of(RepositoryState state, Optional<String> trouble, Instant now) {
        ReleaseNames names = ReleaseNames.of(state);
        Map<String, List<RepositoryState.WaveSnapshot>> byName = new LinkedHashMap<>();
        state.waves()
                .forEach(wave -> byName.computeIfAbsent(wave.path().wave(), each -> new ArrayList<>())
                        .add(wave));
        List<WaveHealth> waves = new ArrayList<>();
        byName.forEach((wave, sets) -> waves.add(WaveHealth.of(wave, sets, names)));
        Optional<Duration> wait = state.auto().stream()
                .map(queued -> queued.status().since())
                .min(Instant::compareTo)
                .map(since -> since.isBefore(now) ? Duration.between(since, now) : Duration.ZERO);
        return new RepositorySummary(state.repository(), waves, state.auto().size(), wait, trouble.orElse(""));
    }

    public String getName() { // jelly access only
        return name;
    }

    /** The waves, in the order of the configuration; none while the repository has not been read. */
    public List<WaveHealth> getWaves() { // jelly access only
        return waves;
    }

    /** The number of queued changes. */
    public int getQueued() { // jelly access only
        return queued;
    }

    /** The time for which the oldest queued change waits; empty if none is queued. */
    Optional<Duration> oldestWait() {
        return oldestWait;
    }

    /** The same in words, or null. */
    @CheckForNull
    public String getOldestWait() { // jelly access only
        return oldestWait.map(wait -> Util.getTimeSpanString(wait.toMillis())).orElse(null);
    }

    /** Why the repository cannot be driven, or is not shown, a sentence; empty if it is. */
    public String getTrouble() { // jelly access only
        return trouble;
    }
}
