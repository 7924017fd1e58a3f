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

/** The demo reads what it tells, so it fails where the examples have a fault that is put in here. */
class DemoWithFaultsTest {

    private static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    private int run(Path project) {
        PrintStream stream = new PrintStream(output, true, StandardCharsets.UTF_8);
        return Demo.run(
                project, folder.resolve("kept"), Demo.NO_PORT, null, new DemoScreen(stream, stream, false, false));
    }

    /** Copies the project's examples to a folder in which a test may change them. */
    private Path project() throws IOException {
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
        return project;
    }

    private String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theDemoFailsWhenTheCiFindsNothing() throws IOException {
        Path project = project();
        Files.writeString(project.resolve("docs/examples/small/cfg-app/check"), "#!/bin/sh\nexit 0\n");

        assertThat(run(project)).isOne();
        assertThat(output()).contains("The demo failed.", "app #4 should have failed");
    }

    @Test
    void theDemoFailsWhenAPromotionDoesNotWaitForATarget() throws IOException {
        Path project = project();
        Path casc = project.resolve("docs/examples/small/casc.yaml");
        String selector = "selector: \"wave=internal\"";
        assertThat(casc).content().contains(selector);
        Files.writeString(
                casc, Files.readString(casc).replace(selector, "applications: [\"internal-asia\", \"internal-eu\"]"));

        assertThat(run(project)).isOne();
        assertThat(output()).contains("The demo failed.", "internal-us");
    }
}
