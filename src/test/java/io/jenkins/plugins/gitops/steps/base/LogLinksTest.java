package io.jenkins.plugins.gitops.steps.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.build.SafeLinks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogLinksTest {

    private static String linked(LogLinks links, String line) {
        return links.applyTo(line, (page, name) -> "[" + name + "](" + page + ")");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Waiting for ci/test, which runs. | Waiting for [ci/test](/p), which runs.
            It runs ci/test.                 | It runs [ci/test](/p).
            ci/test: it runs                 | [ci/test](/p): it runs
            ci/test of ci/test               | [ci/test](/p) of ci/test
            "ci/test" runs                   | "[ci/test](/p)" runs
            my/ci/test, then ci/test         | my/ci/test, then [ci/test](/p)
            ci/test-2 and ci/test            | ci/test-2 and [ci/test](/p)
            ci/test.js and ci/tests          | ci/test.js and ci/tests
            nothing of it                    | nothing of it
            """)
    void linksTheFirstWholeWord(String line, String expected) {
        assertThat(linked(new LogLinks().add("ci/test", "/p"), line)).isEqualTo(expected);
    }

    @Test
    void linksSeveralNamesAndLeavesThoseWithoutAPage() {
        var links = new LogLinks()
                .add("shop", "/a")
                .add("shop eu", "/b")
                .add("web", "/c")
                .add("db", null)
                .add(" ", "/d");

        assertThat(linked(links, "web waits for shop eu and db")).isEqualTo("[web](/c) waits for [shop eu](/b) and db");
    }

    /** Jenkins writes {@code <a href='PAGE'>} around the name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "JavaScript:alert(1)",
                " javascript:alert(1)",
                "data:text/html,x",
                "//evil.example.com/x",
                "/\\evil.example.com/x",
                "/waves/cfg-app/?q=x' onmouseover='alert(1)",
                "/waves/cfg-app/?q=x'onmouseover=alert(1)",
                "/waves/cfg-app/?q=\"><script>",
                "https://ci.example.com/x y",
                "https://ci.example.com/<script>",
                "https://bot:secret@ci.example.com/x"
            })
    void linksToNoPageThatLeavesItsQuotes(String page) {
        assertThat(linked(new LogLinks().add("ci/test", page), "It runs ci/test."))
                .isEqualTo("It runs ci/test.");
    }

    @Test
    void aQuoteInTheAddressOfACheckIsEncoded() {
        assertThat(linked(
                        new LogLinks().add("ci/test", "https://ci.example.com/x'onmouseover=alert(1)//?y='z'"),
                        "It runs ci/test."))
                .isEqualTo("It runs [ci/test](https://ci.example.com/x%27onmouseover=alert(1)//?y=%27z%27).");
    }

    @Test
    void theIdOfAChangeIsOneValueOfTheQuery() {
        String page = SafeLinks.change("cfg-app", "x' onmouseover='alert(1)&a=b#c");

        assertThat(page).isEqualTo("/waves/cfg-app/?q=x%27+onmouseover%3D%27alert%281%29%26a%3Db%23c");
        assertThat(linked(new LogLinks().add("x'", page), "Change x' waits")).contains(page);
    }
}
