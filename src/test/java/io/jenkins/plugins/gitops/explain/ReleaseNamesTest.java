package io.jenkins.plugins.gitops.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.PastDeployment;
import io.jenkins.plugins.gitops.waves.RejectedImages;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReleaseNamesTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final WavePath STAGING = WavePath.of("staging");
    private static final WavePath PRODUCTION = WavePath.of("production");

    private final List<DecidedChange> history = new ArrayList<>();
    private final List<RepositoryState.QueuedChange> queue = new ArrayList<>();
    private final Map<String, RepositoryState.BroughtImages> brought = new HashMap<>();
    private final List<RepositoryState.WaveSnapshot> waves = new ArrayList<>();

    private static ImageSet images(int release) {
        return ImageSet.of(new TreeMap<>(Map.of(
                "shop",
                new ImageRef("docker.example.com/shop", sha(release), "sha256:" + "%064x".formatted(release)))));
    }

    private static String sha(int release) {
        return "%07x".formatted(0xabc0000 + release) + "0".repeat(33);
    }

    private static String config(int commit) {
        return "%07x".formatted(0xdef0000 + commit) + "0".repeat(33);
    }

    /** A build of a job that brought a release into staging. */
    private void build(String job, int number, int release, int commit) {
        merged(
                ChangeTrailers.builder("change-" + job + number + commit, ChangeOperation.ANNOUNCE, STAGING)
                        .order(Optional.of(new BuildSequence(job, number)))
                        .buildUrl("https://jenkins.example.com/job/" + job + "/" + number + "/")
                        .appSha(sha(release))
                        .services(new TreeSet<>(List.of("shop")))
                        .build(),
                release,
                commit);
    }

    private void merged(ChangeTrailers trailers, int release, int commit) {
        history.add(new DecidedChange(
                trailers.id(),
                config(commit),
                "chore: update",
                Optional.of(trailers),
                DecidedChange.End.of(Outcome.MERGED, "its required checks succeeded", Optional.of(config(commit))),
                "jenkins",
                NOON.plusSeconds(commit)));
        brought.put(
                config(commit),
                new RepositoryState.BroughtImages(
                        "", images(release).images(), images(release).identity()));
    }

    private void wave(WavePath path, int release, Optional<DeployedSet> deployed, List<PastDeployment> earlier) {
        waves.add(new RepositoryState.WaveSnapshot(
                path,
                List.of(),
                images(release),
                new WaveState(deployed, false, Optional.empty(), List.of()).withEarlier(earlier),
                RepositoryState.WaveWarnings.NONE,
                Optional.empty()));
    }

    private ReleaseNames names() {
        history.sort(Comparator.comparing(DecidedChange::at).reversed());
        return ReleaseNames.of(new RepositoryState(
                new RepositoryState.Head("cfg-app", "main", config(99), NOON),
                queue,
                waves,
                RejectedImages.NONE,
                new RepositoryState.Past(history, brought, List.of()),
                List.of()));
    }

    private String nameOf(int release) {
        return names().find(images(release).identity()).orElseThrow().name();
    }

    @Test
    void aReleaseIsNamedByTheBuildThatMadeItFirstInAllWaves() {
        build("app", 5, 1, 1);
        ChangeTrailers promotion = ChangeTrailers.builder("promotion-1", ChangeOperation.PROMOTE, PRODUCTION)
                .sourceWave("staging")
                .sourceSha(config(1))
                .buildUrl("https://jenkins.example.com/job/promote/77/")
                .build();
        merged(promotion, 1, 2);
        build("app", 6, 1, 3);

        assertThat(nameOf(1)).isEqualTo("#5");
        assertThat(names().of(promotion)).map(ReleaseNames.Release::name).contains("#5");
        assertThat(names().find(images(1).identity()).orElseThrow().build())
                .contains("https://jenkins.example.com/job/app/5/");
    }

    @Test
    void buildsOfSeveralJobsAreToldApart() {
        build("app", 5, 1, 1);
        build("shop", 5, 2, 2);

        assertThat(nameOf(1)).isEqualTo("app #5");
        assertThat(nameOf(2)).isEqualTo("shop #5");
        assertThatThrownBy(() -> names().commitOf(STAGING, "#5"))
                .hasMessage("\"#5\" names several releases of staging: app #5, shop #5; give more digits.");
        assertThat(names().commitOf(STAGING, "shop #5")).contains(config(2));
    }

    @Test
    void aQueuedBuildOfAnotherJobIsToldApartFromWhatAWaveHas() {
        build("app", 1, 1, 1);
        ChangeTrailers other = ChangeTrailers.builder("app-2", ChangeOperation.ANNOUNCE, STAGING)
                .buildUrl("https://jenkins.example.com/job/folder/job/shop/1/")
                .build();
        queue.add(new RepositoryState.QueuedChange(
                new ChangeStatus(
                        other.id(),
                        config(2),
                        "chore: update",
                        "Waiting for ci.",
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        NOON),
                Optional.of(other),
                Verdict.Color.UNDECIDED));

        assertThat(nameOf(1)).isEqualTo("app #1");
        assertThat(names().of(other)).map(ReleaseNames.Release::name).contains("shop #1");
    }

    @Test
    void aReleaseThatNoBuildMadeIsNamedByItsApplicationCommitOrItsSet() {
        merged(
                ChangeTrailers.builder("announced-1", ChangeOperation.ANNOUNCE, STAGING)
                        .appSha(sha(1))
                        .build(),
                1,
                1);
        wave(STAGING, 2, Optional.empty(), List.of());
        wave(PRODUCTION, 2, Optional.of(new DeployedSet("0123456789", config(3), NOON)), List.of());

        assertThat(nameOf(1)).isEqualTo(sha(1).substring(0, 7));
        assertThat(nameOf(2)).isEqualTo(sha(2).substring(0, 7));
        assertThat(names().find("0123456789").orElseThrow().name()).isEqualTo("set 012345");
    }

    @Test
    void aReleaseIsFoundByItsBuildAndByTheFirstDigitsOfItsCommits() {
        build("app", 5, 1, 1);
        build("app", 6, 2, 2);
        DeployedSet now = new DeployedSet(images(2).identity(), config(2), NOON);
        DeployedSet before = new DeployedSet(images(3).identity(), config(7), NOON.minusSeconds(60));
        wave(STAGING, 2, Optional.of(now), List.of(new PastDeployment(before, NOON)));

        assertThat(names().commitOf(STAGING, "#5")).contains(config(1));
        assertThat(names().commitOf(STAGING, sha(1).substring(0, 7))).contains(config(1));
        assertThat(names().commitOf(STAGING, config(7).substring(0, 7))).contains(config(7));
        assertThat(names().commitOf(PRODUCTION, "#5")).isEmpty();
        assertThat(names().commitOf(STAGING, "abc")).as("too few digits").isEmpty();
        assertThatThrownBy(() -> names().commitOf(STAGING, "abc0")).hasMessageContaining("names several releases");
    }
}
