package io.jenkins.plugins.gitops.configuration.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobPatternsTest {

    @ParameterizedTest
    @CsvSource({
        "acme/app, acme/app, true",
        "acme/app, acme/app2, false",
        "acme/*, acme/app, true",
        "acme/*, acme/app/main, false",
        "acme/**, acme/app/main, true",
        "acme/**, acme, true",
        "acme/**, acme2/app, false",
        "**/deploy, deploy, true",
        "**/deploy, a/b/deploy, true",
        "**, anything/at/all, true",
        "acme/promote-*, acme/promote-production, true",
        "acme/app?, acme/app1, true",
        "acme/app?, acme/app, false",
        "acme.*, acmeXapp, false",
    })
    void matchesFullNames(String pattern, String job, boolean matches) {
        assertThat(JobPatterns.anyMatches(List.of("never", pattern), job)).isEqualTo(matches);
    }

    @Test
    void coversNothingWithoutPatterns() {
        assertThat(JobPatterns.anyMatches(List.of(), "app")).isFalse();
    }

    @Test
    void readsLinesOfAFormAndElementsOfAList() {
        assertThat(JobPatterns.lines(List.of("a/**\r\n  b \n\n", "c"))).containsExactly("a/**", "b", "c");
        assertThat(JobPatterns.lines(null)).isEmpty();
    }
}
