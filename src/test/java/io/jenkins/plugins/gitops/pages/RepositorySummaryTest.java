package io.jenkins.plugins.gitops.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.RejectedImages;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RepositorySummaryTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final String SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";
    private static final ImageSet IMAGES = ImageSet.of(new TreeMap<>(
            Map.of("shop", new ImageRef("docker.example.com/shop", "v1", "sha256:" + "%064x".formatted(1)))));

    private static RepositoryState.WaveSnapshot wave(
            String name, ImageSet images, boolean held, TargetState.State... targets) {
        var rollout = new Rollout(
                Optional.empty(),
                List.of(targets).stream()
                        .map(state -> new TargetState(
                                new ApplicationId("argocd", name),
                                "main",
                                state,
                                TargetState.ReportedStatus.of("Synced", "Healthy", SHA),
                                "so it is."))
                        .toList(),
                Optional.of(SHA),
                false);
        return new RepositoryState.WaveSnapshot(
                WavePath.of(name),
                List.of(),
                images,
                new WaveState(
                        Optional.empty(),
                        false,
                        held ? Optional.of(new Hold("ann", "closed", NOON, Optional.empty())) : Optional.empty(),
                        List.of()),
                RepositoryState.WaveWarnings.NONE,
                Optional.of(new RepositoryState.LiveState(rollout, Optional.empty())));
    }

    @Test
    void tellsTheHealthOfEachWaveAndTheOldestWait() {
        var queued = new RepositoryState.QueuedChange(
                ChangeStatus.of("change-0001", SHA, "chore: update", "Waiting for ci.", NOON),
                Optional.empty(),
                Verdict.Color.UNDECIDED);
        var state = new RepositoryState(
                new RepositoryState.Head("cfg-app", "main", SHA, NOON),
                List.of(queued),
                List.of(
                        wave("staging", IMAGES, false, TargetState.State.DEPLOYED, TargetState.State.DEGRADED),
                        wave("beta", IMAGES, false, TargetState.State.SYNCING),
                        wave("internal", IMAGES, false, TargetState.State.DEPLOYED),
                        wave("production", IMAGES, true, TargetState.State.DEPLOYED),
                        wave("later", ImageSet.EMPTY, false)),
                RejectedImages.NONE,
                RepositoryState.Past.NONE,
                List.of());

        RepositorySummary summary =
                RepositorySummary.of(state, Optional.of("It is down."), NOON.plus(Duration.ofMinutes(18)));

        assertThat(summary.getWaves())
                .extracting(WaveHealth::getWave, WaveHealth::getState)
                .containsExactly(
                        tuple("staging", "unwell"),
                        tuple("beta", "rolling out"),
                        tuple("internal", "well"),
                        tuple("production", "held"),
                        tuple("later", "empty"));
        assertThat(summary.getWaves().get(0).getRelease()).isEqualTo("v1");
        assertThat(summary.getQueued()).isEqualTo(1);
        assertThat(summary.oldestWait()).contains(Duration.ofMinutes(18));
        assertThat(summary.getTrouble()).isEqualTo("It is down.");
    }
}
