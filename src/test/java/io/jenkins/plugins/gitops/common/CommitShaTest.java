package io.jenkins.plugins.gitops.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;

/** Which texts are whole names of commits, and how they are shown. */
class CommitShaTest {

    private static final String SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";

    @Test
    void aFullNameHasFortyLowerCaseDigits() {
        assertThat(CommitSha.isFull(SHA)).isTrue();
        assertThat(CommitSha.isFull(SHA.substring(1))).isFalse();
        assertThat(CommitSha.isFull(SHA + "0")).isFalse();
        assertThat(CommitSha.isFull(SHA + "\n")).isFalse();
        assertThat(CommitSha.isFull(SHA.toUpperCase(Locale.ROOT))).isFalse();
        assertThat(CommitSha.isFull("main")).isFalse();
    }

    @Test
    void tenDigitsAreShownAndShorterTextsAsTheyAre() {
        assertThat(CommitSha.abbreviate(SHA)).isEqualTo("7d1043473d");
        assertThat(CommitSha.abbreviate(ObjectId.fromString(SHA))).isEqualTo("7d1043473d");
        assertThat(CommitSha.abbreviate("main")).isEqualTo("main");
    }
}
