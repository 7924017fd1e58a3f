package sandbox.chaos;

import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The config repository: a bare one that writes down each move of each ref, behind a git server over HTTP. */
final class ChaosRepository implements AutoCloseable {
    static final String MAIN = "refs/heads/main";
    static final String AUTO = "refs/heads/auto";

    private final GitHttpServer server;
    private final Path bare;
    private final String begin;

    /**
     * A move of a ref.
     *
     * @param old the commit before, or forty zeros
     * @param now the commit after, or forty zeros
     * @param at when, in seconds since the epoch
     */
    record Move(String old, String now, String ref, long at) {
        boolean deleted() {
            return now.matches("0+");
        }
    }

    ChaosRepository(Path folder) throws IOException {
        server = GitHttpServer.start(folder, "bot", "git-password");
        bare = server.create("cfg-app.git", "main");
        Path hook = Files.createDirectories(bare.resolve("hooks")).resolve("post-receive");
        Files.writeString(hook, "#!/bin/sh\nnow=$(date +%s)\nsed \"s/$/ $now/\" >>moves\n");
        if (!hook.toFile().setExecutable(true)) {
            throw new IOException("The hook " + hook + " cannot be made executable.");
        }
        String tree = GitCli.run(bare, "hash-object", "-t", "tree", "-w", "/dev/null").strip();
        begin = GitCli.run(bare, "commit-tree", tree, "-m", "Begin").strip();
        GitCli.run(bare, "update-ref", MAIN, begin);
    }

    GitHttpServer server() {
        return server;
    }

    Path bare() {
        return bare;
    }

    String url() {
        return server.url("cfg-app.git");
    }

    /** Runs git in the bare repository; returns the lines of its output that are not empty. */
    List<String> lines(String... arguments) {
        return GitCli.run(bare, arguments).lines().filter(line -> !line.isBlank()).toList();
    }

    boolean holds(String... arguments) {
        return GitCli.succeeds(bare, arguments);
    }

    /** The commits of main and the automatic branches that CI is asked about. */
    Set<String> tested() {
        return lines("for-each-ref", "--format=%(objectname)", MAIN, AUTO, "refs/heads/auto-ci").stream()
                .collect(Collectors.toSet());
    }

    String tip(String ref) {
        return holds("rev-parse", "-q", "--verify", ref) ? lines("rev-parse", ref).get(0) : "";
    }

    String begin() {
        return begin;
    }

    /** Whether a commit has an image that CI finds bad: only its own files decide. */
    boolean isBad(String commit) {
        return holds("grep", "-q", ":bad", commit, "--", "images/staging/tags.json");
    }

    List<Move> moves() throws IOException {
        Path moves = bare.resolve("moves");
        return Files.exists(moves)
                ? Files.readAllLines(moves).stream()
                        .map(line -> line.split(" "))
                        .map(parts -> new Move(parts[0], parts[1], parts[2], Long.parseLong(parts[3])))
                        .toList()
                : List.of();
    }

    @Override
    public void close() {
        server.close();
    }
}
