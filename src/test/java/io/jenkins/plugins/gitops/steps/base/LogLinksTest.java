package io.jenkins.plugins.gitops.steps.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogLinksTest {

    private static String linked(LogLinks links, String line) {
        return links.applyTo(line, (page, name) -> "[" + name + "](" + page + ")");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock = """
            Waiting for ci/test, which runs. | Waiting for [ci/test](p), which runs.
            It runs ci/test.                 | It runs [ci/test](p).
            ci/test: it runs                 | [ci/test](p): it runs
            ci/test of ci/test               | [ci/test](p) of ci/test
            "ci/test" runs                   | "[ci/test](p)" runs
            my/ci/test, then ci/test         | my/ci/test, then [ci/test](p)
            ci/test-2 and ci/test            | ci/test-2 and [ci/test](p)
            ci/test.js and ci/tests          | ci/test.js and ci/tests
            nothing of it                    | nothing of it
            """)
    void linksTheFirstWholeWord(String line, String expected) {
        assertThat(linked(new LogLinks().add("ci/test", "p"), line)).isEqualTo(expected);
    }

    @Test
    void linksSeveralNamesAndLeavesThoseWithoutAPage() {
        var links = new LogLinks()
                .add("shop", "a")
                .add("shop eu", "b")
                .add("web", "c")
                .add("db", null)
                .add(" ", "d");

        assertThat(linked(links, "web waits for shop eu and db")).isEqualTo("[web](c) waits for [shop eu](b) and db");
    }
}
