package io.jenkins.plugins.gitops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No text makes a regular expression of the plugin run for long or use up the stack. */
class PatternsTest {

    /** More than any header or name that anybody sends. */
    private static final int LENGTH = 8_000;

    private static final Duration LONG = Duration.ofSeconds(20);

    /** What expressions repeat; each before and after what some of them need first. */
    private static final List<String> REPEATED = List.of(
            "a", "1", "-", ".", " ", "/", ":", ",", "\"", "\\a", "a.", "a-", "a/", "a, ", "a=1,", "*", "(", "!a,");

    private static final List<String> BEFORE = List.of("", "a=\"", "a in (", "https://a/", "a:", "a");

    static Stream<Field> patterns() throws ReflectiveOperationException {
        var patterns = new ArrayList<Field>();
        for (ClassFile file : PluginClasses.all()) {
            if (file.types().contains("java/util/regex/Pattern")) {
                Class<?> type =
                        Class.forName(file.name().replace('/', '.'), false, PatternsTest.class.getClassLoader());
                for (Field field : type.getDeclaredFields()) {
                    if (Modifier.isStatic(field.getModifiers()) && field.getType() == Pattern.class) {
                        patterns.add(field);
                    }
                }
            }
        }
        assertThat(patterns).hasSizeGreaterThan(20);
        return patterns.stream();
    }

    @ParameterizedTest
    @MethodSource("patterns")
    void isDoneSoonWhateverTheText(Field field) throws ReflectiveOperationException {
        field.setAccessible(true);
        var pattern = (Pattern) field.get(null);
        assertTimeoutPreemptively(LONG, () -> {
            for (String before : BEFORE) {
                for (String repeated : REPEATED) {
                    // The last character is one that few expressions end with, so that all ways are tried.
                    Matcher matcher = pattern.matcher(before + repeated.repeat(LENGTH) + "\u0000");
                    assertThatCode(() -> {
                                matcher.matches();
                                matcher.lookingAt();
                            })
                            .as("%s and %s%s...", field, before, repeated)
                            .doesNotThrowAnyException();
                }
            }
        });
    }
}
