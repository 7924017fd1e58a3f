package sandbox.bench;

import io.jenkins.plugins.gitops.registry.ImageQuery;
import io.jenkins.plugins.gitops.registry.ImageResolver;
import io.jenkins.plugins.gitops.registry.RegistryCredentials;
import io.jenkins.plugins.gitops.registry.RegistrySettings;
import io.jenkins.plugins.gitops.registry.ResolvedImage;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * Measures the look-up of the digests of all services of a build in a registry that delays responses and requires a
 * token for each repository. Each run uses a new resolver without cached tokens.
 */
record DigestsBenchmark(int services, Duration latency, PairedMeasurement measurement) implements Benchmark {

    /** The number of requests that a resolver may send to one registry at the same time. */
    private static final int BOUND = 32;

    private static final RegistryCredentials CREDENTIALS = new RegistryCredentials("bench", "bench-password");

    @Override
    public String name() {
        return "digests";
    }

    @Override
    public String what() {
        return services + " services are resolved by a registry that answers after " + latency.toMillis() + " ms";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        try (var resolving = new ResolverRun()) {
            List<RunSpread> taken = measurement.measure(List.of(resolving));
            var parameters = new LinkedHashMap<String, Integer>();
            parameters.put("services", services);
            parameters.put("latency", (int) latency.toMillis());
            results.accept(new BenchResult(name(), parameters, "ms", taken.get(0)));
        }
    }

    private final class ResolverRun implements PairedMeasurement.Approach, AutoCloseable {
        private final LateRegistry registry = new LateRegistry(latency);
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        private final HttpClient client = HttpClient.newHttpClient();
        private ImageResolver resolver;

        ResolverRun() throws Exception {}

        @Override
        public void prepare() {
            registry.forget();
            var settings = new RegistrySettings(registry.url(), Set.of(), true);
            resolver = new ImageResolver(client, Clock.systemUTC(), timer, name -> settings);
        }

        @Override
        public void run() {
            var answers = new ArrayList<CompletableFuture<ResolvedImage>>();
            for (int service = 0; service < services; service++) {
                String name = "service-" + service;
                var wanted = new ImageQuery(
                        name, registry.host() + "/" + name, "1", Optional.empty(), Optional.empty(), false);
                answers.add(resolver.resolve(wanted, CREDENTIALS));
            }
            for (int service = 0; service < services; service++) {
                String digest = answers.get(service).join().image().digest();
                if (!digest.equals(LateRegistry.digest("service-" + service))) {
                    throw new IllegalStateException("service-" + service + " is resolved to " + digest + ".");
                }
            }
            if (registry.tokens() != services) {
                throw new IllegalStateException(
                        "For " + services + " scopes " + registry.tokens() + " tokens were asked for.");
            }
            if (registry.mostAtOnce() > BOUND) {
                throw new IllegalStateException(registry.mostAtOnce() + " requests were under way at once.");
            }
        }

        @Override
        public void close() {
            timer.shutdown();
            registry.close();
        }
    }
}
