package io.jenkins.plugins.gitops.pages;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.XStream2;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.build.DeliveredChange;
import io.jenkins.plugins.gitops.build.DeliveredCheck;
import io.jenkins.plugins.gitops.build.DeliveredImage;
import io.jenkins.plugins.gitops.build.DeliveredPromotion;
import io.jenkins.plugins.gitops.build.DeliveredRewrite;
import io.jenkins.plugins.gitops.build.DeliveredRollout;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.RecordedImage;
import io.jenkins.plugins.gitops.build.StatusSymbols;
import io.jenkins.plugins.gitops.build.TimelineEntry;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.driver.Previews;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.RejectedImages;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeliveryPageTest {

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

    private static DeliveredChange change(long since) {
        return new DeliveredChange("cfg-app", "staging", new SubmittedChange(ID, SHA, true, false, null), since);
    }

    private static ChangeStatus status(Outcome outcome, CheckState check, long at, ChangeStatus.Rewrite... rewrites) {
        String sha = rewrites.length == 0 ? SHA : rewrites[rewrites.length - 1].to();
        return new ChangeStatus(
                ID,
                sha,
                "chore: update",
                outcome,
                null,
                "",
                outcome == null ? null : sha,
                List.of(new CheckStatus("ci", check, null, null, Instant.ofEpochMilli(at), 1)),
                List.of(),
                List.of(rewrites),
                Instant.EPOCH);
    }

    private static RepositoryState.Wave wave(String name, ImageSet images, Rollout rollout) {
        return new RepositoryState.Wave(
                name,
                null,
                images,
                null,
                new WaveState(
                        Optional.of(new DeployedSet(images.identity(), SHA, Instant.EPOCH)),
                        false,
                        Optional.empty(),
                        List.of()),
                null,
                Optional.of(new RepositoryState.Live(rollout, Optional.empty())));
    }

    private static RepositoryState state(RepositoryState.Wave... waves) {
        return new RepositoryState(
                "cfg-app",
                "main",
                SHA,
                Instant.EPOCH,
                List.of(),
                List.of(waves),
                new RejectedImages(Map.of()),
                List.of(),
                Map.of());
    }

    private static Rollout rollout(TargetState.State... states) {
        List<TargetState> targets = IntStream.range(0, states.length)
                .mapToObj(i -> new TargetState("t" + i, "main", states[i], "Synced", "Healthy", SHA, "so it is."))
                .toList();
        return new Rollout(null, targets, SHA, false, Set.of(), null, RolloutRequirement.ALL);
    }

    private static DeliveryAction recorded(String service, ImageRef image) throws IOException {
        DeliveryAction delivery = new DeliveryAction();
        delivery.record(List.of(new RecordedImage(service, image, true, null, "")));
        return delivery;
    }

    @Test
    void readsABuildOfBeforeThesePages() throws IOException {
        DeliveryAction delivery;
        try (InputStream xml = Objects.requireNonNull(getClass().getResourceAsStream("delivery-1.xml"))) {
            delivery = (DeliveryAction) new XStream2().fromXML(xml);
        }

        assertThat(delivery.getTimeline())
                .extracting(TimelineEntry::getHeadline)
                .containsExactly(
                        "dry run for staging",
                        "promotion from staging to production: promoted",
                        "staging: merged",
                        "rollout to staging: deployed");
        DeliveredChange change = delivery.getChanges().get(0);
        assertThat(change.isImagesKnown()).isFalse();
        assertThat(change.getImages()).isEmpty();
        assertThat(change.getRewrites()).hasSize(1);
        assertThat(change.getChecks())
                .allSatisfy(check -> assertThat(check.getDuration()).isNull());
        assertThat(delivery.diff(delivery.getDryRuns().get(0))).isNull();
        assertThat(delivery.deliveredImages()).containsOnlyKeys("basket", "frontend");
    }

    @Test
    void saysWhatACommitDoesToEachImage() {
        DeliveredChange change = change(1)
                .with(
                        ImageSet.of(Map.of("gone", OLD, "same", OLD, "shop", OLD, "retagged", OLD)),
                        ImageSet.of(Map.of("new", NEW, "same", OLD, "shop", NEW, "retagged", image("shop", "2", 'a'))));

        assertThat(change.getImages())
                .extracting(DeliveredImage::getService)
                .containsExactly("gone", "new", "retagged", "shop");
        assertThat(change.getImages().get(0).isRemoved()).isTrue();
        assertThat(change.getImages().get(1).isAdded()).isTrue();
        assertThat(change.getImages().get(2).isSameDigest()).isTrue();
        DeliveredImage shop = change.getImages().get(3);
        assertThat(shop.shortTag(shop.getTagBefore())).isEqualTo("1");
        assertThat(shop.shortDigest(shop.getDigest())).isEqualTo("sha256:bbbbbbbbbbbb");
        assertThat(change.withStatus(status(Outcome.MERGED, CheckState.SUCCESS, 2), 2).getImages())
                .hasSize(4);
    }

    @Test
    void keepsOnlySoManyImages() {
        Map<String, ImageRef> many = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            many.put("s" + i, NEW);
        }

        DeliveredChange change = change(1).with(ImageSet.EMPTY, ImageSet.of(many));

        assertThat(change.getImages()).hasSize(200);
        assertThat(change.getImagesLeftOut()).isEqualTo(300);
    }

    @Test
    void knowsHowLongACheckTook() {
        DeliveredChange pending = change(1).withStatus(status(null, CheckState.PENDING, 1000), 1);

        DeliveredCheck done = pending.withStatus(status(null, CheckState.SUCCESS, 5000), 2)
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
        DeliveredChange pending = change(1).withStatus(status(null, CheckState.PENDING, 1000), 1);

        DeliveredChange rewritten = pending.withStatus(
                status(null, CheckState.PENDING, 7000, new ChangeStatus.Rewrite(SHA, "b", "main moved")), 2);

        assertThat(rewritten.getChecks().get(0).getBegan()).isEqualTo(7000);
    }

    @Test
    void keepsTheRewritesOfBeforeARestart() {
        DeliveredChange before = change(1)
                .withStatus(status(null, CheckState.PENDING, 1, new ChangeStatus.Rewrite(SHA, "b", "main moved")), 1);

        DeliveredChange after =
                before.withStatus(status(null, CheckState.PENDING, 1, new ChangeStatus.Rewrite("b", "c", "an eviction")), 2);

        assertThat(after.getRewrites()).extracting(DeliveredRewrite::getTo).containsExactly("b", "c");
        assertThat(after.withStatus(status(null, CheckState.PENDING, 1, new ChangeStatus.Rewrite("b", "c", "an eviction")), 3)
                        .getRewrites())
                .hasSize(2);
    }

    @Test
    void namesTheSetOfAPromotionAndARollback() {
        PromotionResult promoted = new PromotionResult(null, List.of(), List.of());

        assertThat(new DeliveredPromotion("cfg-app", "a", "b", "shop", DeliveredPromotion.WAITING, promoted, 1, 1)
                        .getHeadline())
                .isEqualTo("promotion of shop from a to b: waiting");
        assertThat(new DeliveredPromotion("cfg-app", "b", "b", null, DeliveredPromotion.PROMOTED, promoted, 1, 1)
                        .getTitle())
                .isEqualTo("rollback in b");
    }

    @Test
    void findsTheImagesInTheWaves() throws IOException {
        DeliveryAction delivery = recorded("shop", NEW);
        RepositoryState state = state(
                wave("staging", ImageSet.of(Map.of("shop", NEW)), rollout(TargetState.State.DEPLOYED)),
                wave(
                        "internal",
                        ImageSet.of(Map.of("shop", NEW)),
                        rollout(TargetState.State.DEPLOYED, TargetState.State.SYNCING)),
                wave("production", ImageSet.of(Map.of("shop", OLD)), rollout(TargetState.State.DEPLOYED)));

        ImageLocator places = new ImageLocator(delivery, ImageLocator.of(delivery, state), true);

        assertThat(places.getPlaces())
                .extracting(ImageLocation::getWave)
                .containsExactly("staging", "internal", "production");
        ImageLocator.Row row = places.getRows().get(0);
        assertThat(places.getPlaces()).extracting(place -> place.has(row)).containsExactly(true, true, false);
        assertThat(places.getPlaces().get(1).getWaiting()).isEqualTo("1 of 2 targets are deployed.");
        assertThat(places.getPlaces().get(2).tag(row)).isEqualTo("1");
        assertThat(places.getReached()).isEqualTo("staging");
        assertThat(places.getSummary()).isEqualTo("2");
    }

    @Test
    void takesAWaveWithoutTargetsAsRunningWhatMainHas() throws IOException {
        DeliveryAction delivery = recorded("shop", NEW);
        RepositoryState.Wave seen = wave("staging", ImageSet.of(Map.of("shop", NEW)), Rollout.ofMain(null, SHA, false));
        RepositoryState state = state(seen);

        ImageLocator places = new ImageLocator(delivery, ImageLocator.of(delivery, state), true);

        assertThat(places.getPlaces().get(0).isWithoutTargets()).isTrue();
        assertThat(places.getReached()).isEqualTo("staging");
    }

    @Test
    void leavesOtherSetsOut() throws IOException {
        DeliveryAction delivery = recorded("shop", NEW);
        RepositoryState state = state(
                wave("staging/shop", ImageSet.of(Map.of("shop", NEW)), rollout()),
                wave("staging/blog", ImageSet.of(Map.of("blog", NEW)), rollout()),
                wave("production/shop", ImageSet.EMPTY, rollout()));

        assertThat(ImageLocator.of(delivery, state))
                .extracting(ImageLocation::getWave)
                .containsExactly("staging/shop", "production/shop");
    }

    @Test
    void takesTheImagesOfAPromotionFromItsChange() throws IOException {
        DeliveryAction delivery = new DeliveryAction();
        delivery.record(change(1));

        delivery.record(ID, new Previews.ImageDiff(ImageSet.of(Map.of("gone", OLD)), ImageSet.of(Map.of("shop", NEW))));

        assertThat(delivery.deliveredImages()).containsExactly(Map.entry("shop", NEW));
    }

    @Test
    void measuresFromTheCommitToEachWave() throws IOException {
        DeliveryAction delivery = new DeliveryAction();
        delivery.record(change(10_000));
        delivery.seen("cfg-app", status(Outcome.MERGED, CheckState.SUCCESS, 1), 20_000);
        delivery.seen(deployed("staging", 30_000));
        delivery.seen(deployed("production", 70_000));
        LeadTimes times = new LeadTimes();
        times.add("#2", 2, delivery);
        DeliveryAction unchanged = new DeliveryAction();
        unchanged.record(new DeliveredChange("cfg-app", "staging", new SubmittedChange("", SHA, false, false, null), 10_000));
        unchanged.seen(deployed("staging", 30_000));
        times.add("#1", 1, unchanged);

        String json = times.toJson(Instant.ofEpochMilli(100_000), ZoneOffset.UTC);

        assertThat(times.getRows()).extracting(LeadTimes.Row::getName).containsExactly("#2");
        assertThat(json.replaceAll("\\s", ""))
                .contains("\"waves\":[\"staging\",\"production\"]")
                .contains("{\"name\":\"#2\",\"seconds\":{\"staging\":20,\"production\":60}}")
                .contains("{\"day\":\"1970-01-01\",\"deployments\":{\"production\":1,\"staging\":1}}")
                .contains("\"day\":\"1969-12-03\"")
                .doesNotContain("\"day\":\"1969-12-02\"");
    }

    private static DeliveredRollout deployed(String wave, long at) {
        return new DeliveredRollout(
                "cfg-app", wave, rollout(TargetState.State.DEPLOYED), DeliveredRollout.DEPLOYED, 1, at);
    }
}
