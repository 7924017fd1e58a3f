package io.jenkins.plugins.gitops.runtime;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Extension;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.ci.forges.RateLimit;
import io.jenkins.plugins.gitops.delivery.DriverListener;
import io.jenkins.plugins.gitops.delivery.HookHealth;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import jenkins.metrics.api.Metrics;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Publishes gauges and timers through the Metrics plugin, where that is installed. All names begin with
 * {@code gitopswaves} and contain the configured names of repositories, waves and sources.
 */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class PluginMetrics extends MetricsListener {

    private static final String ROOT = "gitopswaves";

    private static String name(String... parts) {
        return MetricRegistry.name(ROOT, parts);
    }

    @Override
    DriverListener driverListener(String repository) {
        gauge(
                name(repository, "queue"),
                () -> state(repository, state -> state.auto().size()));
        gauge(
                name(repository, "trouble"),
                () -> state(
                        repository,
                        state -> DriverRegistry.get().trouble(repository).isPresent() ? 1 : 0));
        gauge(
                name(repository, "hooks", "missed"),
                () -> DriverRegistry.get().hooks().healthOf(repository).stream()
                        .mapToInt(HookHealth::missed)
                        .sum());
        return new DriverTimers(repository);
    }

    private static int state(String repository, Function<RepositoryState, Integer> number) {
        try {
            Optional<RepositoryState> state = DriverRegistry.get().state(repository);
            return state.map(number).orElse(0);
        } catch (IllegalArgumentException e) {
            // It is no longer configured.
            return 0;
        }
    }

    private static void gauge(String name, Gauge<? extends Number> gauge) {
        MetricRegistry registry = Metrics.metricRegistry();
        registry.remove(name);
        registry.register(name, gauge);
    }

    /** Measures how long changes and rollouts of a repository take. */
    private record DriverTimers(String repository) implements DriverListener {

        /** The name of the timer has the outcome, and of an eviction its cause. */
        @Override
        public void ended(DecidedChange change, Duration taken) {
            String outcome = change.outcome().toString();
            String name = change.cause()
                    .map(cause -> name(repository, "changes", outcome, cause))
                    .orElseGet(() -> name(repository, "changes", outcome));
            update(name, taken);
        }

        @Override
        public void deployed(WavePath path, Duration taken) {
            update(
                    path.set()
                            .map(set -> name(repository, "deployed", path.wave(), set))
                            .orElseGet(() -> name(repository, "deployed", path.wave())),
                    taken);
        }

        private static void update(String name, Duration taken) {
            Metrics.metricRegistry().timer(name).update(taken.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    void forgeUsed(String url, @Nullable String credentialsId, Supplier<RateLimit.Usage> usage) {
        String host = Objects.requireNonNullElse(URI.create(url).getHost(), "unknown");
        String account = Objects.requireNonNullElse(credentialsId, "anonymous");
        gauge(name("api", host, account, "answers"), () -> usage.get().answers());
        gauge(name("api", host, account, "refused"), () -> usage.get().refused());
        gauge(name("api", host, account, "remaining"), () -> usage.get().remaining());
    }
}
