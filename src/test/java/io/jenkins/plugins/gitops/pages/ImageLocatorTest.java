package io.jenkins.plugins.gitops.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.RecordedImage;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.RejectedImages;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImageLocatorTest {

    private static final String SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";
    private static final ImageRef OLD = image("shop", "1", 'a');
    private static final ImageRef NEW = image("shop", "2", 'b');

    private static ImageRef image(String repository, String tag, char digit) {
        return new ImageRef(
                "docker.example.com/" + repository,
                tag,
                "sha256:" + String.valueOf(digit).repeat(64));
    }

    private static RepositoryState.WaveSnapshot wave(String name, ImageSet images, Rollout rollout) {
        return new RepositoryState.WaveSnapshot(
                WavePath.parse(name),
                List.of(),
                images,
                new WaveState(
                        Optional.of(new DeployedSet(images.identity(), SHA, Instant.EPOCH)),
                        false,
                        Optional.empty(),
                        List.of()),
                RepositoryState.WaveWarnings.NONE,
                Optional.of(new RepositoryState.LiveState(rollout, Optional.empty())));
    }

    private static RepositoryState state(RepositoryState.WaveSnapshot... waves) {
        return new RepositoryState(
                new RepositoryState.Head("cfg-app", "main", SHA, Instant.EPOCH),
                List.of(),
                List.of(waves),
                new RejectedImages(Map.of()),
                RepositoryState.Past.NONE,
                List.of());
    }

    private static Rollout rollout(TargetState.State... states) {
        List<TargetState> targets = IntStream.range(0, states.length)
                .mapToObj(i -> new TargetState(
                        new ApplicationId("argocd", "t" + i),
                        "main",
                        states[i],
                        TargetState.ReportedStatus.of("Synced", "Healthy", SHA),
                        "so it is."))
                .toList();
        return new Rollout(Optional.empty(), targets, Optional.of(SHA), false);
    }

    private static DeliveryAction recorded(String service, ImageRef image) throws IOException {
        DeliveryAction delivery = new DeliveryAction();
        delivery.record(List.of(new RecordedImage(service, image, true, null, "")));
        return delivery;
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

        ImageLocator locator = new ImageLocator(delivery, ImageLocator.of(delivery, state), true);

        assertThat(locator.getLocations())
                .extracting(ImageLocation::getWave)
                .containsExactly("staging", "internal", "production");
        ImageLocator.LocatedImage image = locator.getImages().get(0);
        assertThat(locator.getLocations())
                .extracting(location -> location.contains(image))
                .containsExactly(true, true, false);
        assertThat(locator.getLocations().get(1).getWaiting()).isEqualTo("1 of 2 targets are deployed.");
        assertThat(locator.getLocations().get(2).tagOf(image)).isEqualTo("1");
        assertThat(locator.getDeployedWaves()).isEqualTo("staging");
        assertThat(locator.getSummary()).isEqualTo("2");
    }

    @Test
    void takesAWaveWithoutTargetsAsRunningWhatMainHas() throws IOException {
        DeliveryAction delivery = recorded("shop", NEW);
        RepositoryState.WaveSnapshot seen =
                wave("staging", ImageSet.of(Map.of("shop", NEW)), Rollout.ofMain(Optional.empty(), SHA, false));
        RepositoryState state = state(seen);

        ImageLocator locator = new ImageLocator(delivery, ImageLocator.of(delivery, state), true);

        assertThat(locator.getLocations().get(0).isWithoutTargets()).isTrue();
        assertThat(locator.getDeployedWaves()).isEqualTo("staging");
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
}
