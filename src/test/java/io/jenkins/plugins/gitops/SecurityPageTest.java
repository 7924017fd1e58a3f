package io.jenkins.plugins.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.security.Permission;
import io.jenkins.plugins.gitops.configuration.base.GitOpsPermissions;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Test;

/** What docs/security.md says, against the code. */
class SecurityPageTest {

    private static String page() throws IOException {
        return Files.readString(JenkinsSymbolsTest.project().resolve("docs/security.md"));
    }

    @Test
    void itHasTheTableOfPowers() throws IOException {
        assertThat(page()).contains(table());
    }

    @Test
    void itNamesTestsThatThereAre() throws IOException {
        Set<String> tests = new HashSet<>();
        for (String folder : List.of("src/test", "sandbox")) {
            try (Stream<Path> files = Files.walk(JenkinsSymbolsTest.project().resolve(folder))) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".java"))
                        .forEach(name -> tests.add(name.replace(".java", "")));
            }
        }

        assertThat(Pattern.compile("`(\\w+Test)`").matcher(page()).results().map(match -> match.group(1)))
                .hasSizeGreaterThan(60)
                .allMatch(tests::contains);
    }

    private static final Pattern SHOWN = Pattern.compile("<!-- (.*?) -->", Pattern.DOTALL);

    /** The head of a table or of a list, or what comes before it. */
    private static final Pattern HEAD = Pattern.compile(
            "\\| (?:who \\| can|kind \\| here) \\|.*|What Jenkins' security advisories.*|\\*\\*[^.]*\\*\\*",
            Pattern.DOTALL);

    /** What is for the reader to do, and no promise. */
    private static final String ADVICE = "advice";

    /** The sections that promise something: from a heading to the next one, without lists of commands. */
    private static List<String> sections() throws IOException {
        return Stream.of(
                        "## Who is trusted with what\n",
                        "## What jobs and users may do\n",
                        "## What the plugin takes care of\n",
                        "## Kinds of advisories\n",
                        "## What you take care of\n")
                .map(heading -> {
                    String page = read();
                    int begin = page.indexOf(heading) + heading.length();
                    int end = Stream.of("\n## ", "\nReport a vulnerability")
                            .mapToInt(next -> page.indexOf(next, begin))
                            .filter(next -> next >= 0)
                            .min()
                            .orElseThrow();
                    return page.substring(begin, end)
                            .replaceAll("(?s)```.*?```", "")
                            .replace(table(), "");
                })
                .toList();
    }

    private static String read() {
        try {
            return page();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each sentence and each row is followed by a comment with the tests that show it. */
    @Test
    void everySentenceIsShown() throws IOException {
        List<String> without = new ArrayList<>();
        int sentences = 0;
        for (String section : sections()) {
            for (String block : section.split("\n(?=- |\\| |\n)")) {
                boolean heads = block.isBlank() || HEAD.matcher(block.strip()).matches();
                if (heads) {
                    continue;
                }
                String[] parts = SHOWN.split(block);
                sentences += parts.length;
                for (String part : parts) {
                    String text = part.replace('\n', ' ').strip();
                    if (text.isEmpty()) {
                        continue;
                    }
                    boolean row = text.startsWith("|");
                    if (!row && text.matches(".*[^.][.:] [A-Z`].*")
                            || !SHOWN.matcher(block).find()
                            || !row && !text.endsWith(".") && !text.equals("|")) {
                        without.add(text);
                    }
                }
            }
        }

        assertThat(sentences).isGreaterThan(80);
        assertThat(without).as("name the test of each sentence behind it").isEmpty();
    }

    /** That table names whole classes, which {@link #itNamesTestsThatThereAre} looks for, each beside its promise. */
    @Test
    void everyPromiseNamesTheTestsThatShowIt() throws IOException {
        String page = page();
        String table = page.substring(
                page.indexOf("| promise | shown by |\n|---|---|\n"), page.indexOf("## Kinds of advisories"));
        List<String> rows =
                table.lines().skip(2).filter(line -> !line.isEmpty()).toList();

        assertThat(rows).hasSizeGreaterThan(25).allMatch(row -> row.matches("\\| [^|]+ \\| [^|]*`\\w+Test`[^|]* \\|"));
    }

    @Test
    void eachTestThatShowsASentenceIsThere() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String folder : List.of("src/test", "sandbox")) {
            try (Stream<Path> files = Files.walk(JenkinsSymbolsTest.project().resolve(folder))) {
                for (Path file : files.filter(each -> each.toString().endsWith("Test.java"))
                        .toList()) {
                    sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
                }
            }
        }
        List<String> missing = SHOWN.matcher(page())
                .results()
                .flatMap(shown -> Arrays.stream(shown.group(1).split(",\\s*")))
                .filter(test -> !test.equals(ADVICE))
                .filter(test -> {
                    String[] names = test.split("\\.");
                    String source = sources.get(names[0]);
                    return source == null
                            || names.length != 2
                            || !Pattern.compile("(?:void|ArchRule) " + names[1] + "\\b")
                                    .matcher(source)
                                    .find();
                })
                .toList();

        assertThat(missing).isEmpty();
    }

    @Test
    void itSaysWhatEachPermissionAllows() throws Exception {
        for (Field permission : GitOpsPermissions.class.getFields()) {
            String name = permission.getName();
            assertThat(page())
                    .contains("| users with GitOps Waves/" + name.charAt(0)
                            + name.substring(1).toLowerCase(Locale.ROOT));
        }
    }

    /** The table of the page, as the code has it. */
    private static String table() {
        var table = new StringBuilder("| | what it is | of a job | of a user of the pages |\n|---|---|---|---|\n");
        for (RepositoryPower power : RepositoryPower.values()) {
            table.append("| ")
                    .append(power.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                    .append(" | ")
                    .append(power.description())
                    .append(" | ")
                    .append(power.extent().description())
                    .append(" | ")
                    .append(power.permission().map(SecurityPageTest::name).orElse("no page offers it"))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String name(Permission permission) {
        return permission == Jenkins.ADMINISTER
                ? "Overall/Administer"
                : permission == GitOpsPermissions.VIEW
                        ? "GitOps Waves/View"
                        : permission == GitOpsPermissions.HOLD
                                ? "GitOps Waves/Hold"
                                : permission == GitOpsPermissions.APPROVE
                                        ? "GitOps Waves/Approve"
                                        : "GitOps Waves/Promote";
    }
}
