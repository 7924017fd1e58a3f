package sandbox.bench;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.driver.DriverLoop;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * Measures the time until all builds that append at the same time are answered, compared with the same builds one after
 * the other.
 *
 * @param builds the number of builds
 * @param drivers the numbers of drivers to measure with, each driver with its own clone
 */
record ContendBenchmark(int files, int builds, List<Integer> drivers, PairedMeasurement measurement)
        implements Benchmark {

    @Override
    public String name() {
        return "contend";
    }

    @Override
    public String what() {
        return builds + " builds append at once";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        Path origin = BenchRepositories.create(folder.resolve("origin.git"), files);
        for (int several : drivers) {
            Path place = Files.createDirectory(folder.resolve("drivers-" + several));
            try (var atOnce = new Builds(BenchRepositories.copy(origin, place.resolve("at-once.git")), several, true);
                    var inTurn =
                            new Builds(BenchRepositories.copy(origin, place.resolve("in-turn.git")), several, false)) {
                List<RunSpread> taken = measurement.measure(List.of(atOnce, inTurn));
                var parameters = new LinkedHashMap<String, Integer>();
                parameters.put("files", files);
                parameters.put("builds", builds);
                parameters.put("drivers", several);
                results.accept(new BenchResult(name(), parameters, "ms", taken.get(0))
                        .beside("one after the other", taken.get(1)));
            }
        }
    }

    private final class Builds implements PairedMeasurement.Approach, AutoCloseable {
        private final Path repository;
        private final boolean atOnce;
        private final RepositoryPacking server;
        private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        private final ExecutorService pool = Executors.newCachedThreadPool();
        private final List<DriverLoop> loops = new ArrayList<>();
        private int version;

        Builds(Path repository, int drivers, boolean atOnce) throws Exception {
            this.repository = repository;
            this.atOnce = atOnce;
            this.server = new RepositoryPacking(repository);
            for (int driver = 1; driver <= drivers; driver++) {
                Path clone = repository.resolveSibling(repository.getFileName() + "-clone-" + driver);
                loops.add(new MeasuredEngine(repository, clone).loop(scheduler, pool));
            }
        }

        /** Merges the changes that the last run has queued. */
        @Override
        public void prepare() {
            String auto =
                    GitCli.run(repository, "rev-parse", BenchRepositories.AUTO).strip();
            if (version > 0) {
                if (queued() != builds) {
                    throw new IllegalStateException("Of " + builds + " builds " + queued() + " are queued.");
                }
                loops.get(0)
                        .submit(new RecordReport(MeasuredEngine.verdict(auto, CheckState.SUCCESS, version)))
                        .join();
            }
            if (queued() != 0) {
                throw new IllegalStateException("Not all landed.");
            }
            server.beforeRun();
        }

        private int queued() {
            String range = BenchRepositories.MAIN + ".." + BenchRepositories.AUTO;
            return Integer.parseInt(
                    GitCli.run(repository, "rev-list", "--count", range).strip());
        }

        @Override
        public void run() {
            var answers = new ArrayList<CompletableFuture<SubmittedChange>>();
            for (int build = 0; build < builds; build++) {
                version++;
                NewChange change = MeasuredEngine.change(version, BenchImages.SHOP.one(version));
                CompletableFuture<SubmittedChange> answer =
                        loops.get(build % loops.size()).submit(new AppendChange(change));
                if (!atOnce) {
                    answer.join();
                }
                answers.add(answer);
            }
            answers.forEach(CompletableFuture::join);
        }

        @Override
        public void close() {
            loops.forEach(DriverLoop::close);
            scheduler.shutdown();
            pool.shutdown();
        }
    }
}
