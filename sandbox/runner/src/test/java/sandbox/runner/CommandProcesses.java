package sandbox.runner;

import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.world.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The commands that a test starts, each in a JVM of its own. They are killed when the test has ended. */
final class CommandProcesses implements AfterEachCallback {
    private static final Duration LONG = Duration.ofSeconds(90);

    private final List<Process> processes = new ArrayList<>();

    /** Starts a command, which appends to a file what it prints. */
    Process start(Path output, Class<?> program, List<String> arguments) throws IOException {
        Process process = JavaProcess.of(program, arguments)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        processes.add(process);
        return process;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        processes.forEach(Process::destroyForcibly);
    }

    /** What was printed to a file so far. */
    static String text(Path output) {
        try {
            return Files.exists(output) ? Files.readString(output) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void awaitText(Path output, String text) {
        await().atMost(LONG).until(() -> text(output).contains(text));
    }

    /** Waits until {@code serve} listens; returns the address of its endpoints. */
    static String servedUrl(Path output) {
        awaitText(output, "Serving ");
        return text(output).replaceAll("(?s).*Serving (http://127\\.0\\.0\\.1:\\d+/gitops-waves);.*", "$1");
    }
}
