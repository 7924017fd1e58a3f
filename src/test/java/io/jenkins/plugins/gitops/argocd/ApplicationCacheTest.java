package io.jenkins.plugins.gitops.argocd;

import static io.jenkins.plugins.gitops.argocd.ApplicationFixtures.observed;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.ApplicationListing.VersionedApplication;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever overtakes what, the newest word counts. Times are in seconds. */
class ApplicationCacheTest {

    private static final ApplicationId WEB = new ApplicationId("argocd", "web");

    private final ApplicationCache seen = new ApplicationCache();

    @BeforeEach
    void listOnce() {
        assertThat(seen.putAll(list(10, observed("web", 10, "c1")), at(0), at(1)))
                .isTrue();
    }

    private static Instant at(long second) {
        return Instant.EPOCH.plusSeconds(second);
    }

    private static ApplicationListing list(long version, VersionedApplication... applications) {
        return new ApplicationListing(List.of(applications), Optional.of(String.valueOf(version)));
    }

    private String revision() {
        return seen.get(WEB).orElseThrow().sync().revisions().get(0);
    }

    @Test
    void theSameAgainIsNoNews() {
        assertThat(seen.put(observed("web", 11, "c1"), at(2))).isFalse();
        assertThat(seen.putAll(list(12, observed("web", 11, "c1")), at(3), at(4)))
                .isFalse();
        assertThat(seen.putAll(list(13, observed("web", 13, "c2")), at(6), at(7)))
                .isTrue();
    }

    @Test
    void aListThatWasOvertakenUndoesNothing() {
        seen.put(observed("web", 12, "c2"), at(11));
        seen.put(observed("new", 13, "c1"), at(11));

        assertThat(seen.putAll(list(11, observed("web", 11, "c1")), at(10), at(12)))
                .isFalse();

        assertThat(revision()).isEqualTo("c2");
        assertThat(seen.applications()).hasSize(2);
    }

    @Test
    void aReplicaThatLagsUndoesNothing() {
        seen.put(observed("web", 12, "c2"), at(11));
        seen.delete(observed("web", 14, "c2"), at(13));
        seen.put(observed("new", 13, "c1"), at(11));

        assertThat(seen.putAll(list(11, observed("web", 11, "c1")), at(20), at(21)))
                .isFalse();

        assertThat(seen.applications()).containsOnlyKeys(new ApplicationId("argocd", "new"));
    }

    @Test
    void aStreamThatNamesEverNewApplicationsFillsNoMemory() {
        VersionedApplication one = observed("one", 12, "c1");
        for (int number = 0; number < ApplicationCache.MOST_REPORTS + 10; number++) {
            seen.delete(observed("gone-" + number, 12, "c1"), at(2));
        }

        assertThat(seen.put(one, at(3))).as("no room").isFalse();
        assertThat(seen.put(observed("web", 13, "c2"), at(3)))
                .as("what is known")
                .isTrue();
        assertThat(seen.putAll(list(14, one, observed("web", 13, "c2")), at(300), at(301)))
                .as("what a list has")
                .isTrue();
        assertThat(seen.applications()).hasSize(2);
    }

    @Test
    void whatIsNoLongerListedIsGone() {
        assertThat(seen.putAll(list(11), at(10), at(11))).isTrue();
        assertThat(seen.applications()).isEmpty();
        assertThat(seen.get(WEB)).isEmpty();
    }

    @Test
    void whatWasDeletedMayComeBack() {
        assertThat(seen.delete(observed("web", 12, "c1"), at(11))).isTrue();
        assertThat(seen.delete(observed("web", 12, "c1"), at(12))).isFalse();
        assertThat(seen.putAll(list(13, observed("web", 13, "c1")), at(20), at(21)))
                .isTrue();
    }

    @Test
    void anEventThatComesLateUndoesNothing() {
        seen.put(observed("web", 12, "c2"), at(11));

        assertThat(seen.put(observed("web", 11, "c1"), at(12))).isFalse();
        assertThat(seen.delete(observed("web", 11, "c1"), at(12))).isFalse();
        assertThat(revision()).isEqualTo("c2");
    }

    @Test
    void whereVersionsBeginAnewTheListIsBelievedAfterAWhile() {
        assertThat(seen.putAll(list(2, observed("web", 2, "c0")), at(60), at(61)))
                .isFalse();
        assertThat(seen.putAll(list(3, observed("web", 2, "c0")), at(121), at(122)))
                .isTrue();
        assertThat(seen.putAll(list(1), at(300), at(301))).isTrue();
    }

    @Test
    void withoutNumbersTheLastWordCounts() {
        assertThat(seen.put(observed("api", 0, "c1"), at(2))).isTrue();
        assertThat(seen.put(observed("api", 0, "c2"), at(3))).isTrue();
        assertThat(seen.putAll(list(0, observed("web", 10, "c1"), observed("api", 0, "c1")), at(4), at(5)))
                .isTrue();
    }
}
