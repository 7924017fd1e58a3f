package io.jenkins.plugins.gitops.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Of the changes of a job that wait outside of a wave only the newest has to wait. */
class IntakeWaitlistTest {

    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final WavePath STAGING = WavePath.of("staging");
    private static final WavePath PREVIEW = WavePath.of("preview");

    private final IntakeWaitlist waitlist = new IntakeWaitlist();

    private boolean waits(WavePath path, String order) {
        return waits(path, order, NOON);
    }

    private boolean waits(WavePath path, String order, Instant started) {
        ChangeTrailers trailers = ChangeTrailers.builder(NewChange.newId(), ChangeOperation.ANNOUNCE, path)
                .order(BuildSequence.of(order))
                .build();
        return waitlist.addUnlessNewerWaits(new NewChange(trailers, ImageSet.EMPTY).startedAt(started));
    }

    @Test
    void anEarlierBuildOfTheSameJobNeedNotWait() {
        assertThat(waits(STAGING, "app#2")).isTrue();
        assertThat(waits(STAGING, "app#1")).isFalse();
        assertThat(waits(STAGING, "app#2")).as("it asks again").isTrue();
        assertThat(waits(STAGING, "app#3")).isTrue();
        assertThat(waits(STAGING, "app#2")).isFalse();
    }

    @Test
    void otherJobsAndOtherWavesWaitForThemselves() {
        assertThat(waits(STAGING, "app#2")).isTrue();

        assertThat(waits(STAGING, "other#1")).isTrue();
        assertThat(waits(PREVIEW, "app#1")).isTrue();
    }

    @Test
    void aJobWhoseNumbersBeganAnewIsNewer() {
        assertThat(waits(STAGING, "app#7")).isTrue();

        assertThat(waits(STAGING, "app#1", NOON.plusSeconds(1))).isTrue();
        assertThat(waits(STAGING, "app#1", NOON.plusSeconds(1))).isTrue();
    }

    @Test
    void aChangeWithoutANumberAlwaysWaits() {
        assertThat(waits(STAGING, "app#2")).isTrue();

        assertThat(waits(STAGING, "app")).isTrue();
    }

    @Test
    void whatWaitedForAWaveThatIsOpenAgainIsForgotten() {
        waits(STAGING, "app#2");
        waits(PREVIEW, "app#2");

        waitlist.clear(STAGING);

        assertThat(waits(STAGING, "app#1")).isTrue();
        assertThat(waits(PREVIEW, "app#1")).isFalse();
    }
}
