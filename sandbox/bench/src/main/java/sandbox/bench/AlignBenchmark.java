package sandbox.bench;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;

/**
 * Measures the replay of a queue after other commits were pushed to main.
 *
 * @param moved the number of commits that are pushed to main
 */
record AlignBenchmark(Settings settings, int moved) implements QueueBenchmark {

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
    public PairedMeasurement.Approach byPlugin(
            MeasuredEngine engine, Path repository, RepositoryScale scale, int queue) {
        return new Ours(engine, repository, scale, queue);
    }

    @Override
    public PairedMeasurement.Approach byGit(GitClone clone, Path repository, int files, int queue) {
        return new ByGit(clone, repository, files, queue);
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
        private final BenchImages images;
        private final int queue;
        private int appended;
        private int next;

        Ours(MeasuredEngine engine, Path repository, RepositoryScale scale, int queue) {
            this.engine = engine;
            this.repository = repository;
            this.server = new RepositoryPacking(repository);
            this.images = scale.images();
            this.queue = queue;
            this.next = scale.files();
        }

        @Override
        public void prepare() throws Exception {
            if (appended == 0) {
                var changes = new ArrayList<NewChange>();
                while (appended < queue) {
                    appended++;
                    changes.add(MeasuredEngine.change(appended, images.one(appended)));
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
        private final int files;
        private final int queue;
        private int next;

        ByGit(GitClone clone, Path repository, int files, int queue) {
            this.clone = clone;
            this.repository = repository;
            this.server = new RepositoryPacking(repository);
            this.files = files;
            this.queue = queue;
            this.next = files;
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
