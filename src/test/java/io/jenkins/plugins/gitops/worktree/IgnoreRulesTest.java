package io.jenkins.plugins.gitops.worktree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.matching.WorkBudget;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Files are ignored as {@code git check-ignore} says, in a time that no pattern makes long. */
class IgnoreRulesTest {

    private static final String IGNORED = "always-ignored";

    private static final long ENOUGH = 100_000_000;

    private static Path checkout;

    @BeforeContainer
    static void begin() throws IOException {
        checkout = Files.createTempDirectory("ignored");
        GitCli.run(checkout, "init", "-q");
        Files.writeString(checkout.resolve(".git/info/exclude"), IGNORED + "\n");
    }

    @AfterContainer
    static void end() throws IOException {
        delete(checkout);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Provide
    Arbitrary<List<String>> patterns() {
        Arbitrary<String> piece = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of("a", "b", "ab", "A", "x.y", "-", "1", " ", "ä", "#", "!")),
                Tuple.of(4, Arbitraries.of("*", "**", "?", "/", "/**/", "**/", "/**", "***", "/")),
                Tuple.of(
                        2,
                        Arbitraries.of(
                                "[ab]",
                                "[!a]",
                                "[^b]",
                                "[a-c]",
                                "[c-a]",
                                "[]a]",
                                "[!]a]",
                                "[a-]",
                                "[-a]",
                                "[\\]a]",
                                "[[:alpha:]]",
                                "[[:digit:]x]",
                                "[[:punct:]]",
                                "[^[:upper:]]",
                                "[[:space:]]",
                                "[[:none:]]",
                                "[[:alpha]",
                                "[a",
                                "[",
                                "]",
                                "[[]",
                                "[/a]",
                                "[.-z]",
                                "[a-\\c]",
                                "[ä]")),
                Tuple.of(1, Arbitraries.of("\\a", "\\*", "\\", "\\ ", "\\!", "\\/", "  ", "\t", "\r")));
        Arbitrary<String> body = piece.list().ofMinSize(1).ofMaxSize(6).map(pieces -> String.join("", pieces));
        Arbitrary<String> line = Combinators.combine(
                        Arbitraries.of("", "", "", "!", "/"), body, Arbitraries.of("", "", "/", " ", "\\ "))
                .as((before, text, after) -> before + text + after);
        return line.list().ofMinSize(1).ofMaxSize(4);
    }

    @Provide
    Arbitrary<Set<String>> paths() {
        return Arbitraries.of(
                        "a", "b", "ab", "aab", "A", "x.y", "a-", "1", "a b", "a ", "ä", "#a", "!a", "*", "[a", "]a")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(names -> String.join("/", names))
                .filter(path -> !path.equals("a"))
                .set()
                .ofMinSize(5)
                .ofMaxSize(25);
    }

    @Property(tries = 500)
    void filesAreIgnoredAsGitIgnoresThem(
            @ForAll("patterns") List<String> outer,
            @ForAll("patterns") List<String> inner,
            @ForAll("paths") Set<String> paths)
            throws IOException {
        var files = Map.of(".gitignore", String.join("\n", outer), "a/.gitignore", String.join("\r\n", inner) + "\n");

        assertSame(files, paths);
    }

    private static void assertSame(Map<String, String> files, Set<String> paths) throws IOException {
        var rules = new IgnoreRules(new WorkBudget(ENOUGH));
        for (var file : files.entrySet()) {
            Path at = checkout.resolve(file.getKey());
            Files.createDirectories(at.getParent());
            Files.writeString(at, file.getValue());
            rules.add(file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
        }

        assertThat(new TreeSet<>(paths.stream().filter(rules::ignore).toList()))
                .as("of %s with %s", paths, new TreeMap<>(files))
                .isEqualTo(ignoredByGit(paths));
    }

    private static TreeSet<String> ignoredByGit(Set<String> paths) {
        // With a path that is ignored in any case, git does not end as if it had failed.
        String input = String.join("\0", paths) + "\0" + IGNORED + "\0";
        String output =
                GitCli.run(Map.of(), input, checkout, "check-ignore", "--no-index", "--stdin", "-z", "-v", "-n");
        String[] fields = output.split("\0", -1);
        var ignored = new TreeSet<String>();
        for (int i = 0; i + 3 < fields.length; i += 4) {
            if (!fields[i + 2].isEmpty() && !fields[i + 2].startsWith("!")) {
                ignored.add(fields[i + 3]);
            }
        }
        ignored.remove(IGNORED);
        return ignored;
    }

    @Example
    void patternsThatBacktrackingTakesForEverAreMatchedAtOnce() {
        var budget = new WorkBudget(2_000_000);
        var rules = new IgnoreRules(budget);
        rules.add(
                ".gitignore",
                ("*a*a*a*a*a*a*a*a*a*ab\n***************b\n" + "**/a*".repeat(40) + "b\n" + "*?".repeat(60) + "b\n"
                                + "**/".repeat(1000) + "b\n" + "*".repeat(100_000) + "b\n" + "[a-z]*".repeat(100)
                                + "b")
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(rules.ignore("a".repeat(120))).isFalse();
        assertThat(rules.ignore("a/".repeat(60) + "a")).isFalse();
        assertThat(rules.ignore("a".repeat(120) + "b")).isTrue();
    }

    @Example
    void theWorkForAllPathsTogetherIsBounded() {
        var rules = new IgnoreRules(new WorkBudget(ENOUGH));
        rules.add(".gitignore", ("*a".repeat(2000) + "b\n").repeat(50).getBytes(StandardCharsets.UTF_8));
        var paths = new ArrayList<String>();
        for (int i = 0; i < 10_000; i++) {
            paths.add("a".repeat(1000) + i);
        }

        assertThatThrownBy(() -> paths.forEach(rules::ignore)).isInstanceOf(WorkBudget.ExceededException.class);
    }
}
