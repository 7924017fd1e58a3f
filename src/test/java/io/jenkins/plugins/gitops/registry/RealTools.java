package io.jenkins.plugins.gitops.registry;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that a test uses where they are: in the path, or where {@code .ci/tools} has built them. */
public final class RealTools {

    /** As seen from the folders in which the release build and the sandbox run tests. */
    private static final List<String> BUILT = List.of(".ci/bin", "../../.ci/bin");

    /** What a program printed, errors included, and its exit code. */
    public record Ran(int exit, String output) {}

    private RealTools() {}

    /** Skips the test, naming what is missing, unless all of them can be run. */
    public static void require(String... tools) {
        List<String> missing =
                Stream.of(tools).filter(tool -> !isInstalled(tool)).toList();
        assumeTrue(missing.isEmpty(), "Missing: " + String.join(", ", missing) + "; get them with: .ci/tools");
    }

    private static boolean isInstalled(String tool) {
        return isInPath(tool) || findBuilt(tool).isPresent();
    }

    private static boolean isInPath(String tool) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, tool)));
    }

    private static Optional<String> findBuilt(String tool) {
        return BUILT.stream()
                .map(folder -> Path.of(folder, tool).toAbsolutePath())
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /** Runs a program to its end, however it ends. */
    public static Ran attempt(Path directory, String... command) throws Exception {
        String[] found = command.clone();
        if (!isInPath(command[0])) {
            found[0] = findBuilt(command[0]).orElse(command[0]);
        }
        Process process = new ProcessBuilder(found)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), printed.strip());
    }

    /** Runs a program that has to succeed, and returns what it printed. */
    public static String run(Path directory, String... command) throws Exception {
        Ran ran = attempt(directory, command);
        if (ran.exit() != 0) {
            throw new AssertionError(Stream.of(command).limit(2).toList() + ": " + ran.output());
        }
        return ran.output();
    }
}
