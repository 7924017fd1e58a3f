package sandbox.bench;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.ApplicationLookup;
import io.jenkins.plugins.gitops.argocd.ArgoCdClient;
import io.jenkins.plugins.gitops.argocd.ArgoCdSettings;
import io.jenkins.plugins.gitops.argocd.ArgoCdWatch;
import io.jenkins.plugins.gitops.argocd.ServerSnapshot;
import io.jenkins.plugins.gitops.driver.Driver;
import io.jenkins.plugins.gitops.driver.DriverLoop;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.world.ApplicationSpec;
import io.jenkins.plugins.gitops.world.ArgoCdSimulator;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.SimulatedApplication;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * Measures the time, in milliseconds, from a change of an application on one Argo CD server until each build that waits
 * for its wave is notified, over HTTP. The slowest hundredth of the notifications is left out, so the {@code max} is
 * the 99th percentile.
 *
 * @param builds the number of waiting builds in all waves
 * @param changes the number of measured changes
 */
record RolloutBenchmark(int waves, int targets, int builds, int changes) implements Benchmark {

    /** One list at the start, and one after the stream is established. */
    private static final int LISTS = 2;

    /** The least time between two lists while a stream is open, in seconds. */
    private static final int SECONDS_BETWEEN_LISTS = 45;

    @Override
    public String name() {
        return "rollout";
    }

    @Override
    public String what() {
        return builds + " builds wait for " + targets + " applications";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        var graph = new WaveGraph(waves, 1);
        Path repository = graph.create(folder);
        var settings = graph.settings(repository);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try (ArgoCdSimulator argo =
                ArgoCdSimulator.start(Files.createDirectory(folder.resolve("argocd")), Clock.systemUTC(), 0)) {
            argo.fetchFrom(settings.url(), settings.url());
            var applications = new ArrayList<SimulatedApplication>();
            for (int target = 0; target < targets; target++) {
                int wave = target % waves;
                applications.add(argo.add(new ApplicationSpec(
                        WaveGraph.target(wave, target / waves),
                        settings.url(),
                        "images/" + WaveGraph.wave(wave),
                        "main")));
            }
            argo.settle();
            double simulated = HeapMeter.kept();
            String token = argo.token("jenkins");
            var server = new ArgoCdClient(
                    new ArgoCdSettings(WaveGraph.SERVER, argo.url(), "", true, true),
                    HttpClient.newHttpClient(),
                    () -> token,
                    Runnable::run,
                    Clock.systemUTC(),
                    timer);
            var watch = new ArgoCdWatch(server, Clock.systemUTC(), timer, pool);
            var driver = new Driver(
                    settings,
                    ConfigRepoClone.in(folder.resolve("clone"), settings.url(), () -> null, pool),
                    new WatchLookup(watch),
                    Clock.systemUTC(),
                    "https://jenkins.example.com/");
            try (var loop = new DriverLoop(driver, Clock.systemUTC(), timer, pool, pool);
                    var following = watch.follow(loop::applicationsChanged)) {
                long began = System.nanoTime();
                String wanted = GitCli.run(repository, "rev-parse", "main").strip();
                var latency = new NotificationLatency(builds);
                for (int build = 0; build < builds; build++) {
                    loop.followRollout(
                            WavePath.of(WaveGraph.wave(build % waves)),
                            Optional.of(wanted),
                            Optional.empty(),
                            latency.of(build % waves));
                }
                latency.begin();
                for (int change = 0; change < changes; change++) {
                    SimulatedApplication changed = applications.get(change);
                    latency.hear(
                            change % waves, change / waves + 1, builds / waves, () -> changed.degrade("crash loop"));
                }
                var parameters = new TreeMap<>(Map.of("applications", targets, "waves", waves, "builds", builds));
                results.accept(new BenchResult(name() + "-p99", parameters, "ms", latency.most()));
                RunSpread asked = RunSpread.of(asked(argo, Duration.ofNanos(System.nanoTime() - began)));
                results.accept(new BenchResult(name() + "-asked", parameters, "requests", asked));
                // Includes the little memory in which the simulator keeps the changes.
                RunSpread kept = RunSpread.of(HeapMeter.kept() - simulated);
                results.accept(new BenchResult(name() + "-heap", parameters, "MB", kept));
            }
        } finally {
            timer.shutdownNow();
            pool.shutdownNow();
        }
    }

    /** The number of requests for applications; fails if it depends on the number of waiting builds. */
    private static double asked(ArgoCdSimulator argo, Duration elapsed) {
        long lists = asked(argo, "/api/v1/applications");
        long streams = asked(argo, "/api/v1/stream/applications");
        if (streams != 1 || lists > LISTS + elapsed.toSeconds() / SECONDS_BETWEEN_LISTS) {
            throw new IllegalStateException(
                    "Argo CD was asked for " + streams + " streams and " + lists + " lists in " + elapsed + ".");
        }
        return streams + lists;
    }

    private static long asked(ArgoCdSimulator argo, String path) {
        return argo.requests().stream()
                .filter(request -> request.path().equals(path))
                .count();
    }

    /** Gives access to the snapshot of the one watched server. */
    private record WatchLookup(ArgoCdWatch watch) implements ApplicationLookup {
        @Override
        public ServerSnapshot on(String server) {
            return watch.snapshot();
        }

        @Override
        public void refresh(String server, ApplicationId application) {
            watch.refresh(application);
        }
    }
}
