package sandbox.bench;

import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;

/** Packs a repository now and then, as servers and people's clones are packed, and never while something is measured. */
final class RepositoryPacking {

    private static final int RUNS = 5;

    private final Path repository;
    private int runs;

    RepositoryPacking(Path repository) {
        this.repository = repository;
    }

    /** To be called before each run. */
    void beforeRun() {
        if (runs++ % RUNS == 0) {
            GitCli.run(repository, "gc", "--quiet", "--prune=now");
        }
    }
}
