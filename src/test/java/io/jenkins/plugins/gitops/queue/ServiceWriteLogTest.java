package io.jenkins.plugins.gitops.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which of two builds of one job is the later one. */
class ServiceWriteLogTest {

    private static final WavePath STAGING = WavePath.of("staging");
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final ServiceWriteLog log = new ServiceWriteLog();

    private static ChangeTrailers change(ChangeOperation operation, String order, String... services) {
        return ChangeTrailers.builder("change0001", operation, STAGING)
                .services(new TreeSet<>(List.of(services)))
                .order(BuildSequence.of(order))
                .build();
    }

    private static ChangeTrailers promotion(String id, String sourceSha) {
        return ChangeTrailers.builder(id, ChangeOperation.PROMOTE, WavePath.of("internal"))
                .sourceWave("staging")
                .sourceSha(sourceSha)
                .build();
    }

    private boolean hasLater(WavePath path, String order, String service) {
        return log.hasLater(path, BuildSequence.of(order).orElseThrow(), service, Instant.EPOCH);
    }

    @Test
    void theHigherNumberOfAJobIsTheLaterBuild() {
        log.add(change(ChangeOperation.ANNOUNCE, "app#5", "shop"), NOON);

        assertThat(hasLater(STAGING, "app#4", "shop")).isTrue();
        assertThat(hasLater(STAGING, "app#5", "shop"))
                .as("a build is not later than itself")
                .isFalse();
        assertThat(hasLater(STAGING, "app#6", "shop")).isFalse();
    }

    @Test
    void theHighestNumberCountsInWhateverOrderTheyWrote() {
        log.add(change(ChangeOperation.ANNOUNCE, "app#9", "shop"), NOON);
        log.add(change(ChangeOperation.ANNOUNCE, "app#2", "shop"), NOON.plusSeconds(1));

        assertThat(hasLater(STAGING, "app#5", "shop")).isTrue();
    }

    @Test
    void anotherJobServiceWaveOrSetIsNotTheSame() {
        log.add(change(ChangeOperation.ANNOUNCE, "app#5", "shop"), NOON);

        assertThat(hasLater(STAGING, "other#1", "shop")).isFalse();
        assertThat(hasLater(STAGING, "app#1", "cart")).isFalse();
        assertThat(hasLater(WavePath.of("internal"), "app#1", "shop")).isFalse();
        assertThat(hasLater(WavePath.of("staging", "shop"), "app#1", "shop")).isFalse();
    }

    @Test
    void aWriteFromBeforeTheBuildBeganIsNotLater() {
        log.add(change(ChangeOperation.ANNOUNCE, "app#5", "shop"), NOON);
        BuildSequence first = new BuildSequence("app", 1);

        assertThat(log.hasLater(STAGING, first, "shop", NOON)).isTrue();
        assertThat(log.hasLater(STAGING, first, "shop", NOON.plusSeconds(1)))
                .as("numbers began anew after that write")
                .isFalse();
    }

    @Test
    void aChangeOfTheWholeSetWritesEveryService() {
        log.add(change(ChangeOperation.REPLACE, "app#5", "shop"), NOON);
        BuildSequence first = new BuildSequence("app", 1);

        assertThat(hasLater(STAGING, "app#1", "cart")).isTrue();
        assertThat(log.hasLaterWhole(STAGING, first, Instant.EPOCH)).isTrue();
    }

    @Test
    void aChangeOfSomeServicesIsNoWriteOfTheWholeSet() {
        log.add(change(ChangeOperation.ANNOUNCE, "app#5", "shop"), NOON);

        assertThat(log.hasLaterWhole(STAGING, new BuildSequence("app", 1), Instant.EPOCH))
                .isFalse();
    }

    @Test
    void aChangeWithoutAnOrderIsNeverLater() {
        log.add(
                ChangeTrailers.builder("change0001", ChangeOperation.ANNOUNCE, STAGING)
                        .services(new TreeSet<>(List.of("shop")))
                        .build(),
                NOON);

        assertThat(hasLater(STAGING, "app#1", "shop")).isFalse();
    }

    @Test
    void anOverlayHasTheWritesBelowItAndAddsNoneToThem() {
        log.add(change(ChangeOperation.ANNOUNCE, "app#5", "shop"), NOON);
        ServiceWriteLog overlay = log.overlay();
        overlay.add(change(ChangeOperation.ANNOUNCE, "app#5", "cart"), NOON);
        BuildSequence first = new BuildSequence("app", 1);

        assertThat(overlay.hasLater(STAGING, first, "shop", Instant.EPOCH)).isTrue();
        assertThat(overlay.hasLater(STAGING, first, "cart", Instant.EPOCH)).isTrue();
        assertThat(hasLater(STAGING, "app#1", "cart")).isFalse();
    }

    @Test
    void theLastPromotionIntoAWaveIsTheOneThatWasAddedLast() {
        WavePath internal = WavePath.of("internal");
        assertThat(log.lastPromotion(internal)).isEmpty();
        log.add(promotion("change0001", "a".repeat(40)), NOON);
        ServiceWriteLog overlay = log.overlay();
        overlay.add(promotion("change0002", "b".repeat(40)), NOON.plusSeconds(1));

        assertThat(overlay.lastPromotion(internal))
                .contains(new ServiceWriteLog.Promotion("staging", "b".repeat(40), "change0002", NOON.plusSeconds(1)));
        assertThat(log.lastPromotion(internal))
                .map(ServiceWriteLog.Promotion::change)
                .contains("change0001");
    }

    @Test
    void aRollbackIsNoPromotion() {
        log.add(
                ChangeTrailers.builder("change0001", ChangeOperation.ROLLBACK, STAGING)
                        .sourceSha("a".repeat(40))
                        .build(),
                NOON);

        assertThat(log.lastPromotion(STAGING)).isEmpty();
    }

    @Test
    void ofManyServicesThatAreDeliveredInTurnNoneIsUnmentioned() {
        Set<String> services =
                IntStream.range(0, 300).mapToObj(i -> "service-" + i).collect(Collectors.toSet());
        for (int round = 0; round < 4; round++) {
            for (String service : services) {
                log.add(change(ChangeOperation.ANNOUNCE, "app#1", service), NOON);
            }
        }
        log.add(change(ChangeOperation.PROMOTE, "app#1", "service-1"), NOON);
        AppCommitLog deliveries = log.deliveries();

        assertThat(deliveries.unmentioned(STAGING, services, 1200)).isEmpty();
        assertThat(deliveries.unmentioned(STAGING, services, 299)).hasSize(1);
        services.add("retired");
        assertThat(deliveries.unmentioned(STAGING, services, 1200)).containsExactly("retired");
        assertThat(deliveries.unmentioned(STAGING, services, 1201))
                .as("there were not so many")
                .isEmpty();
    }

    @Test
    void aLowerNumberThatWroteLaterIsKeptBesideAHigherOne() {
        log.add(change(ChangeOperation.ANNOUNCE, "app#9", "shop"), NOON);
        log.add(change(ChangeOperation.ANNOUNCE, "app#2", "shop"), NOON.plusSeconds(1));

        assertThat(log.hasLater(STAGING, new BuildSequence("app", 1), "shop", NOON.plusSeconds(1)))
                .as("numbers began anew between the two")
                .isTrue();
    }
}
