package io.jenkins.plugins.gitops.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.DeliveryStop;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.PastDeployment;
import io.jenkins.plugins.gitops.waves.RejectedImages;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class StateWaveStopsTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final String SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";

    private static ImageSet images(int release) {
        return ImageSet.of(new TreeMap<>(Map.of(
                "shop",
                new ImageRef("docker.example.com/shop", "v" + release, "sha256:" + "%064x".formatted(release)))));
    }

    private static DeployedSet deployed(int release, Instant since) {
        return new DeployedSet(images(release).identity(), SHA, since);
    }

    private static RepositoryState.WaveSnapshot wave(
            String name, int onMain, Optional<DeployedSet> deployed, List<PastDeployment> earlier) {
        return new RepositoryState.WaveSnapshot(
                WavePath.of(name),
                List.of(),
                images(onMain),
                new WaveState(deployed, false, Optional.empty(), List.of()).withEarlier(earlier),
                RepositoryState.WaveWarnings.NONE,
                Optional.empty());
    }

    @Test
    void saysWhenEachWaveCameToRunItAndWhenItLeftLongAfterTheBuildHasEnded() throws Exception {
        DeliveryAction delivery = new DeliveryAction();
        delivery.record(ChangeEntry.submitted(
                "cfg-app",
                WavePath.of("staging"),
                new SubmittedChange(SubmittedChange.State.COMMITTED, "change-0001", SHA),
                NOON.toEpochMilli()));
        var decided = new DecidedChange(
                "change-0001",
                SHA,
                "chore: update",
                Optional.empty(),
                DecidedChange.End.of(Outcome.MERGED, "green", Optional.of(SHA)),
                "jenkins",
                NOON);
        var state = new RepositoryState(
                new RepositoryState.Head("cfg-app", "main", SHA, NOON),
                List.of(),
                List.of(
                        wave(
                                "staging",
                                2,
                                Optional.of(deployed(2, NOON.plusSeconds(600))),
                                List.of(new PastDeployment(deployed(1, NOON.plusSeconds(60)), NOON.plusSeconds(600)))),
                        wave("internal", 1, Optional.of(deployed(1, NOON.plusSeconds(300))), List.of()),
                        wave("beta", 1, Optional.empty(), List.of()),
                        wave("production", 3, Optional.of(deployed(3, NOON)), List.of())),
                RejectedImages.NONE,
                new RepositoryState.Past(
                        List.of(decided),
                        Map.of(
                                SHA,
                                new RepositoryState.BroughtImages(
                                        "", images(1).images(), images(1).identity())),
                        List.of()),
                List.of());

        List<DeliveryStop> stops = StateWaveStops.of(delivery, state, "https://jenkins.example.com/");

        assertThat(stops)
                .extracting(DeliveryStop::getName)
                .containsExactly("staging", "internal", "beta", "production");
        assertThat(stops)
                .extracting(DeliveryStop::getState)
                .containsExactly("superseded", "deployed", "waiting", "not there yet");
        assertThat(stops.get(0).getArrived()).isEqualTo(Date.from(NOON.plusSeconds(60)));
        assertThat(stops.get(0).getLeft()).isEqualTo(Date.from(NOON.plusSeconds(600)));
        assertThat(stops.get(1).getArrived()).isEqualTo(Date.from(NOON.plusSeconds(300)));
        assertThat(stops.get(1).getLeft()).isNull();
        assertThat(stops.get(1).getLink()).isEqualTo("https://jenkins.example.com/waves/cfg-app/");
        assertThat(StateWaveStops.of(new DeliveryAction(), state, null))
                .as("a build that delivered nothing there")
                .isEmpty();
    }

    private static DecidedChange merged(String id, String sha, String wave, Instant at) {
        return new DecidedChange(
                id,
                sha,
                "chore: update",
                Optional.of(ChangeTrailers.builder(id, ChangeOperation.ANNOUNCE, WavePath.of(wave))
                        .services(new TreeSet<>(Set.of("shop")))
                        .reason("new images published")
                        .build()),
                DecidedChange.End.of(Outcome.MERGED, "green", Optional.of(sha)),
                "jenkins",
                at);
    }

    @Test
    void aWaveWithoutTargetsHasWhatMainHas() throws Exception {
        DeliveryAction delivery = new DeliveryAction();
        for (int change = 1; change <= 2; change++) {
            delivery.record(ChangeEntry.submitted(
                    "cfg-app",
                    WavePath.of("staging"),
                    new SubmittedChange(SubmittedChange.State.COMMITTED, "change-000" + change, SHA),
                    NOON.toEpochMilli()));
        }
        String later = "8".repeat(40);
        String other = "9".repeat(40);
        var live = new RepositoryState.LiveState(Rollout.ofMain(Optional.empty(), SHA, false), Optional.empty());
        var state = new RepositoryState(
                new RepositoryState.Head("cfg-app", "main", SHA, NOON),
                List.of(),
                List.of(
                        wave("staging", 2, Optional.empty(), List.of()).with(live),
                        wave("production", 1, Optional.empty(), List.of()).with(live)),
                RejectedImages.NONE,
                new RepositoryState.Past(
                        List.of(
                                merged("change-0003", later, "staging", NOON.plusSeconds(900)),
                                merged("change-0001", SHA, "staging", NOON.plusSeconds(60)),
                                merged("change-0004", other, "production", NOON.plusSeconds(30))),
                        Map.of(
                                SHA,
                                new RepositoryState.BroughtImages(
                                        "", images(1).images(), images(1).identity()),
                                later,
                                new RepositoryState.BroughtImages(
                                        "", images(2).images(), images(2).identity()),
                                other,
                                new RepositoryState.BroughtImages(
                                        "", images(1).images(), images(1).identity())),
                        List.of()),
                List.of());

        List<DeliveryStop> stops = StateWaveStops.of(delivery, state, null);

        assertThat(stops).extracting(DeliveryStop::getState).containsExactly("superseded", "deployed");
        assertThat(stops.get(0).getArrived()).isEqualTo(Date.from(NOON.plusSeconds(60)));
        assertThat(stops.get(0).getLeft()).isEqualTo(Date.from(NOON.plusSeconds(900)));
        assertThat(stops.get(1).getArrived()).isEqualTo(Date.from(NOON.plusSeconds(30)));
        assertThat(stops.get(1).getLeft()).isNull();
    }
}
