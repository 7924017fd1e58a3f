package io.jenkins.plugins.gitops.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The scripts of the live page and what they share with the rest: texts, and the names of conditions. */
class PageScriptTest {

    private static final Path SCRIPTS = Path.of(System.getProperty("basedir", "."), "../..", "src/main/webapp/waves")
            .normalize();

    private static final Pattern TEXT = Pattern.compile("\\bt\\(([^)]*?\"[\\w.]+\"[^)]*)");
    private static final Pattern KEY = Pattern.compile("\"([a-z][\\w.]*)\"");

    private static String scripts() throws IOException {
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            return files.filter(file -> file.toString().endsWith(".js"))
                    .map(PageScriptTest::read)
                    .collect(Collectors.joining("\n"));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void eachTextOfThePageIsUsed() throws IOException {
        String scripts = scripts();
        Set<String> unused = new TreeSet<>();
        Json.parse(PageTexts.json(Locale.ENGLISH)).fieldNames().forEachRemaining(key -> {
            // Of a family such as pill.held the page puts the name together.
            String family = key.substring(0, key.indexOf('.') + 1);
            boolean used = scripts.contains("\"" + key + "\"")
                    || !family.isEmpty() && scripts.contains("\"" + family + "\" +");
            if (!used) {
                unused.add(key);
            }
        });

        assertThat(unused).isEmpty();
    }

    @Test
    void eachTextThatThePageAsksForIsThere() throws IOException {
        Set<String> known = new TreeSet<>();
        Json.parse(PageTexts.json(Locale.ENGLISH)).fieldNames().forEachRemaining(known::add);
        Set<String> asked = new TreeSet<>();
        found(TEXT, scripts()).forEach(call -> {
            String first = call.split(",")[0];
            found(KEY, first.contains("?") ? first.substring(first.indexOf('?')) : first).stream()
                    .filter(key -> !key.endsWith("."))
                    .forEach(asked::add);
        });

        assertThat(asked).hasSizeGreaterThan(100);
        assertThat(known).containsAll(asked);
    }

    @Test
    void conditionsHaveTheNamesThatTheEngineGivesThem() throws IOException {
        String model = read(SCRIPTS.resolve("model.js"));
        String gates =
                model.substring(model.indexOf("const GATES = ["), model.indexOf("];", model.indexOf("const GATES")));

        assertThat(found(Pattern.compile("\"([a-z ]+)\""), gates))
                .containsExactlyInAnyOrder(
                        PromotionCondition.HOLD,
                        PromotionCondition.REJECTED,
                        PromotionCondition.SIGNED,
                        PromotionCondition.APPROVED,
                        PromotionCondition.VERIFIED,
                        PromotionCondition.DEPLOYED,
                        PromotionCondition.WINDOW,
                        PromotionCondition.SOAK);
        assertThat(model).contains("const DIFFERS = \"" + PromotionCondition.DIFFERS + "\";");
    }
}
