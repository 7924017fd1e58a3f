package sandbox.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What users read, in documents, help, messages and texts of pages, has none of the phrases of {@code phrases.txt}. */
class DocsStyleTest {
    private static final Path PROJECT = MarkdownPage.PROJECT;
    private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");

    private record Rule(Pattern phrase, String advice) {}

    private static List<Rule> rules() throws IOException {
        List<Rule> rules = new ArrayList<>();
        for (String line : Files.readAllLines(PROJECT.resolve("sandbox/words/phrases.txt"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] parts = line.split(" => ", 2);
                rules.add(new Rule(Pattern.compile(parts[0]), parts[1]));
            }
        }
        return rules;
    }

    private static List<Path> files() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String root : List.of("docs", "src/main", "sandbox/help", "sandbox/runner/src/main")) {
            try (Stream<Path> files = Files.walk(PROJECT.resolve(root))) {
                files.filter(file -> file.toString().matches(".*\\.(md|html|properties|txt|java)"))
                        .filter(file -> !file.toString().endsWith("jenkins-symbols.txt"))
                        .forEach(all::add);
            }
        }
        all.add(PROJECT.resolve("README.md"));
        return all;
    }

    /** The texts of a Java file in one piece each; of other files all. */
    private static String read(Path file) throws IOException {
        String text = Files.readString(file);
        if (!file.toString().endsWith(".java")) {
            return text;
        }
        return TEXT.matcher(text.replaceAll("\"\\s*\\+\\s*\"", ""))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void nothingIsSaidInWordsThatAreNotPlain() throws IOException {
        List<Rule> rules = rules();
        assertThat(rules).hasSizeGreaterThan(10);
        List<String> wrong = new ArrayList<>();
        for (Path file : files()) {
            String text = read(file);
            for (Rule rule : rules) {
                Matcher found = rule.phrase().matcher(text);
                while (found.find()) {
                    wrong.add(PROJECT.relativize(file) + ": \"" + found.group() + "\": " + rule.advice());
                }
            }
        }

        assertThat(wrong).isEmpty();
    }
}
