package sandbox.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages for trouble quote is what the plugin says. */
class DocsMessagesTest {

    /** A row of a table, with its first cell. */
    private static final Pattern ROW = Pattern.compile("^\\| ([^|]*) \\|");

    private static final Pattern QUOTED = Pattern.compile("`([^`]*)`");

    @Test
    void everyQuotedMessageIsInTheSources() throws IOException {
        List<String> sources = sources();
        Stream<String> troubleshooting = lines("docs/operations.md")
                .dropWhile(line -> !line.equals("## Troubleshooting"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "));
        List<String> quoted = Stream.concat(troubleshooting, lines("docs/failed-build.md"))
                .flatMap(line -> ROW.matcher(line).results())
                .flatMap(cell -> QUOTED.matcher(cell.group(1)).results())
                .map(quote -> quote.group(1))
                .toList();

        List<String> unknown = new ArrayList<>();
        for (String message : quoted) {
            List<String> fixed = Arrays.stream(message.split("…"))
                    .map(String::strip)
                    .filter(part -> !part.isEmpty())
                    .toList();
            if (sources.stream().noneMatch(source -> fixed.stream().allMatch(source::contains))) {
                unknown.add(message);
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(quoted).hasSizeGreaterThan(35);
    }

    private static Stream<String> lines(String page) {
        return MarkdownPage.read(MarkdownPage.PROJECT.resolve(page)).lines().stream();
    }

    /** The text of each source file, with its texts in one piece where they are written in several. */
    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(MarkdownPage.PROJECT.resolve("src/main"))) {
            return files.filter(file -> file.toString().matches(".*\\.(java|properties)"))
                    .map(DocsMessagesTest::text)
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            String text =
                    Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "").replace("\\\"", "\"");
            // How a change ended is put into the sentence.
            return Stream.of("evicted", "lost")
                    .map(outcome -> text.replace("\" + outcome + \"", outcome))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
