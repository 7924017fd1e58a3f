package sandbox.bench;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures the replay of a queue after other commits were pushed to main.
 *
 * @param files the number of files in the repository
 * @param queue the length of the queue
 * @param moved the number of commits that are pushed to main
 */
record AlignBenchmark(int files, int queue, int moved, PairedMeasurement measurement) implements Benchmark {

    /** The script of the peer. As in {@link EvictBenchmark}, each of its commits changes a separate file. */
    private static final String ALIGN = """
            git fetch --quiet origin
            git rebase --quiet origin/main auto
            git push --quiet --force-with-lease origin auto
            """;

    @Override
    public String name() {
        return "align";
    }

    @Override
    public String what() {
        return "a queue is replayed on a main that moved by " + moved + " commits";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        Path repository = BenchRepositories.create(folder.resolve("ours.git"), files);
        Path forPeer = BenchRepositories.copy(repository, folder.resolve("peer.git"));
        try (var engine = new MeasuredEngine(repository, folder.resolve("ours"))) {
            List<RunSpread> taken = measurement.measure(List.of(
                    new Ours(engine, repository), new ByGit(GitClone.of(forPeer, folder.resolve("peer")), forPeer)));
            var parameters = new LinkedHashMap<String, Integer>();
            parameters.put("files", files);
            parameters.put("queue", queue);
            results.accept(new BenchResult(name(), parameters, "ms", taken.get(0)).beside(GitClone.NAME, taken.get(1)));
        }
    }

    /** Adds commits to main, which change other files than the queue; returns the number of the next commit. */
    private int move(Path repository, int next) throws Exception {
        BenchRepositories.commits(repository, BenchRepositories.MAIN, next, moved);
        return next + moved;
    }

    private static void check(Path repository) {
        if (!GitCli.succeeds(
                repository, "merge-base", "--is-ancestor", BenchRepositories.MAIN, BenchRepositories.AUTO)) {
            throw new IllegalStateException("The queue was not replayed on main.");
        }
    }

    private final class Ours implements PairedMeasurement.Approach {
        private final MeasuredEngine engine;
        private final Path repository;
        private final RepositoryPacking server;
        private int next = files;

        Ours(MeasuredEngine engine, Path repository) {
            this.engine = engine;
            this.repository = repository;
            this.server = new RepositoryPacking(repository);
        }

        @Override
        public void prepare() throws Exception {
            if (next == files) {
                var changes = new ArrayList<NewChange>();
                for (int version = 1; version <= queue; version++) {
                    changes.add(MeasuredEngine.change(version, BenchImages.one(version)));
                }
                engine.append(changes);
            } else {
                check(repository);
            }
            next = move(repository, next);
            server.beforeRun();
        }

        @Override
        public void run() throws Exception {
            engine.round();
        }
    }

    private final class ByGit implements PairedMeasurement.Approach {
        private final GitClone clone;
        private final Path repository;
        private final RepositoryPacking server;
        private int next = files;

        ByGit(GitClone clone, Path repository) {
            this.clone = clone;
            this.repository = repository;
            this.server = new RepositoryPacking(repository);
        }

        @Override
        public void prepare() throws Exception {
            if (next == files) {
                BenchRepositories.commits(repository, BenchRepositories.AUTO, files + 1_000_000, queue);
                clone.run(Map.of(), "git fetch --quiet origin\ngit reset --quiet --hard origin/auto\n");
            } else {
                check(repository);
            }
            next = move(repository, next);
            server.beforeRun();
            clone.beforeRun();
        }

        @Override
        public boolean inOwnProcesses() {
            return true;
        }

        @Override
        public void run() throws Exception {
            clone.run(Map.of(), ALIGN);
        }
    }
}
