package io.jenkins.plugins.gitops.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {

    private static final Map<String, String> STAGING =
            Map.of("wave", "staging", "example.com/region", "eu", "canary", "", "in", "x");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    wave=staging                                | true
                    wave==staging                               | true
                    wave = staging                              | true
                    wave=production                             | false
                    tier=web                                    | false
                    wave!=production                            | true
                    wave!=staging                               | false
                    tier!=web                                   | true
                    wave in (staging, internal)                 | true
                    wave in (internal)                          | false
                    tier in (web)                               | false
                    wave notin (internal,production)            | true
                    wave notin(staging)                         | false
                    tier notin (web)                            | true
                    wave                                        | true
                    tier                                        | false
                    !tier                                       | true
                    !wave                                       | false
                    ! tier                                      | true
                    canary=                                     | true
                    canary in ()                                | true
                    wave=                                       | false
                    in                                          | true
                    in in (x)                                   | true
                    example.com/region=eu                       | true
                    wave=staging,example.com/region in (eu, us) | true
                    wave in (staging,internal),tier=web         | false
                    wave=staging, !tier, canary                 | true
                    """)
    void isReadAsKubernetesReadsIt(String selector, boolean matches) {
        assertThat(LabelSelector.parse(selector).matches(STAGING)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "wave=staging,",
                ",wave",
                "wave=a=b",
                "wave in staging",
                "wave in (a",
                "wave in (a,(b))",
                "wave in (a b)",
                "-wave",
                "wave > 3",
                "a b",
                "=x",
                "!",
                "wave=stag ing",
                "/x=1",
                "wave in (a)b"
            })
    void whatKubernetesDoesNotReadIsRefused(String selector) {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("The label selector \"" + selector + "\" cannot be read")
                .hasMessageEndingWith("with commas between them.");
    }

    @Property(tries = 300)
    void anyTextIsReadOrRefusedWithASentence(@ForAll String text) {
        try {
            assertThat(LabelSelector.parse(text)).hasToString(text.strip());
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("The label selector");
        }
    }
}
