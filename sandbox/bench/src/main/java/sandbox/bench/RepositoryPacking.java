package sandbox.bench;

import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;

/** Packs a repository before every fifth run, outside the time that is measured, as servers do with {@code git gc}. */
final class RepositoryPacking {

    private static final int RUNS = 5;

    private final Path repository;
    private int runs;

    RepositoryPacking(Path repository) {
        this.repository = repository;
    }

    /** Is called before each run. */
    void beforeRun() {
        if (runs++ % RUNS == 0) {
            GitCli.run(repository, "gc", "--quiet", "--prune=now");
        }
    }
}
