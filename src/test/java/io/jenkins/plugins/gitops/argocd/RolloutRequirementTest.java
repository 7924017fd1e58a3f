package io.jenkins.plugins.gitops.argocd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many targets are enough. */
class RolloutRequirementTest {

    private static Set<ApplicationId> running(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> new ApplicationId("argocd", "eu-" + i))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource({
        "all, 4, 5, false",
        "all, 5, 5, true",
        "3, 2, 5, false",
        "3, 3, 5, true",
        "80%, 3, 5, false",
        "80%, 4, 5, true",
        "80 %, 5, 6, true",
        "80%, 4, 6, false",
        "1%, 0, 5, false",
        "1%, 1, 5, true",
        "100%, 4, 5, false",
        "100%, 5, 5, true",
        "3, 2, 2, false"
    })
    void countsTargets(String text, int running, int targets, boolean met) {
        assertThat(RolloutRequirement.parse(text).met(running(running), running(targets)))
                .isEqualTo(met);
    }

    @Test
    void asksForCanariesByName() {
        RolloutRequirement canaries = RolloutRequirement.parse("canaries: eu-2,eu-1");

        assertThat(canaries.met(running(1), running(5))).isFalse();
        assertThat(canaries.met(running(2), running(5))).isTrue();
        assertThat(canaries.canaries()).containsExactly("eu-1", "eu-2");
        assertThat(canaries).hasToString("canaries: eu-1, eu-2");
    }

    @Test
    void asksForEachCanaryThatANameMeans() {
        var here = new ApplicationId("team-a", "web");
        var there = new ApplicationId("team-b", "web");
        RolloutRequirement any = RolloutRequirement.parse("canaries: web");
        RolloutRequirement one = RolloutRequirement.parse("canaries: team-a/web");

        assertThat(any.met(Set.of(here), Set.of(here, there))).isFalse();
        assertThat(any.met(Set.of(here, there), Set.of(here, there))).isTrue();
        assertThat(one.met(Set.of(here), Set.of(here, there))).isTrue();
        assertThat(one.met(Set.of(there), Set.of(here, there))).isFalse();
        assertThat(one.met(Set.of(there), Set.of(there)))
                .as("a canary that is not there runs nothing")
                .isFalse();
    }

    @Test
    void canOnlyBeTightened() {
        RolloutRequirement both = RolloutRequirement.ALL.and(RolloutRequirement.parse("1"));
        assertThat(both.met(running(4), running(5))).isFalse();
        assertThat(both.met(running(5), running(5))).isTrue();

        RolloutRequirement more = RolloutRequirement.parse("2").and(RolloutRequirement.parse("canaries: us-1"));
        assertThat(more.met(running(3), running(5))).isFalse();
        assertThat(more).hasToString("2 and canaries: us-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", "0", "0%", "101%", "-1", "canaries:", "canaries: ,", "3.5", "all of them"})
    void refusesWhatSaysNothing(String text) {
        assertThatThrownBy(() -> RolloutRequirement.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("canaries:");
    }

    @Test
    void whatIsAskedTwiceIsAskedOnce() {
        RolloutRequirement two = RolloutRequirement.parse("2");

        assertThat(two.and(RolloutRequirement.parse(" 2 "))).isEqualTo(two).hasSameHashCodeAs(two);
        assertThat(two).isNotEqualTo(RolloutRequirement.parse("3")).isNotEqualTo("2");
        assertThat(RolloutRequirement.parse("3").hashCode()).isNotEqualTo(two.hashCode());
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "80%, 0", "canaries: eu-1, 0"})
    void onlyNumbersSayHowManyTargetsThereHaveToBe(String text, int fewest) {
        assertThat(RolloutRequirement.parse(text).fewestTargets()).isEqualTo(fewest);
        assertThat(RolloutRequirement.parse("2")
                        .and(RolloutRequirement.parse(text))
                        .fewestTargets())
                .isEqualTo(Math.max(2, fewest));
    }
}
