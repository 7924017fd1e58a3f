package io.jenkins.plugins.gitops.changes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CiSkipMarkerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[skip ci]",
                "[ci skip]",
                "[CI SKIP]",
                "[skip-ci]",
                "[ci_skip]",
                "[no ci]",
                "[skip actions]",
                "[actions skip]",
                "[skip azurepipelines]",
                "[azurepipelines skip]",
                "[skip azpipelines]",
                "[azpipelines skip]",
                "[skip azp]",
                "[azp skip]",
                "***NO_CI***"
            })
    void findsTheMarker(String marker) {
        assertThat(CiSkipMarker.find("chore: update app " + marker + " now")).contains(marker);
        assertThat(CiSkipMarker.warning(marker).orElseThrow()).contains(marker).contains("take it out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chore: update\n\n\nskip-checks: true", "chore: update\n\n\nskip-checks:true"})
    void findsTheTrailer(String message) {
        assertThat(CiSkipMarker.find(message)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chore: update app to {shortSha}",
                "fix: skip ci in the docs",
                "feat: [ci] skip the cache",
                "skip-checks: false",
                "mention skip-checks: true inside of a line"
            })
    void findsNothingElse(String message) {
        assertThat(CiSkipMarker.find(message)).isEmpty();
    }
}
