package sandbox.bench;

import io.jenkins.plugins.gitops.ci.CheckState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Announces 40 services and merges them when CI is green. */
record CommitBenchmark(List<Integer> files, PairedMeasurement measurement) implements Benchmark {

    private static final String ANNOUNCE = """
            git fetch --quiet origin
            git checkout --quiet -B auto origin/auto
            printf '%s' "$TAGS" >images/staging/tags.json
            printf '%s' "$DIGESTS" >images/staging/digests.json
            git add --all -- images
            git commit --quiet --message "$MESSAGE"
            git push --quiet --force-with-lease origin auto
            """;

    private static final String MERGE = """
            git fetch --quiet origin
            git checkout --quiet main
            git merge --quiet --ff-only origin/auto
            git push --quiet origin main
            """;

    @Override
    public String name() {
        return "commit";
    }

    @Override
    public String what() {
        return "announce 40 services and merge them";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        for (int count : files) {
            Path place = Files.createDirectory(folder.resolve("files-" + count));
            Path repository = BenchRepositories.create(place.resolve("ours.git"), count);
            Path forPeer = BenchRepositories.copy(repository, place.resolve("peer.git"));
            Path forFloor = BenchRepositories.copy(repository, place.resolve("floor.git"));
            var heap = new HeapMeter();
            try (var engine = new MeasuredEngine(repository, place.resolve("ours"));
                    var floor = new JGitFloor(forFloor, place.resolve("floor"))) {
                List<RunSpread> taken = measurement.measure(List.of(
                        new Ours(engine, repository),
                        new ByGit(GitClone.of(forPeer, place.resolve("peer")), forPeer),
                        floor));
                var parameters = Map.of("files", count);
                results.accept(
                        new BenchResult(name(), parameters, "ms", taken.get(0)).beside(GitClone.NAME, taken.get(1)));
                results.accept(new BenchResult(name() + "-floor", parameters, "ms", taken.get(0))
                        .beside(JGitFloor.NAME, taken.get(2)));
                results.accept(new BenchResult(name() + "-heap", parameters, "MB", heap.peak()));
            }
        }
    }

    private static final class Ours implements PairedMeasurement.Approach {
        private final MeasuredEngine engine;
        private final RepositoryPacking server;
        private int version;

        Ours(MeasuredEngine engine, Path repository) {
            this.engine = engine;
            this.server = new RepositoryPacking(repository);
        }

        @Override
        public void prepare() {
            version++;
            server.beforeRun();
        }

        @Override
        public void run() throws Exception {
            String sha = engine.append(List.of(MeasuredEngine.change(version, BenchImages.all(version))))
                    .sha();
            engine.report(sha, CheckState.SUCCESS);
        }
    }

    private static final class ByGit implements PairedMeasurement.Approach {
        private final GitClone clone;
        private final RepositoryPacking server;
        private int version;

        ByGit(GitClone clone, Path repository) {
            this.clone = clone;
            this.server = new RepositoryPacking(repository);
        }

        @Override
        public void prepare() {
            version++;
            server.beforeRun();
            clone.beforeRun();
        }

        @Override
        public boolean inOwnProcesses() {
            return true;
        }

        @Override
        public void run() throws IOException {
            Map<String, String> files = BenchImages.files(version);
            clone.run(
                    Map.of(
                            "TAGS", files.get(BenchImages.FOLDER + "/tags.json"),
                            "DIGESTS", files.get(BenchImages.FOLDER + "/digests.json"),
                            "MESSAGE", "chore: update app to " + version),
                    ANNOUNCE);
            clone.run(Map.of(), MERGE);
        }
    }
}
