package io.jenkins.plugins.gitops.argocd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetSelectionTest {

    @ParameterizedTest
    @CsvSource({
        "web, true",
        "we, false",
        "web-1, false",
        "*, true",
        "w*, true",
        "*b, true",
        "w*e*b, true",
        "w??, true",
        "w?, false",
        "???*, true",
        "????*, false",
        "argocd/web, true",
        "team/web, false",
        "*/web, true",
        "argo*/w?b, true"
    })
    void aNameCoversApplications(String name, boolean covers) {
        assertThat(TargetSelection.covers(name, new ApplicationId("argocd", "web")))
                .isEqualTo(covers);
    }

    @Property(tries = 500)
    void globsCoverWhatTheSameRegularExpressionDoes(
            @ForAll @StringLength(max = 8) @Chars({'a', 'b', '*', '?'}) String glob,
            @ForAll @StringLength(max = 8) @CharRange(from = 'a', to = 'b') String name) {
        boolean expected = name.matches(glob.replace("*", ".*").replace("?", "."));

        assertThat(TargetSelection.covers(glob, new ApplicationId("argocd", name)))
                .isEqualTo(expected);
    }

    @Test
    void anApplicationIsATargetByItsNameOrItsLabels() {
        var targets = new TargetSelection("main", List.of("staging-*", "argocd/extra"), "wave=staging");

        assertThat(targets.selects(ApplicationFixtures.labelled("staging-eu", Map.of())))
                .isTrue();
        assertThat(targets.selects(ApplicationFixtures.labelled("extra", Map.of())))
                .isTrue();
        assertThat(targets.selects(ApplicationFixtures.labelled("other", Map.of("wave", "staging"))))
                .isTrue();
        assertThat(targets.selects(ApplicationFixtures.labelled("other", Map.of("wave", "internal"))))
                .isFalse();
        assertThat(targets.exactNames()).containsExactly("argocd/extra");
        assertThat(new TargetSelection("main", List.of("*-eu", "?web", "web", "w?b"), "").exactNames())
                .containsExactly("web");
    }

    @Test
    void withoutASelectorOnlyNamesCount() {
        var targets = new TargetSelection("main", List.of("web"), "");

        assertThat(targets.selects(ApplicationFixtures.labelled("web", Map.of("wave", "staging"))))
                .isTrue();
        assertThat(targets.selects(ApplicationFixtures.labelled("api", Map.of("wave", "staging"))))
                .isFalse();
    }

    @Test
    void nothingAtAllIsRefused() {
        assertThatThrownBy(() -> new TargetSelection("main", List.of(), " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "The targets on the Argo CD server main are not given: name them in applications, or select "
                                + "them by their labels with selector.");
        assertThatThrownBy(() -> new TargetSelection("", List.of("web"), ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("argoServer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Web", "a/b/c", "/web", "web/", "a b", "web,api", "wave=staging"})
    void whatIsNoNameIsRefused(String name) {
        assertThatThrownBy(() -> new TargetSelection("main", List.of(name), "wave=staging"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("\"" + name + "\" in applications is not the name");
    }

    @ParameterizedTest
    @CsvSource({
        "web, web, true",
        "web, team/web, true",
        "team/web, web, true",
        "team/web, team/web, true",
        "team/web, other/web, false",
        "web, we, false"
    })
    void namesWithAndWithoutNamespaceCanMeanTheSame(String name, String other, boolean same) {
        assertThat(TargetSelection.isSame(name, other)).isEqualTo(same);
    }
}
