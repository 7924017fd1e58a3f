package sandbox.bench;

import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The peer of most benchmarks: the git command line in a warm clone with a work tree. */
final class GitClone {

    static final String NAME = "git CLI";

    private final Path directory;
    private final RepositoryPacking upkeep;

    private GitClone(Path directory) {
        this.directory = directory;
        this.upkeep = new RepositoryPacking(directory);
    }

    /** Clones a repository of this machine, with the auto branch checked out. */
    static GitClone of(Path repository, Path directory) {
        return of(repository.toString(), directory);
    }

    /** Clones the repository at a URL, with the auto branch checked out. */
    static GitClone of(String url, Path directory) {
        GitCli.run(directory.getParent(), "clone", "--quiet", "--branch", "auto", url, directory.toString());
        GitCli.run(directory, "branch", "--quiet", "main", "origin/main");
        return new GitClone(directory);
    }

    /** Called before each run. */
    void beforeRun() {
        upkeep.beforeRun();
    }

    void run(Map<String, String> variables, String script) throws IOException {
        GitShell.run(directory, variables, script);
    }

    String git(String... arguments) {
        return GitCli.run(directory, arguments).strip();
    }
}
