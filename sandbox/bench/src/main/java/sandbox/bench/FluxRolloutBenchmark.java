package sandbox.bench;

import io.jenkins.plugins.gitops.argocd.ApplicationLookup;
import io.jenkins.plugins.gitops.ci.CheckWatch;
import io.jenkins.plugins.gitops.driver.Driver;
import io.jenkins.plugins.gitops.driver.DriverLoop;
import io.jenkins.plugins.gitops.flux.ClusterLogin;
import io.jenkins.plugins.gitops.flux.ClusterSettings;
import io.jenkins.plugins.gitops.flux.ClusterWatch;
import io.jenkins.plugins.gitops.flux.KubernetesClient;
import io.jenkins.plugins.gitops.flux.TargetLookup;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.world.FluxSimulator;
import io.jenkins.plugins.gitops.world.FluxSimulator.Resource;
import io.jenkins.plugins.gitops.world.GitCli;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * Measures what {@link RolloutBenchmark} does, where Flux deploys the waves.
 *
 * @param builds the number of waiting builds in all waves
 * @param changes the number of measured changes
 */
record FluxRolloutBenchmark(int waves, int targets, int builds, int changes) implements Benchmark {

    /** The objects in a page of a list. */
    private static final int PAGE = 500;

    private static final String NAMESPACE = "flux-system";

    @Override
    public String name() {
        return "rollout-flux";
    }

    @Override
    public String what() {
        return builds + " builds wait for " + targets + " Kustomizations";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        var graph = new WaveGraph(waves, 1);
        Path repository = graph.create(folder);
        var settings = graph.fluxSettings(repository);
        String main = GitCli.run(repository, "rev-parse", "main").strip();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try (var cluster = new FluxSimulator()) {
            cluster.put(
                    Resource.GIT_REPOSITORIES, NAMESPACE, "cfg-app", FluxSimulator.gitRepository(settings.url(), main));
            for (int target = 0; target < targets; target++) {
                put(cluster, main, target, "True", "ReconciliationSucceeded");
            }
            var at = new ClusterSettings(WaveGraph.SERVER, cluster.url(), "", Optional.empty(), true);
            var client = new KubernetesClient(
                    at,
                    HttpClient::newBuilder,
                    () -> ClusterLogin.withToken(at, FluxSimulator.TOKEN),
                    Runnable::run,
                    Clock.systemUTC(),
                    timer);
            var changed = new CompletableFuture<DriverLoop>();
            try (var watch = new ClusterWatch(
                            client,
                            Clock.systemUTC(),
                            timer,
                            pool,
                            () -> changed.thenAccept(DriverLoop::applicationsChanged));
                    var loop = new DriverLoop(
                            new Driver(
                                    settings,
                                    ConfigRepoClone.in(folder.resolve("clone"), settings.url(), () -> null, pool),
                                    new TargetLookup(ApplicationLookup.NONE, name -> watch.snapshot()),
                                    CheckWatch.ofNothing(),
                                    Clock.systemUTC(),
                                    "https://jenkins.example.com/"),
                            Clock.systemUTC(),
                            timer,
                            pool,
                            pool)) {
                changed.complete(loop);
                var latency = new NotificationLatency(builds);
                for (int build = 0; build < builds; build++) {
                    loop.followRollout(
                            WavePath.of(WaveGraph.wave(build % waves)),
                            Optional.of(main),
                            Optional.empty(),
                            latency.of(build % waves));
                }
                latency.begin();
                for (int change = 0; change < changes; change++) {
                    int target = change;
                    latency.hear(
                            change % waves,
                            change / waves + 1,
                            builds / waves,
                            () -> put(cluster, main, target, "False", "HealthCheckFailed"));
                }
                // A list and a watch of each kind, and the further pages of the one long list.
                int requests = 2 * Resource.values().length + (targets - 1) / PAGE;
                if (cluster.requests().size() != requests) {
                    throw new IllegalStateException(
                            "The cluster was asked " + cluster.requests().size() + " times, not " + requests + ".");
                }
                var parameters = new TreeMap<>(Map.of("kustomizations", targets, "waves", waves, "builds", builds));
                results.accept(new BenchResult(name() + "-p99", parameters, "ms", latency.most()));
            }
        } finally {
            timer.shutdownNow();
            pool.shutdownNow();
        }
    }

    private void put(FluxSimulator cluster, String commit, int target, String ready, String reason) {
        cluster.put(
                Resource.KUSTOMIZATIONS,
                NAMESPACE,
                WaveGraph.target(target % waves, target / waves),
                FluxSimulator.kustomization(commit, commit, ready, reason, "crash loop"));
    }
}
