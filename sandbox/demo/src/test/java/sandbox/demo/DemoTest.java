package sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {

    private static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    private int run(Path project, Path keep) {
        PrintStream stream = new PrintStream(output, true, StandardCharsets.UTF_8);
        return Demo.run(project, keep, new Screen(stream, stream, false));
    }

    @Test
    void theDemoHoldsAndKeepsTheRepositories() {
        Path kept = folder.resolve("kept");

        assertThat(run(PROJECT, kept)).as("%s", output).isZero();
        assertThat(kept.resolve("git/cfg-app.git/HEAD")).exists();
    }

    @Test
    void theDemoFailsWhenTheCiFindsNothing() throws IOException {
        Path project = folder.resolve("project");
        Path examples = PROJECT.resolve("docs/examples");
        Files.createDirectories(project.resolve("docs"));
        try (Stream<Path> files = Files.walk(examples)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        project.resolve("docs/examples")
                                .resolve(examples.relativize(file).toString()));
            }
        }
        Files.writeString(project.resolve("docs/examples/cfg-app/check"), "#!/bin/sh\nexit 0\n");

        assertThat(run(project, folder.resolve("kept"))).isOne();
        assertThat(output.toString(StandardCharsets.UTF_8)).contains("The demo failed.", "app #4 should have failed");
    }

    @Test
    void nothingIsMixedWithWhatIsThere() throws IOException {
        Files.writeString(folder.resolve("mine"), "");

        assertThat(run(PROJECT, folder)).isEqualTo(64);
        assertThat(run(PROJECT, folder.resolve("mine"))).isEqualTo(64);
    }
}
