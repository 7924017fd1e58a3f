package io.jenkins.plugins.gitops.build;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.XStream2;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.ConditionReport;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimelineEntryTest {

    private static final String ID = "0123456789abcdefghij";
    private static final String SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";
    private static final ImageRef OLD = image("shop", "1", 'a');
    private static final ImageRef NEW = image("shop", "2", 'b');

    private static ImageRef image(String repository, String tag, char digit) {
        return new ImageRef(
                "docker.example.com/" + repository,
                tag,
                "sha256:" + String.valueOf(digit).repeat(64));
    }

    private static ChangeEntry change(long since) {
        return ChangeEntry.submitted(
                "cfg-app",
                WavePath.of("staging"),
                new SubmittedChange(SubmittedChange.State.COMMITTED, ID, SHA),
                since);
    }

    private static ChangeStatus status(Outcome outcome, CheckState check, long at, ChangeStatus.Rewrite... rewrites) {
        String sha = rewrites.length == 0 ? SHA : rewrites[rewrites.length - 1].to();
        ChangeStatus queued = ChangeStatus.of(ID, sha, "chore: update", "", Instant.EPOCH)
                .withChecks(List.of(new CheckStatus("ci", check, Instant.ofEpochMilli(at), 1)))
                .withRewrites(List.of(rewrites));
        return outcome == null
                ? queued
                : queued.with(new ChangeStatus.End(outcome, Optional.empty(), Optional.of(sha)));
    }

    private static String savedDelivery() throws IOException {
        try (InputStream xml =
                Objects.requireNonNull(TimelineEntryTest.class.getResourceAsStream("/written/1/delivery.xml"))) {
            return new String(xml.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void readsWhatTheFirstVersionSaved() throws IOException {
        DeliveryAction delivery = (DeliveryAction) new XStream2().fromXML(savedDelivery());

        assertThat(delivery.getTimeline())
                .extracting(TimelineEntry::getHeadline)
                .containsExactly(
                        "dry run for staging",
                        "promotion from staging to production: promoted",
                        "staging: merged",
                        "rollout to staging: deployed",
                        "production/shop: queued",
                        "promotion of shop from production to internal: waiting");
        ChangeEntry change = delivery.getChanges().get(0);
        assertThat(change.isImagesKnown()).isFalse();
        assertThat(change.getImages()).isEmpty();
        assertThat(change.getRewrites()).hasSize(1);
        assertThat(change.getChecks())
                .allSatisfy(check -> assertThat(check.getDuration()).isNull());
        assertThat(delivery.diff(delivery.getDryRuns().get(0))).isNull();
        assertThat(delivery.deliveredImages()).containsOnlyKeys("basket", "frontend");
    }

    @Test
    void savesUnderTheNamesOfTheFirstVersion() throws IOException {
        XStream2 xstream = new XStream2();

        String written = xstream.toXML(xstream.fromXML(savedDelivery()));

        assertThat(written.replaceAll(" plugin=\"[^\"]*\"", ""))
                .isEqualToIgnoringNewLines(
                        savedDelivery().replaceAll(" plugin=\"[^\"]*\"", "").strip());
    }

    @Test
    void saysWhatACommitDoesToEachImage() {
        ChangeEntry change = change(1)
                .withImages(
                        ImageSet.of(Map.of("gone", OLD, "same", OLD, "shop", OLD, "retagged", OLD)),
                        ImageSet.of(Map.of("new", NEW, "same", OLD, "shop", NEW, "retagged", image("shop", "2", 'a'))));

        assertThat(change.getImages())
                .extracting(SavedImageChange::getService)
                .containsExactly("gone", "new", "retagged", "shop");
        assertThat(change.getImages().get(0).isRemoved()).isTrue();
        assertThat(change.getImages().get(1).isAdded()).isTrue();
        assertThat(change.getImages().get(2).isSameDigest()).isTrue();
        SavedImageChange shop = change.getImages().get(3);
        assertThat(shop.shortTag(shop.getTagBefore())).isEqualTo("1");
        assertThat(shop.shortDigest(shop.getDigest())).isEqualTo("sha256:bbbbbbbbbbbb");
        assertThat(change.withStatus(status(Outcome.MERGED, CheckState.SUCCESS, 2), 2)
                        .getImages())
                .hasSize(4);
    }

    @Test
    void keepsOnlySoManyImages() {
        Map<String, ImageRef> many = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            many.put("s" + i, NEW);
        }

        ChangeEntry change = change(1).withImages(ImageSet.EMPTY, ImageSet.of(many));

        assertThat(change.getImages()).hasSize(200);
        assertThat(change.getImagesLeftOut()).isEqualTo(300);
    }

    @Test
    void knowsHowLongACheckTook() {
        ChangeEntry pending = change(1).withStatus(status(null, CheckState.PENDING, 1000), 1);

        SavedCheck done = pending.withStatus(status(null, CheckState.SUCCESS, 5000), 2)
                .getChecks()
                .get(0);

        assertThat(done.getBegan()).isEqualTo(1000);
        assertThat(done.getAt()).isEqualTo(5000);
        assertThat(done.getSymbol()).isEqualTo(StatusSymbols.DONE);
        assertThat(change(1)
                        .withStatus(status(null, CheckState.FAILURE, 5000), 2)
                        .getChecks()
                        .get(0)
                        .getDuration())
                .isNull();
    }

    @Test
    void timesAChecksAnewOnAnotherCommit() {
        ChangeEntry pending = change(1).withStatus(status(null, CheckState.PENDING, 1000), 1);

        ChangeEntry rewritten = pending.withStatus(
                status(null, CheckState.PENDING, 7000, new ChangeStatus.Rewrite(SHA, "b", "main moved")), 2);

        assertThat(rewritten.getChecks().get(0).getBegan()).isEqualTo(7000);
    }

    @Test
    void keepsTheRewritesOfBeforeARestart() {
        ChangeEntry before = change(1)
                .withStatus(status(null, CheckState.PENDING, 1, new ChangeStatus.Rewrite(SHA, "b", "main moved")), 1);

        ChangeEntry after = before.withStatus(
                status(null, CheckState.PENDING, 1, new ChangeStatus.Rewrite("b", "c", "an eviction")), 2);

        assertThat(after.getRewrites()).extracting(SavedRewrite::getTo).containsExactly("b", "c");
        assertThat(after.withStatus(
                                status(null, CheckState.PENDING, 1, new ChangeStatus.Rewrite("b", "c", "an eviction")),
                                3)
                        .getRewrites())
                .hasSize(2);
    }

    @Test
    void namesTheSetOfAPromotionAndARollback() {
        assertThat(new PromotionEntry("cfg-app", "a", "b", "shop", 1)
                        .withResult(EntryState.WAITING, ConditionReport.NONE, List.of(), 1)
                        .getHeadline())
                .isEqualTo("promotion of shop from a to b: waiting");
        assertThat(new PromotionEntry("cfg-app", "b", "b", null, 1)
                        .withResult(EntryState.PROMOTED, ConditionReport.NONE, List.of(), 1)
                        .getTitle())
                .isEqualTo("rollback in b");
    }

    @Test
    void takesTheImagesOfAPromotionFromItsChange() throws IOException {
        DeliveryAction delivery = new DeliveryAction();
        delivery.record(change(1));

        delivery.recordImageChanges(ID, ImageSet.of(Map.of("gone", OLD)), ImageSet.of(Map.of("shop", NEW)));

        assertThat(delivery.deliveredImages()).containsExactly(Map.entry("shop", NEW));
    }
}
