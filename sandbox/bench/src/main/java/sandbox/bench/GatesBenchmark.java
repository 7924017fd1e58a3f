package sandbox.bench;

import io.jenkins.plugins.gitops.argocd.Application;
import io.jenkins.plugins.gitops.argocd.Application.Health;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatus;
import io.jenkins.plugins.gitops.argocd.Application.Id;
import io.jenkins.plugins.gitops.argocd.Application.Source;
import io.jenkins.plugins.gitops.argocd.Application.Sync;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatus;
import io.jenkins.plugins.gitops.argocd.Applications;
import io.jenkins.plugins.gitops.argocd.Snapshot;
import io.jenkins.plugins.gitops.delivery.Driver;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.repo.ConfigRepo;
import io.jenkins.plugins.gitops.world.Git;
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

/** Asks of every wave of a long line whether anything may be promoted into it, and why not. */
record GatesBenchmark(int waves, int services, int targets, Contest contest) implements Benchmark {

    @Override
    public String name() {
        return "gates";
    }

    @Override
    public String what() {
        return "look at every gate of " + waves + " waves";
    }

    @Override
    public void run(Path folder, Consumer<Result> results) throws Exception {
        var graph = new Graph(waves, services);
        Path repository = graph.create(folder);
        var settings = graph.settings(repository);
        ExecutorService housekeeper = Executors.newSingleThreadExecutor();
        var applications = new Deployed(snapshot(settings.url(), Git.run(repository, "rev-parse", "main").strip()));
        try (var driver = new Driver(
                settings,
                ConfigRepo.open(folder.resolve("clone"), settings.url(), () -> null, housekeeper),
                applications,
                Clock.systemUTC(),
                "https://jenkins.example.com/")) {
            driver.round();
            Contest.Way evaluate = new Contest.Way() {
                @Override
                public void prepare() {}

                @Override
                public void run() throws Exception {
                    check(driver.state().orElseThrow());
                }
            };
            Spread taken = contest.measure(List.of(evaluate)).get(0);
            results.accept(new Result(
                    name(), new TreeMap<>(Map.of("waves", waves, "services", services, "targets", targets)), "ms", taken, Optional.empty()));
        } finally {
            housekeeper.shutdown();
        }
    }

    private void check(RepositoryState state) {
        long soaking = state.waves().stream()
                .flatMap(wave -> wave.live().flatMap(RepositoryState.Live::next).stream())
                .filter(next -> next.services().size() == services && !next.allowed())
                .count();
        if (soaking != waves - 1) {
            throw new IllegalStateException("Only " + soaking + " waves have another set to come.");
        }
    }

    private Snapshot snapshot(String url, String sha) {
        var applications = new TreeMap<Id, Application>();
        for (int target = 0; target < targets; target++) {
            var id = new Id("argocd", Graph.target(target % waves, target / waves));
            applications.put(
                    id,
                    new Application(
                            id,
                            "default",
                            Map.of(),
                            List.of(new Source(url, "manifests", "main")),
                            new Sync(SyncStatus.SYNCED, "Synced", List.of(sha)),
                            new Health(HealthStatus.HEALTHY, "Healthy", ""),
                            false,
                            null,
                            List.of(),
                            List.of(),
                            Instant.EPOCH));
        }
        return new Snapshot(applications, true, null);
    }

    /** Argo CD as it was seen once. */
    private record Deployed(Snapshot snapshot) implements Applications {
        @Override
        public Snapshot on(String server) {
            return snapshot;
        }

        @Override
        public void refresh(String server, Id application) {
            throw new IllegalStateException("Nothing is stale.");
        }
    }
}
