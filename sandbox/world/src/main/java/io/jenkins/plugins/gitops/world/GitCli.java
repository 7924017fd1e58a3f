package io.jenkins.plugins.gitops.world;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/**
 * Git's own command line in an environment that is the same on every machine: no user or system configuration, no
 * prompt, no proxy, no leftover of a hook that happens to run us.
 */
public final class GitCli {

    private static final Path HOME = emptyHome();

    private GitCli() {}

    /** Runs git in a directory and returns its standard output. */
    public static String run(Path directory, String... arguments) {
        return run(Map.of(), directory, arguments);
    }

    /** As {@link #run(Path, String...)}, with variables added to the environment. */
    public static String run(Map<String, String> variables, Path directory, String... arguments) {
        return run(variables, "", directory, arguments);
    }

    /** As {@link #run(Map, Path, String...)}, with text for git's standard input. */
    public static String run(Map<String, String> variables, String input, Path directory, String... arguments) {
        ProcessResult ran = execute(variables, input, directory, arguments);
        if (ran.exit != 0) {
            throw new IllegalStateException("git " + withoutPasswords(String.join(" ", arguments)) + " in " + directory
                    + " failed with exit code " + ran.exit + ": "
                    + withoutPasswords((ran.errors + ran.output).strip()));
        }
        return ran.output;
    }

    /** Whether git succeeds; for questions that git answers with its exit code. */
    public static boolean succeeds(Path directory, String... arguments) {
        return execute(Map.of(), "", directory, arguments).exit == 0;
    }

    /** A new bare repository whose HEAD is the branch. It keeps everything: no garbage collection in the background. */
    public static Path createBare(Path directory, String branch) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + directory + " cannot be made.", e);
        }
        run(directory, "init", "--quiet", "--bare", "--initial-branch=" + branch);
        run(directory, "config", "receive.autogc", "false");
        run(directory, "config", "gc.auto", "0");
        return directory;
    }

    /** Gives an empty repository a branch with one commit that has no files; returns its SHA. */
    public static String beginBranch(Path repository, String branch) {
        String tree = run(repository, "mktree").strip();
        String commit = run(repository, "commit-tree", tree, "-m", "Begin").strip();
        run(repository, "update-ref", "refs/heads/" + branch, commit);
        return commit;
    }

    /** The whole environment that git gets. */
    public static Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>();
        for (String kept : List.of("PATH", "TMPDIR", "SystemRoot")) {
            String value = System.getenv(kept);
            if (value != null) {
                variables.put(kept, value);
            }
        }
        variables.put("HOME", HOME.toString());
        variables.put("LC_ALL", "C.UTF-8");
        variables.put("TZ", "UTC");
        variables.put("GIT_CONFIG_NOSYSTEM", "1");
        variables.put("GIT_TERMINAL_PROMPT", "0");
        variables.put("GIT_AUTHOR_NAME", "Ada");
        variables.put("GIT_AUTHOR_EMAIL", "ada@example.com");
        variables.put("GIT_COMMITTER_NAME", "Ada");
        variables.put("GIT_COMMITTER_EMAIL", "ada@example.com");
        // A collection in the background would still run when the caller removes the folder.
        variables.put("GIT_CONFIG_COUNT", "1");
        variables.put("GIT_CONFIG_KEY_0", "gc.auto");
        variables.put("GIT_CONFIG_VALUE_0", "0");
        return variables;
    }

    private record ProcessResult(int exit, String output, String errors) {}

    private static ProcessResult execute(
            Map<String, String> variables, String input, Path directory, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment());
        builder.environment().putAll(variables);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("git cannot be started in " + directory + "; is it installed?", e);
        }
        try {
            CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
            CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> feed(process, input));
            String output = read(process.getInputStream());
            fed.join();
            return new ProcessResult(process.waitFor(), output, errors.join());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while git ran in " + directory + ".", e);
        } catch (CompletionException e) {
            throw new IllegalStateException("The output of git in " + directory + " cannot be read.", e);
        } finally {
            process.destroy();
        }
    }

    private static void feed(Process process, String input) {
        try (var stream = process.getOutputStream()) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // Git ended without reading it all; its exit code says whether that was right.
        }
    }

    private static String read(InputStream stream) {
        try (stream) {
            var bytes = new ByteArrayOutputStream();
            stream.transferTo(bytes);
            return bytes.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutPasswords(String text) {
        return text.replaceAll("://[^/@\\s]+@", "://");
    }

    private static Path emptyHome() {
        try {
            Path home = Files.createTempDirectory("git-home");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(home)));
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException("An empty home folder for git cannot be made.", e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // An empty folder that stays behind in the system's temporary folder harms nobody.
        }
    }
}
