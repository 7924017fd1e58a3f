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
        return Demo.run(project, keep, Demo.NO_PORT, new DemoScreen(stream, stream, false, false));
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
    void theDemoHoldsAndKeepsTheRepositoriesAndAReport() throws IOException {
        Path kept = folder.resolve("kept");

        assertThat(run(PROJECT, kept)).as("%s", output).isZero();
        assertThat(output().lines().filter(line -> line.contains("look at: "))).hasSizeGreaterThan(10);
        assertThat(output().lines()).as("%s", output).hasSizeLessThan(110);
        assertThat(output().substring(output().indexOf("What was shown")).lines()).hasSizeLessThan(24);
        assertThat(kept.resolve("git/cfg-app.git/HEAD")).exists();
        assertThat(Files.readString(kept.resolve("report.html")))
                .contains("production-asia", "chore: promote internal to production")
                .doesNotContain("<script", "http-equiv", " src=", "<link");
    }

    @Test
    void theDemoFailsWhenTheCiFindsNothing() throws IOException {
        Path project = project();
        Files.writeString(project.resolve("docs/examples/small/cfg-app/check"), "#!/bin/sh\nexit 0\n");

        assertThat(run(project, folder.resolve("kept"))).isOne();
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

        assertThat(run(project, folder.resolve("kept"))).isOne();
        assertThat(output()).contains("The demo failed.", "internal-us");
    }

    @Test
    void textOfOthersIsNoMarkup() {
        assertThat(HtmlReport.escaped("<img src=x onerror='alert(\"1\")'> & more"))
                .isEqualTo("&lt;img src=x onerror=&#39;alert(&quot;1&quot;)&#39;&gt; &amp; more");
    }

    @Test
    void nothingIsMixedWithWhatIsThere() throws IOException {
        Files.writeString(folder.resolve("mine"), "");

        assertThat(run(PROJECT, folder)).isEqualTo(64);
        assertThat(run(PROJECT, folder.resolve("mine"))).isEqualTo(64);
    }
}
