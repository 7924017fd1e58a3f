package io.jenkins.plugins.gitops;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The names of the types of the plugin, its tests and the sandbox. A type is known by its simple name alone, so no two
 * types share one, and none differs from another by its grammatical form only.
 */
class NamingRulesTest {

    private static final int MAX_TYPES_OF_A_ROOM = 25;

    /** Names of one word: terms of git, Jenkins, Argo CD or the user's documentation, and small helpers. */
    private static final Set<String> SINGLE_WORDS = Set.of(
            "Application",
            "Backoff",
            "Benchmark",
            "Candidates",
            "Chromium",
            "Demo",
            "Driver",
            "Durations",
            "Futures",
            "Gates",
            "Hold",
            "Json",
            "Outcome",
            "Previews",
            "Replay",
            "Rollout",
            "Sandbox",
            "Subscription",
            "Trailers",
            "Verdict",
            "Wave");

    private static final Pattern NESTED =
            Pattern.compile("(?m)^ {4,}(?:[a-z-]+ )*(?:class|record|interface|enum) ([A-Z]\\w*)");

    /** Pairs that differ by their grammatical form and are to stay, in alphabetical order. */
    private static final Set<List<String>> PAIRS = Set.of();

    @Test
    void noTwoTypesHaveTheSameSimpleName() throws IOException {
        assertThat(typeNames().stream()
                        .collect(groupingBy(name -> name, counting()))
                        .entrySet())
                .filteredOn(name -> name.getValue() > 1)
                .isEmpty();
    }

    /** A nested type is named by its outer one, too, but is imported by its simple name alone. */
    @Test
    void noNestedTypeHasTheNameOfATypeOfItsOwn() throws IOException {
        List<String> types = typeNames();
        Path sources = JenkinsSymbolsTest.project().resolve("src/main/java");
        var same = new ArrayList<String>();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(NamingRulesTest::isType).toList()) {
                NESTED.matcher(Files.readString(file))
                        .results()
                        .map(found -> found.group(1))
                        .filter(types::contains)
                        .forEach(name -> same.add(file.getFileName() + ": " + name));
            }
        }
        assertThat(same).isEmpty();
    }

    @Test
    void noTwoTypesDifferByTheirGrammaticalFormOnly() throws IOException {
        assertThat(typeNames().stream()
                        .distinct()
                        .sorted()
                        .collect(groupingBy(NamingRulesTest::stem))
                        .values())
                .filteredOn(names -> names.size() > 1 && !PAIRS.contains(names))
                .isEmpty();
    }

    @Test
    void aNameHasMoreThanOneWord() throws IOException {
        assertThat(typeNames())
                .filteredOn(name -> words(name).length == 1)
                .containsExactlyInAnyOrderElementsOf(SINGLE_WORDS);
    }

    @Test
    void aRoomHasFewEnoughTypes() throws IOException {
        Path sources = JenkinsSymbolsTest.project().resolve("src/main/java");
        try (Stream<Path> files = Files.walk(sources)) {
            assertThat(files.filter(NamingRulesTest::isType)
                            .collect(groupingBy(file -> sources.relativize(file.getParent()), counting()))
                            .entrySet())
                    .filteredOn(room -> room.getValue() > MAX_TYPES_OF_A_ROOM)
                    .isEmpty();
        }
    }

    @Test
    void theDocumentedWayOfAnImageNamesFilesThatExist() throws IOException {
        Path project = JenkinsSymbolsTest.project();
        String page = Files.readString(project.resolve("docs/architecture.md"));

        assertThat(Pattern.compile("`([a-z/]+/[A-Z]\\w+)`")
                        .matcher(page)
                        .results()
                        .map(found -> found.group(1)))
                .isNotEmpty()
                .allMatch(type -> Files.exists(project.resolve("src/main/java/io/jenkins/plugins/gitops")
                        .resolve(type + ".java")));
    }

    /** The names of all source files, without Jenkins' own types, which the sandbox declares. */
    private static List<String> typeNames() throws IOException {
        var names = new ArrayList<String>();
        for (String folder : List.of("src", "sandbox")) {
            try (Stream<Path> files = Files.walk(JenkinsSymbolsTest.project().resolve(folder))) {
                files.filter(NamingRulesTest::isType)
                        .filter(file -> !file.toString().contains("/target/"))
                        .filter(file -> !file.toString().contains("/jenkins-api/")
                                || file.toString().contains("/java/sandbox/"))
                        .map(file -> file.getFileName().toString().replace(".java", ""))
                        .forEach(names::add);
            }
        }
        return names;
    }

    private static boolean isType(Path file) {
        return file.toString().endsWith(".java") && !file.endsWith("package-info.java");
    }

    private static String[] words(String name) {
        return name.split("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");
    }

    /** A name without the endings of plurals and participles. */
    private static String stem(String name) {
        return Arrays.stream(words(name))
                .map(word -> word.toLowerCase(Locale.ROOT))
                .map(word -> word.replaceAll("(?<=...)ies$", "y").replaceAll("(?<=...)(ing|ed|es|s)$", ""))
                .map(word -> word.replaceAll("e$", ""))
                .collect(joining(" "));
    }
}
