package sandbox.bench;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;

/** Measures the eviction of the lowest change of a queue and the replay of all changes above it. */
record EvictBenchmark(Settings settings) implements QueueBenchmark {

    /**
     * The script of the peer. Each of its queued commits changes a separate file, since commits that change the same
     * JSON, as announcements do, would conflict in its rebase.
     */
    private static final String EVICT = """
            git fetch --quiet origin
            git rebase --quiet --onto "$RED^" "$RED" auto
            git push --quiet --force-with-lease origin auto
            """;

    @Override
    public String name() {
        return "evict";
    }

    @Override
    public String what() {
        return "CI reports the bottom of a queue red, it is evicted and the rest replayed";
    }

    @Override
    public PairedMeasurement.Approach byPlugin(
            MeasuredEngine engine, Path repository, RepositoryScale scale, int queue) {
        return new Ours(engine, repository, scale.images(), queue);
    }

    @Override
    public PairedMeasurement.Approach byGit(GitClone clone, Path repository, int files, int queue) {
        return new ByGit(clone, repository, files, queue);
    }

    /** The plugin. All queued changes announce services of one wave, in the same files. */
    private static final class Ours implements PairedMeasurement.Approach {
        private final MeasuredEngine engine;
        private final Path repository;
        private final RepositoryPacking server;
        private final BenchImages images;
        private final int queue;
        private int version;
        private String red = "";

        Ours(MeasuredEngine engine, Path repository, BenchImages images, int queue) {
            this.images = images;
            this.engine = engine;
            this.repository = repository;
            this.server = new RepositoryPacking(repository);
            this.queue = queue;
        }

        @Override
        public void prepare() throws Exception {
            if (version == 0) {
                engine.round();
                engine.report(
                        GitCli.run(repository, "rev-parse", BenchRepositories.MAIN)
                                .strip(),
                        CheckState.SUCCESS);
            }
            if (engine.queue().contains(red)) {
                throw new IllegalStateException("Not evicted: " + red);
            }
            server.beforeRun();
            var missing = new ArrayList<NewChange>();
            for (int queued = engine.queue().size(); queued < queue; queued++) {
                version++;
                missing.add(MeasuredEngine.change(version, images.one(version)));
            }
            engine.append(missing);
            red = engine.queue().get(0);
        }

        @Override
        public void run() throws Exception {
            engine.report(red, CheckState.FAILURE);
        }
    }

    private static final class ByGit implements PairedMeasurement.Approach {
        private final GitClone clone;
        private final Path repository;
        private final RepositoryPacking server;
        private final int queue;
        private int next;
        private int queued;
        private String red = "";

        ByGit(GitClone clone, Path repository, int files, int queue) {
            this.clone = clone;
            this.repository = repository;
            this.server = new RepositoryPacking(repository);
            this.next = files;
            this.queue = queue;
        }

        @Override
        public void prepare() throws Exception {
            BenchRepositories.commits(repository, BenchRepositories.AUTO, next, queue - queued);
            next += queue - queued;
            queued = queue;
            server.beforeRun();
            clone.beforeRun();
            clone.run(Map.of(), "git fetch --quiet origin\ngit reset --quiet --hard origin/auto\n");
            red = clone.git("rev-list", "--reverse", "origin/main..auto")
                    .lines()
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public boolean inOwnProcesses() {
            return true;
        }

        @Override
        public void run() throws Exception {
            clone.run(Map.of("RED", red), EVICT);
            queued--;
        }
    }
}
