package sandbox.bench;

import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;

/** Packs a repository with {@code git gc} before every fifth run, outside the measured time, as servers do. */
final class RepositoryPacking {

    private static final int RUNS = 5;

    private final Path repository;
    private int runs;

    RepositoryPacking(Path repository) {
        this.repository = repository;
    }

    /** Called before each run. */
    void beforeRun() {
        if (runs++ % RUNS == 0) {
            GitCli.run(repository, "gc", "--quiet", "--prune=now");
        }
    }
}
