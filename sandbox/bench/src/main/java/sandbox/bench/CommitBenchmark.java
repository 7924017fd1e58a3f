package sandbox.bench;

import io.jenkins.plugins.gitops.ci.CheckState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Announces all services of a wave and merges them when CI is green. */
record CommitBenchmark(List<RepositoryScale> scales, PairedMeasurement measurement) implements Benchmark {

    private static final String ANNOUNCE = """
            git fetch --quiet origin
            git checkout --quiet -B auto origin/auto
            cp "$IMAGES/tags.json" "$IMAGES/digests.json" images/staging
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
        return "announce all services of a wave and merge them";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        for (RepositoryScale scale : scales) {
            Path place = Files.createDirectory(folder.resolve(scale.folder()));
            Path repository = BenchRepositories.create(place.resolve("ours.git"), scale.files(), scale.images());
            Path forPeer = BenchRepositories.copy(repository, place.resolve("peer.git"));
            var heap = new HeapMeter();
            try (var server = BenchServer.of(place, scale);
                    var engine = server.engine(repository, place.resolve("ours"))) {
                var ours = new Ours(engine, repository, scale.images());
                var peer = new ByGit(
                        server.gitClone(forPeer, place.resolve("peer")),
                        forPeer,
                        scale.images(),
                        Files.createDirectory(place.resolve("images")));
                if (scale.isOverHttp()) {
                    server.compare(name(), scale.parameters(), measurement, ours, peer, results);
                } else {
                    Path forFloor = BenchRepositories.copy(repository, place.resolve("floor.git"));
                    Path forSigned = BenchRepositories.copy(repository, place.resolve("signed.git"));
                    try (var floor = new JGitFloor(forFloor, place.resolve("floor"), scale.images());
                            var signing = new MeasuredEngine(
                                    forSigned.toUri().toString(), new BenchSigning(), place.resolve("signed"))) {
                        var signed = new Ours(signing, forSigned, scale.images());
                        List<RunSpread> taken = measurement.measure(List.of(ours, peer, floor, signed));
                        results.accept(result(scale, "", "ms", taken.get(0)).beside(GitClone.NAME, taken.get(1)));
                        results.accept(
                                result(scale, "-signed", "ms", taken.get(3)).beside("unsigned", taken.get(0)));
                        results.accept(
                                result(scale, "-floor", "ms", taken.get(0)).beside(JGitFloor.NAME, taken.get(2)));
                    }
                }
                results.accept(result(scale, "-heap", "MB", heap.peak()));
            }
        }
    }

    private BenchResult result(RepositoryScale scale, String what, String unit, RunSpread ours) {
        return new BenchResult(name() + what, scale.parameters(), unit, ours);
    }

    private static final class Ours implements PairedMeasurement.Approach {
        private final MeasuredEngine engine;
        private final RepositoryPacking server;
        private final BenchImages images;
        private int version;

        Ours(MeasuredEngine engine, Path repository, BenchImages images) {
            this.engine = engine;
            this.images = images;
            this.server = new RepositoryPacking(repository);
        }

        @Override
        public void prepare() throws Exception {
            if (version == 0) {
                engine.round();
            }
            version++;
            server.beforeRun();
        }

        @Override
        public void run() throws Exception {
            String sha = engine.append(List.of(MeasuredEngine.change(version, images.all(version))))
                    .sha();
            engine.report(sha, CheckState.SUCCESS);
        }
    }

    private static final class ByGit implements PairedMeasurement.Approach {
        private final GitClone clone;
        private final RepositoryPacking server;
        private final BenchImages images;
        private final Path written;
        private int version;

        ByGit(GitClone clone, Path repository, BenchImages images, Path written) {
            this.clone = clone;
            this.server = new RepositoryPacking(repository);
            this.images = images;
            this.written = written;
        }

        /** Writes the new image files where the script finds them. */
        @Override
        public void prepare() throws IOException {
            version++;
            for (var file : images.files(version).entrySet()) {
                Files.writeString(written.resolve(Path.of(file.getKey()).getFileName()), file.getValue());
            }
            server.beforeRun();
            clone.beforeRun();
        }

        @Override
        public boolean inOwnProcesses() {
            return true;
        }

        @Override
        public void run() throws IOException {
            clone.run(Map.of("IMAGES", written.toString(), "MESSAGE", "chore: update app to " + version), ANNOUNCE);
            clone.run(Map.of(), MERGE);
        }
    }
}
