package sandbox.chaos;

import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The config repository: a bare repository, served over HTTP, with a hook that records each update of each ref. */
final class ChaosRepository implements AutoCloseable {
    static final String MAIN = "refs/heads/main";
    static final String AUTO = "refs/heads/auto";

    private final GitHttpServer server;
    private final Path bare;
    private final String begin;

    /**
     * An update of a ref.
     *
     * @param old the commit before the update; forty zeros for a new ref
     * @param now the commit after the update; forty zeros for a deleted ref
     * @param at the time of the update, in seconds since the epoch
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
        begin = GitCli.beginBranch(bare, "main");
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
        return GitCli.run(bare, arguments)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    boolean holds(String... arguments) {
        return GitCli.succeeds(bare, arguments);
    }

    /** The tips of main, the auto branch and the branches below {@code auto-ci}, which CI tests. */
    Set<String> tested() {
        return lines("for-each-ref", "--format=%(objectname)", MAIN, AUTO, "refs/heads/auto-ci").stream()
                .collect(Collectors.toSet());
    }

    String tip(String ref) {
        return holds("rev-parse", "-q", "--verify", ref)
                ? lines("rev-parse", ref).get(0)
                : "";
    }

    String begin() {
        return begin;
    }

    /** Whether the tags file of a commit has an image that CI fails. Nothing but the files of the commit decides. */
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
