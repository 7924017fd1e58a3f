package sandbox.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What pages promise has a test: behind each item of a list, row of a table, quotation and paragraph of these sections
 * stands a comment with the tests that show it; one below a table is for all of its rows. A limit that no test reaches
 * is named there by its constant, with the value, as {@code Room.MOST = 10}. {@code SecurityPageTest} does the same for
 * each sentence of its page.
 */
class DocsPromisesTest {

    /** The sections that promise something, by their headings; a page without a heading as a whole. */
    private static final Map<String, List<String>> PROMISING = promising();

    private static Map<String, List<String>> promising() {
        Map<String, List<String>> pages = new LinkedHashMap<>();
        try (Stream<Path> guides = Files.list(MarkdownPage.PROJECT.resolve("docs/howto"))) {
            guides.sorted().forEach(guide -> pages.put("docs/howto/" + guide.getFileName(), List.of()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String page : List.of(
                "checks", "configuration", "endpoints", "failed-build", "pages", "quick-start", "steps", "tutorial")) {
            pages.put("docs/" + page + ".md", List.of());
        }
        pages.put("README.md", List.of("# GitOps Waves", "## Limits"));
        pages.put("docs/comparison.md", List.of());
        pages.put("docs/compatibility.md", List.of());
        pages.put(
                "docs/explanation.md",
                List.of(
                        "## Why main only fast-forwards",
                        "## Why a queue on a branch",
                        "## Why replay, and not rebase or merge",
                        "## Why the order of builds counts",
                        "## What the state ref is",
                        "## Why a driver moves main, and not the steps",
                        "## What \"deployed\" means",
                        "## Why promotion takes the set and not the commit"));
        pages.put("docs/faq.md", List.of());
        pages.put("docs/on-call.md", List.of());
        pages.put(
                "docs/operations.md",
                List.of(
                        "## What is in the config repository",
                        "## Why something waits",
                        "## Backup",
                        "## Upgrade",
                        "## On call",
                        "## Someone rewrote main",
                        "## A file of the state cannot be read",
                        "## Over HTTP",
                        "## Several controllers",
                        "## The clone"));
        return pages;
    }

    /** The rows of a table with a comment on the line below them. */
    private static final Pattern SHOWN_TABLE = Pattern.compile("((?:\\|.*\\|\\n)+)(<!-- (?s:.*?) -->)\\n");

    private static final Pattern CONSTANT = Pattern.compile("(\\w+)\\.([A-Z_]+) = (.+)");

    private static final Pattern SHOWN = Pattern.compile("<!-- (.*?) -->", Pattern.DOTALL);

    /** What is for the reader to do or says what others do; and what the project will do, which no test can show. */
    private static final List<String> NO_TESTS = List.of("advice", "policy");

    /** Headings, the line below the head of a table, markup, links to more, and what leads to what is behind it. */
    private static final Pattern OTHER = Pattern.compile("(?s)#.*|\\|[-|]+\\||<(?!!--).*|!?\\[.*|.*:");

    @Test
    void everyPromiseNamesItsTests() throws IOException {
        List<String> without = new ArrayList<>();
        int promises = 0;
        for (Map.Entry<String, List<String>> page : PROMISING.entrySet()) {
            for (String block : blocks(page.getKey(), page.getValue())) {
                promises++;
                if (!SHOWN.matcher(block).find()) {
                    without.add(page.getKey() + ": " + block.replace('\n', ' '));
                }
            }
        }

        assertThat(without).as("name the tests of each of these behind it").isEmpty();
        assertThat(promises).isGreaterThan(100);
    }

    @Test
    void eachOfTheseTestsIsThere() throws IOException {
        Map<String, String> sources = sources();
        List<String> missing = new ArrayList<>();
        for (String page : PROMISING.keySet()) {
            SHOWN.matcher(text(page))
                    .results()
                    .flatMap(shown ->
                            Arrays.stream(shown.group(1).replaceAll("\\s+", " ").split(", ")))
                    .filter(test -> !NO_TESTS.contains(test) && !isThere(test, sources))
                    .forEach(test -> missing.add(page + ": " + test));
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void theVersionsAreThoseOfTheBuild() throws IOException {
        String jenkins = element("pom.xml", "jenkins.version")
                .replace("${jenkins.baseline}", element("pom.xml", "jenkins.baseline"));
        String java = element("sandbox/pom.xml", "maven.compiler.release");

        assertThat(text("docs/compatibility.md"))
                .contains("| Jenkins | " + jenkins + " or newer |", "| Java | " + java + " or newer |");
        for (String page : List.of("README.md", "docs/quick-start.md", "docs/tutorial.md")) {
            assertThat(text(page)).contains("Jenkins " + jenkins + " or newer");
        }
    }

    private static String element(String pom, String name) throws IOException {
        Matcher found = Pattern.compile("<" + Pattern.quote(name) + ">(.*?)</").matcher(text(pom));
        assertThat(found.find()).as(name + " in " + pom).isTrue();
        return found.group(1);
    }

    private static boolean isThere(String test, Map<String, String> sources) {
        Matcher constant = CONSTANT.matcher(test);
        if (constant.matches()) {
            return sources.getOrDefault(constant.group(1), "")
                    .contains(" " + constant.group(2) + " = " + constant.group(3) + ";");
        }
        String[] names = test.split("\\.");
        return names.length == 2
                && names[0].endsWith("Test")
                && sources.containsKey(names[0])
                && Pattern.compile("(?:void|ArchRule) " + names[1] + "\\b")
                        .matcher(sources.get(names[0]))
                        .find();
    }

    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String folder : List.of("src", "sandbox")) {
            try (Stream<Path> files = Files.walk(MarkdownPage.PROJECT.resolve(folder))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
                }
            }
        }
        return sources;
    }

    private static String text(String page) throws IOException {
        return Files.readString(MarkdownPage.PROJECT.resolve(page));
    }

    /** The paragraphs, items, rows and quotations of some sections, up to the next heading of their level. */
    private static List<String> blocks(String page, List<String> headings) throws IOException {
        String text = text(page).replaceAll("(?s)( *)```.*?\n\\1```", "").replaceAll("(?s)<picture>.*?</picture>", "");
        List<String> sections = new ArrayList<>();
        for (String heading : headings) {
            int begin = text.indexOf(heading + "\n");
            assertThat(begin).as(page + " has " + heading).isNotNegative();
            int end = text.indexOf("\n## ", begin + 1);
            sections.add(text.substring(begin, end < 0 ? text.length() : end));
        }
        return (headings.isEmpty() ? Stream.of(text) : sections.stream())
                .flatMap(DocsPromisesTest::split)
                .map(String::strip)
                .filter(block -> !block.isEmpty() && !OTHER.matcher(block).matches())
                .toList();
    }

    private static Stream<String> split(String section) {
        String rows = section.replaceAll("(?m)^\\|.*\\|\n\\|[-|]+\\|\n", "\n");
        return Arrays.stream(SHOWN_TABLE
                .matcher(rows)
                .replaceAll(table -> Matcher.quoteReplacement(
                        table.group(1).replace("|\n", table.group(2).replace('\n', ' ') + " |\n")))
                .split("\n(?=- |\\d+\\. |\\| |> |\\s*\n|#)"));
    }
}
