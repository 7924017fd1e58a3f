package io.jenkins.plugins.gitops.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitUrlEquivalenceTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    https://git.example.com/acme/cfg.git     | https://git.example.com:8443/acme/cfg.git
                    https://git.example.com/acme/cfg.git     | https://git.example.org/acme/cfg.git
                    https://git.example.com/acme/cfg.git     | https://git.example.com/acme/cfg2.git
                    https://git.example.com/acme/cfg.git     | https://git.example.com/acme/CFG.git
                    https://git.example.com/acme/cfg.git     | git://git.example.com/acme/cfg.git
                    https://git.example.com/acme/cfg.git     | /acme/cfg.git
                    ssh://git@git.example.com:2222/acme/cfg  | git@git.example.com:acme/cfg
                    https://git.example.com/a                | https://git.example.com@evil.example/a
                    https://git.example.com/a                | https://evil.example/git.example.com/a
                    file:///srv/git/cfg.git                  | /srv/git/other.git
                    ''                                       | https://git.example.com/acme/cfg.git
                    """)
    void theseAreDifferent(String a, String b) {
        assertThat(GitUrlEquivalence.same(a, b)).isFalse();
        assertThat(GitUrlEquivalence.same(b, a)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ssh://git@git.example.com:7999/acme/cfg.git | https://git.example.com:8443/acme/cfg
                    git@[::1]:acme/cfg.git                      | https://[::1]/acme/cfg
                    http://my_host/acme/cfg                     | git@my_host:/acme/cfg.git
                    https://git.example.com/                    | https://git.example.com
                    file:///srv/git/cfg.git                     | /srv/git/cfg
                    file:/srv/git/cfg                           | file://localhost/srv/git/cfg.git/
                    /srv/git/cfg/.git                           | /srv/git/cfg
                    """)
    void theseAreTheSame(String a, String b) {
        assertThat(GitUrlEquivalence.same(a, b)).isTrue();
        assertThat(GitUrlEquivalence.same(b, a)).isTrue();
    }

    /** The ways to write the address of acme/cfg at git.example.com. */
    @Provide
    Arbitrary<String> ways() {
        Arbitrary<String> user = Arbitraries.of("", "git@", "bot:pass@");
        Arbitrary<String> host = Arbitraries.of("git.example.com", "Git.Example.COM");
        Arbitrary<String> end = Arbitraries.of("", ".git", "/", ".git/");
        Arbitrary<List<String>> transport = Arbitraries.of(List.of(
                List.of("https://", "/"),
                List.of("https://", ":443/"),
                List.of("HTTPS://", "//"),
                List.of("http://", ":80/"),
                List.of("ssh://", "/"),
                List.of("ssh://", ":22/"),
                List.of("", ":"),
                List.of(" ", ":/")));
        return Combinators.combine(transport, user, host, end)
                .as((around, who, where, tail) ->
                        around.get(0) + who.replace("bot:pass", around.get(0).isBlank() ? "bot" : "bot:pass") + where
                                + around.get(1) + "acme/cfg" + tail);
    }

    @Property(tries = 500)
    void allWaysToWriteOneAddressAreTheSame(@ForAll("ways") String a, @ForAll("ways") String b) {
        assertThat(GitUrlEquivalence.same(a, b)).isTrue();
    }

    @Property(tries = 300)
    void anyTextIsTheSameAsItself(@ForAll String text) {
        assertThat(GitUrlEquivalence.same(text, text)).isTrue();
    }
}
