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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the troubleshooting pages quote is what the plugin says. */
class DocsMessagesTest {

    private static final Pattern QUOTED = Pattern.compile("^\\| `([^`]*)`");

    @Test
    void everyQuotedMessageIsInTheSources() throws IOException {
        List<String> sources = sources();
        MarkdownPage operations = MarkdownPage.read(MarkdownPage.PROJECT.resolve("docs/operations.md"));
        List<String> quoted = operations.lines().stream()
                .dropWhile(line -> !line.equals("## Troubleshooting"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .flatMap(line -> QUOTED.matcher(line).results())
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
        assertThat(quoted).hasSizeGreaterThan(20);
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
            return Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "").replace("\\\"", "\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
