package sandbox.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A benchmark of what happens to queues of some lengths, on repositories of some sizes, beside a script of git. */
interface QueueBenchmark extends Benchmark {

    /**
     * What is measured.
     *
     * @param queues the lengths of the queues to measure on each repository
     */
    record Settings(List<RepositoryScale> scales, List<Integer> queues, PairedMeasurement measurement) {}

    Settings settings();

    /** Returns what the plugin does, on a repository without a queue. */
    PairedMeasurement.Approach byPlugin(MeasuredEngine engine, Path repository, RepositoryScale scale, int queue);

    /** Returns what the script does, on a copy of the same repository. */
    PairedMeasurement.Approach byGit(GitClone clone, Path repository, int files, int queue);

    @Override
    default void run(Path folder, Consumer<BenchResult> results) throws Exception {
        for (RepositoryScale scale : settings().scales()) {
            Path under = Files.createDirectory(folder.resolve(scale.folder()));
            Path origin = BenchRepositories.create(under.resolve("origin.git"), scale.files(), scale.images());
            for (int queue : settings().queues()) {
                Path place = Files.createDirectory(under.resolve("queue-" + queue));
                Path repository = BenchRepositories.copy(origin, place.resolve("ours.git"));
                Path forPeer = BenchRepositories.copy(origin, place.resolve("peer.git"));
                try (var server = BenchServer.of(place, scale);
                        var engine = server.engine(repository, place.resolve("ours"))) {
                    GitClone clone = server.gitClone(forPeer, place.resolve("peer"));
                    server.compare(
                            name(),
                            scale.parameters(queue),
                            settings().measurement(),
                            byPlugin(engine, repository, scale, queue),
                            byGit(clone, forPeer, scale.files(), queue),
                            results);
                }
            }
        }
    }
}
