package io.jenkins.plugins.gitops.runtime;

import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.driver.DriverLoop;
import io.jenkins.plugins.gitops.runtime.events.RepositoryEvents;
import io.jenkins.plugins.gitops.runtime.executors.PluginExecutors;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Creates, replaces and closes the drivers of repositories, and has those that run. A driver that takes the place of
 * another begins when the last round of that one has ended. Guarded by the registry, except for {@link #events}.
 */
final class DriverLifecycle {

    private final PluginExecutors executors;
    private final HookMonitor hooks;
    private final Consumer<String> startGenerator;
    private final Map<String, RunningDriver> running = new HashMap<>();

    /** Drivers that were closed in a round that has not ended, by repository. */
    private final Map<String, DriverLoop> ending = new HashMap<>();

    private final Map<String, RepositoryEvents> events = new ConcurrentHashMap<>();

    /**
     * Creates it without any driver.
     *
     * @param startGenerator starts a build of a repository's generator; is called on a thread that may block
     */
    DriverLifecycle(PluginExecutors executors, HookMonitor hooks, Consumer<String> startGenerator) {
        this.executors = executors;
        this.hooks = hooks;
        this.startGenerator = startGenerator;
    }

    Collection<RunningDriver> running() {
        return running.values();
    }

    Optional<RunningDriver> find(String repository) {
        return Optional.ofNullable(running.get(repository));
    }

    /** Whether a driver is not that of a repository any more. */
    boolean isReplaced(String repository, DriverLoop driver) {
        return find(repository).filter(now -> now.driver() == driver).isEmpty();
    }

    /** The events of a repository that has had a driver. From any thread. */
    Optional<RepositoryEvents> events(String repository) {
        return Optional.ofNullable(events.get(repository));
    }

    /** Closes the drivers of repositories that are configured differently now, or not at all. */
    void closeChanged(Map<String, RepositoryDefinition> configured) {
        for (String name : List.copyOf(running.keySet())) {
            RunningDriver old = running.get(name);
            RepositoryDefinition now = configured.get(name);
            if (now == null || !old.isConfiguredAs(now)) {
                running.remove(name);
                old.driver().close();
                ending.put(name, old.driver());
            }
        }
        ending.values().removeIf(DriverLoop::hasEnded);
    }

    /** Forgets all drivers, and returns them to be closed. */
    List<RunningDriver> removeAll() {
        List<RunningDriver> all = List.copyOf(running.values());
        running.clear();
        return all;
    }

    /**
     * Starts the driver of a repository that has none.
     *
     * @throws IllegalArgumentException if its definition is not valid
     */
    DriverLoop start(RepositoryDefinition configured, Clock clock) {
        String repository = configured.getName();
        DriverLoop driver;
        try {
            driver = new DriverFactory(clock, executors).create(configured);
        } catch (RepoUnavailable e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        Optional.ofNullable(ending.remove(repository)).ifPresent(driver::startAfter);
        driver.onMissedHook(() -> hooks.changeFound(
                repository,
                HookMonitor.expectedSources(GitOpsWavesConfiguration.get().repository(repository))));
        RepositoryEvents told = RepositoryEvents.open(
                configured, clock, executors.timer(), executors.events(), DriverFactory.identity());
        driver.onRound(told);
        events.put(repository, told);
        driver.onGeneratorNeeded(() -> executors.callbacks().execute(() -> startGenerator.accept(repository)));
        MetricsListener.all().forEach(metrics -> driver.setListener(metrics.driverListener(repository)));
        running.put(repository, RunningDriver.of(configured, driver));
        watchTargets();
        driver.wake();
        return driver;
    }

    /** Watches exactly the Argo CD servers and the clusters that have targets of repositories with a driver. */
    void watchTargets() {
        Set<String> servers = new HashSet<>();
        Set<String> clusters = new HashSet<>();
        running.values().forEach(each -> {
            servers.addAll(each.settings().argoCdServers());
            clusters.addAll(each.settings().clusters());
        });
        ArgoCdWatchRegistry.get().watch(servers);
        ClusterWatchRegistry.get().watch(clusters);
    }
}
