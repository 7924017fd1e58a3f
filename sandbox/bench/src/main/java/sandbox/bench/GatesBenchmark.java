package sandbox.bench;

import io.jenkins.plugins.gitops.argocd.Application;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationSource;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatus;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatusCode;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatus;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatusCode;
import io.jenkins.plugins.gitops.argocd.ApplicationLookup;
import io.jenkins.plugins.gitops.argocd.ServerSnapshot;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.driver.Driver;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Evaluates the gates of every wave of a graph. */
record GatesBenchmark(int waves, int services, int targets, PairedMeasurement measurement) implements Benchmark {

    @Override
    public String name() {
        return "gates";
    }

    @Override
    public String what() {
        return "look at every gate of " + waves + " waves";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        var graph = new WaveGraph(waves, services);
        Path repository = graph.create(folder);
        var settings = graph.settings(repository);
        ExecutorService housekeeper = Executors.newSingleThreadExecutor();
        var applications = new FixedLookup(snapshot(
                settings.url(), GitCli.run(repository, "rev-parse", "main").strip()));
        try (var driver = new Driver(
                settings,
                ConfigRepoClone.in(folder.resolve("clone"), settings.url(), () -> null, housekeeper),
                applications,
                Clock.systemUTC(),
                "https://jenkins.example.com/")) {
            driver.round();
            PairedMeasurement.Approach evaluate = new PairedMeasurement.Approach() {
                @Override
                public void prepare() {}

                @Override
                public void run() throws Exception {
                    check(driver.state().orElseThrow());
                }
            };
            RunSpread taken = measurement.measure(List.of(evaluate)).get(0);
            results.accept(new BenchResult(
                    name(),
                    new TreeMap<>(Map.of("waves", waves, "services", services, "targets", targets)),
                    "ms",
                    taken));
        } finally {
            housekeeper.shutdown();
        }
    }

    private void check(RepositoryState state) {
        long soaking = state.waves().stream()
                .flatMap(wave -> wave.live().flatMap(RepositoryState.LiveState::next).stream())
                .filter(next -> next.services().size() == services && !next.allowed())
                .count();
        if (soaking != waves - 1) {
            throw new IllegalStateException("Only " + soaking + " waves have another set to come.");
        }
    }

    private ServerSnapshot snapshot(String url, String sha) {
        var applications = new TreeMap<ApplicationId, Application>();
        for (int target = 0; target < targets; target++) {
            var id = new ApplicationId("argocd", WaveGraph.target(target % waves, target / waves));
            applications.put(
                    id,
                    Application.builder(id)
                            .sources(List.of(new ApplicationSource(url, "manifests", "main")))
                            .sync(new SyncStatus(SyncStatusCode.SYNCED, "Synced", List.of(sha)))
                            .health(new HealthStatus(HealthStatusCode.HEALTHY, "Healthy", ""))
                            .reconciledAt(Optional.of(Instant.EPOCH))
                            .build());
        }
        return new ServerSnapshot(applications, true, Optional.empty());
    }

    /** A fixed snapshot of Argo CD. */
    private record FixedLookup(ServerSnapshot snapshot) implements ApplicationLookup {
        @Override
        public ServerSnapshot on(String server) {
            return snapshot;
        }

        @Override
        public void refresh(String server, ApplicationId application) {
            throw new IllegalStateException("Nothing is stale.");
        }
    }
}
