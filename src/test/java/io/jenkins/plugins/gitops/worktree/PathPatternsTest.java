package io.jenkins.plugins.gitops.worktree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternsTest {

    @ParameterizedTest
    @CsvSource({
        "generated/**, generated/a, true",
        "generated/**, generated/a/b.yaml, true",
        "generated/, generated/a/b.yaml, true",
        "generated/**, generated2/a, false",
        "generated/*, generated/a/b, false",
        "**/*.yaml, a.yaml, true",
        "**/*.yaml, a/b/c.yaml, true",
        "a/**/z, a/z, true",
        "a/**/z, a/b/c/z, true",
        "a?c/*.y, abc/.y, true",
        "a?c/*.y, ac/x.y, false",
        "*, a/b, false",
        "**, a/b, true",
    })
    void matches(String pattern, String path, boolean matches) {
        assertThat(new PathPatterns(List.of(pattern)).match(path)).isEqualTo(matches);
    }

    @Test
    void noPatternMatchesNothing() {
        assertThat(PathPatterns.NONE.match("a")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "../a", "a/../b", "a//b", ".git/hooks", "a\\b", "a\nb", "."})
    void refusesWhatCannotBeMeant(String pattern) {
        assertThatThrownBy(() -> new PathPatterns(List.of(pattern)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a pattern of paths");
    }

    @Test
    void takesNoLongerForAWickedPattern() {
        var wicked = new PathPatterns(List.of("**/a*a*a*a*a*a*a*b/".repeat(20) + "**"));

        Assertions.assertTimeout(
                Duration.ofSeconds(5),
                () -> assertThat(wicked.match(("a".repeat(200) + "/").repeat(200) + "x"))
                        .isFalse());
    }

    @ParameterizedTest
    @CsvSource({
        "generated/**, generated/, true, true",
        "generated/**, generated/eu/one/, true, true",
        "generated/**, images/, false, false",
        "generated/**, '', true, false",
        "generated/*/**, generated/, true, false",
        "generated/?/**, generated/ab/, true, false",
        "generated/?/**, generated/a/, true, true",
        "**/generated/**, apps/generated/x/, true, true",
        "**/generated/**, apps/, true, false",
        "out/, out/deep/, true, true",
        "a/b/*.yaml, a/, true, false",
        "a/b/*.yaml, a/c/, false, false",
    })
    void tellsWhatMayLieBelowAFolder(String pattern, String folder, boolean some, boolean all) {
        var patterns = new PathPatterns(List.of(pattern));

        assertThat(patterns.mayMatchBelow(folder)).isEqualTo(some);
        assertThat(patterns.matchAllBelow(folder)).isEqualTo(all);
    }
}
