package io.jenkins.plugins.gitops.steps.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AppCommitTest {

    private static final String TAGGED = "7d1043473d55bfa90e8530d35801d4e381bc69f0";
    private static final String OTHER = "6a9ca693f6fff83215c00b653bcf2106124705ad";
    private static final String LIBRARY = "b".repeat(40);

    @Test
    void aTagThatIsAFullShaWinsOverTheCheckedOutCommit() {
        AppCommit commit = AppCommit.of(List.of(TAGGED, "1.2.3", TAGGED), LIBRARY);

        assertThat(commit.sha()).contains(TAGGED);
        assertThat(commit.disagreement())
                .contains("GIT_COMMIT is bbbbbbbbbb, but the images are tagged 7d1043473d; the tag is recorded.");
    }

    @Test
    void withoutSuchATagTheCheckedOutCommitIsTaken() {
        assertThat(AppCommit.of(List.of("1.2.3", "7d1043473d"), LIBRARY).sha()).contains(LIBRARY);
        assertThat(AppCommit.of(List.of("1.2.3"), null).sha()).isEmpty();
        assertThat(AppCommit.of(List.of(TAGGED), null)).isEqualTo(AppCommit.of(List.of(TAGGED), TAGGED));
    }

    @Test
    void ofTagsThatContradictEachOtherTheCheckedOutOneIsTakenOrNone() {
        assertThat(AppCommit.of(List.of(TAGGED, OTHER), OTHER).sha()).contains(OTHER);
        AppCommit unknown = AppCommit.of(List.of(TAGGED, OTHER), LIBRARY);
        assertThat(unknown.sha()).isEmpty();
        assertThat(unknown.disagreement().orElseThrow())
                .endsWith("none is recorded. Say by appSha: which commit the images are of.");
    }
}
