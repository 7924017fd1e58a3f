package sandbox.demo;

import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** The git server with {@code app.git} and {@code cfg-app.git}, and the clones in which users change them. */
final class DemoRepositories implements AutoCloseable {

    static final String MAIN = "main";
    static final String USER = "bot";

    private static final String APP = "app.git";
    private static final String CONFIG = "cfg-app.git";

    /** A post-receive hook that writes one file for each updated ref: its name and its new commit. */
    private static final String HOOK = """
            #!/bin/sh
            # Tells the CI of each updated branch and other ref: a file in ci-queue says which, and at which commit.
            number=0
            while read -r old new ref; do
                case $new in
                *[!0]*) ;;
                *) continue ;; # It was deleted.
                esac
                number=$((number + 1))
                echo "${ref#refs/heads/} $new" >"ci-queue/.$$-$number"
                mv "ci-queue/.$$-$number" "ci-queue/tip-$$-$number"
            done
            """;

    private final Path folder;
    private final String password = UUID.randomUUID().toString();
    private final GitHttpServer server;

    DemoRepositories(Path folder) throws IOException {
        this.folder = folder;
        this.server = GitHttpServer.start(Files.createDirectories(folder.resolve("git")), USER, password);
        server.create(APP, MAIN);
        Path config = server.create(CONFIG, MAIN);
        // Keeps a reflog of every ref, from which the demo reads what happened.
        GitCli.run(config, "config", "core.logAllRefUpdates", "always");
        Files.createDirectory(tips());
        Path hook = Files.createDirectories(config.resolve("hooks")).resolve("post-receive");
        Files.writeString(hook, HOOK);
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    String password() {
        return password;
    }

    String appUrl() {
        return server.url(APP);
    }

    String configUrl() {
        return server.url(CONFIG);
    }

    /** As {@link #configUrl()}, with user and password in the URL. */
    String configUrlWithPassword() {
        return server.urlWithPassword(CONFIG);
    }

    /** The bare config repository, to be read with git. */
    Path config() {
        return server.repository(CONFIG);
    }

    /** The bare app repository. */
    Path app() {
        return server.repository(APP);
    }

    /** The folder into which the post-receive hook writes a file for each updated ref. */
    Path tips() {
        return config().resolve("ci-queue");
    }

    /** Creates the clone of the app in which a developer works, with the example's files. */
    Clone startApp(Path example) {
        return start(APP, "app", example, "Ada", "Open the corner shop");
    }

    /** Creates the clone of the config repository in which an operator works, with the example's files. */
    Clone startConfig(Path example) {
        return start(CONFIG, "cfg-app", example, "Grace", "Describe how the corner shop runs");
    }

    private Clone start(String repository, String name, Path example, String author, String message) {
        Path directory = folder.resolve("people")
                .resolve(author.toLowerCase(Locale.ROOT))
                .resolve(name);
        copy(example, directory);
        GitCli.run(directory, "init", "--quiet", "--initial-branch=" + MAIN);
        Clone clone = new Clone(directory, server.urlWithPassword(repository), author);
        clone.push(message);
        return clone;
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            Files.createDirectories(to.getParent());
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The example in " + from + " cannot be copied.", e);
        }
    }

    /** The clone of one user. */
    record Clone(Path directory, String url, String author) {

        /** Commits everything on top of the repository's main branch and pushes it; returns the commit. */
        String push(String message) {
            GitCli.run(directory, "add", "--all");
            String email = author.toLowerCase(Locale.ROOT) + "@example.com";
            GitCli.run(
                    Map.of(
                            "GIT_AUTHOR_NAME", author,
                            "GIT_AUTHOR_EMAIL", email,
                            "GIT_COMMITTER_NAME", author,
                            "GIT_COMMITTER_EMAIL", email),
                    directory,
                    "commit",
                    "--quiet",
                    "--message",
                    message);
            GitCli.run(directory, "push", "--quiet", url, MAIN);
            return GitCli.run(directory, "rev-parse", "HEAD").strip();
        }

        /** Updates the clone to the main branch of the server. */
        void pull() {
            GitCli.run(directory, "pull", "--quiet", "--ff-only", url, MAIN);
        }

        void replace(String file, String from, String to) throws IOException {
            String before = read(file);
            if (!before.contains(from)) {
                throw new UnexpectedState("The example's " + file + " does not contain '" + from + "'.");
            }
            write(file, before.replace(from, to));
        }

        String read(String file) throws IOException {
            return Files.readString(directory.resolve(file));
        }

        void write(String file, String text) throws IOException {
            Path path = directory.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        }

        void remove(String file) {
            GitCli.run(directory, "rm", "-r", "--quiet", file);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
