package io.jenkins.plugins.gitops.build;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.XStream2;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeliveryActionTest {

    private static final String SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";

    private static ChangeStatus status(Outcome outcome, String url) {
        var check = new CheckStatus(
                "ci/generated", CheckState.SUCCESS, Optional.ofNullable(url), Optional.empty(), Instant.EPOCH, 1);
        ChangeStatus queued = ChangeStatus.of(
                        "0123456789abcdefghij", SHA, "chore: update", "All required checks succeeded.", Instant.EPOCH)
                .withChecks(List.of(check))
                .withRewrites(List.of(new ChangeStatus.Rewrite("a", "b", "main moved")));
        return outcome == null
                ? queued
                : queued.with(new ChangeStatus.End(outcome, Optional.empty(), Optional.of(SHA)));
    }

    private static ChangeEntry queued() {
        return ChangeEntry.submitted(
                "cfg-app",
                WavePath.of("staging"),
                new SubmittedChange(SubmittedChange.State.COMMITTED, "0123456789abcdefghij", SHA),
                1);
    }

    @Test
    void keepsNothingButTextsInTheBuild() {
        ChangeEntry change = queued().withStatus(status(Outcome.MERGED, "https://ci.example.com/1"), 2);
        RecordedImage image = new RecordedImage(
                "Service1",
                new ImageRef("docker.example.com/service1", "1", "sha256:" + "a".repeat(64)),
                true,
                SHA,
                "");

        String xml = new XStream2().toXML(List.of(change, image));

        assertThat(xml).contains("MERGED", "ci/generated", "docker.example.com/service1");
        assertThat(xml.replaceAll("io\\.jenkins\\.plugins\\.gitops\\.build\\.", ""))
                .doesNotContain("io.jenkins.plugins", "java.time");
    }

    @Test
    void isReadAgain() {
        ChangeEntry change = queued().withStatus(status(Outcome.EVICTED, "https://ci.example.com/1"), 5001);
        XStream2 xstream = new XStream2();

        ChangeEntry read = (ChangeEntry) xstream.fromXML(xstream.toXML(change));

        assertThat(read.getState()).isEqualTo("evicted");
        assertThat(read.getChecks()).isEqualTo(change.getChecks());
        assertThat(read.getRewrites()).hasSize(1);
        assertThat(read.getEnded() - read.getSince()).isEqualTo(5000);
    }

    @Test
    void linksToWebPagesOnly() {
        assertThat(queued().withStatus(status(null, "javascript:alert(1)"), 2).getChecks())
                .singleElement()
                .satisfies(check -> assertThat(check.getUrl()).isNull());
        assertThat(SafeLinks.webUrl("https://ci.example.com/1")).isNotNull();
        assertThat(SafeLinks.webUrl("https:///nohost")).isNull();
        assertThat(SafeLinks.webUrl("data:text/html,x")).isNull();
        assertThat(SafeLinks.webUrl("http://a b")).isNull();
        assertThat(SafeLinks.commit("https://git.example.com/{sha}", SHA)).isEqualTo("https://git.example.com/" + SHA);
        assertThat(SafeLinks.commit(null, SHA)).isNull();
    }

    @Test
    void isOnlySavedForMoreThanAnotherWording() {
        ChangeEntry first = queued().withStatus(status(null, null), 2);

        assertThat(first.withStatus(status(null, null), 3).differsFrom(first)).isFalse();
        assertThat(first.withStatus(status(Outcome.MERGED, null), 3).differsFrom(first))
                .isTrue();
        assertThat(first.withStatus(status(null, "https://ci.example.com/2"), 3).differsFrom(first))
                .isTrue();
    }

    @Test
    void namesTheCommitOfWhatTheBuildChangedAlsoWhereAnImageOfAnEarlierCommitIsFirst() throws IOException {
        var delivery = new DeliveryAction();
        delivery.record(List.of(image("basket", false, "1".repeat(40)), image("shop", true, SHA)));

        assertThat(delivery.getWay()).extracting(DeliveryStop::getName).containsExactly("7d1043473d");
    }

    private static RecordedImage image(String service, boolean changed, String appSha) {
        return new RecordedImage(
                service,
                new ImageRef("docker.example.com/" + service, appSha, "sha256:" + "a".repeat(64)),
                changed,
                appSha,
                "");
    }

    @Test
    void shortensForPeople() {
        assertThat(queued().shorten(SHA)).isEqualTo("7d1043473d");
        assertThat(new RecordedImage(
                                "S",
                                new ImageRef("docker.example.com/s", "1", "sha256:" + "a".repeat(64)),
                                false,
                                null,
                                "")
                        .getShortDigest())
                .isEqualTo("sha256:aaaaaaaaaaaa");
    }
}
