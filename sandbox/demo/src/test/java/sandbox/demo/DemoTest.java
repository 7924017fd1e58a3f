package sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {

    private static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    private int run(Path project, Path keep) {
        PrintStream stream = new PrintStream(output, true, StandardCharsets.UTF_8);
        return Demo.run(project, keep, Demo.NO_PORT, null, new DemoScreen(stream, stream, false, false));
    }

    private String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theDemoHoldsAndKeepsTheRepositoriesAndAReport() throws IOException {
        Path kept = folder.resolve("kept");

        int code = run(PROJECT, kept);

        // Reports of tests begin with the first line, so that has to say what failed.
        String failure = output().substring(Math.max(0, output().indexOf("The demo failed. ")));
        assertThat(code).as("%s%nThe whole demo:%n%s", failure, output).isZero();
        assertThat(output().lines().filter(line -> line.contains("look at: "))).hasSizeGreaterThan(10);
        assertThat(Pattern.compile("\n\n").splitAsStream(output()))
                .filteredOn(paragraph -> Character.isDigit(paragraph.charAt(0)))
                .hasSize(15)
                .allSatisfy(scene -> assertThat(scene.lines()).hasSizeBetween(5, 7));
        assertThat(output().substring(output().indexOf("What was shown")).lines())
                .hasSizeLessThan(24);
        assertThat(kept.resolve("git/cfg-app.git/HEAD")).exists();
        assertThat(Files.readString(kept.resolve("report.html")))
                .contains("production-asia", "chore: promote internal to production")
                .doesNotContain("<script", "http-equiv", " src=", "<link");
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
