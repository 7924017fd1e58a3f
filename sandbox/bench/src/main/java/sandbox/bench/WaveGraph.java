package sandbox.bench;

import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.flux.FluxSelection;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.ImageSetLayout;
import io.jenkins.plugins.gitops.waves.ApprovalRule;
import io.jenkins.plugins.gitops.waves.FanIn;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.PromotionWindow;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A config repository with a graph of waves. Each wave promotes from the two before it, from both or from either, with
 * every gate: soak, windows, verifications, approvals. Each wave has its own image set.
 *
 * @param waves the number of waves
 * @param services the number of services in each set
 */
record WaveGraph(int waves, int services) {

    static final String SERVER = "main";

    static String wave(int number) {
        return "wave-%02d".formatted(number);
    }

    /** The name of the application of a wave. */
    static String target(int wave, int number) {
        return wave(wave) + "-%03d".formatted(number);
    }

    /** Creates the bare repository with one commit on main; returns its folder. */
    Path create(Path folder) throws IOException {
        Path bare = GitCli.createBare(folder.resolve("cfg-app.git"), "main");
        Path work = folder.resolve("work");
        GitCli.run(folder, "clone", "-q", bare.toString(), work.toString());
        for (int wave = 0; wave < waves; wave++) {
            Path images = Files.createDirectories(work.resolve("images").resolve(wave(wave)));
            for (var file : ImageSetLayout.write(set(wave), BenchImages.LAYOUT).entrySet()) {
                Files.write(images.resolve(file.getKey()), file.getValue());
            }
        }
        GitCli.run(work, "add", "-A");
        GitCli.run(work, "commit", "-q", "-m", "Begin");
        GitCli.run(work, "push", "-q", "origin", "HEAD:refs/heads/main");
        return bare;
    }

    /** The image set of a wave; its version is one lower than that of the wave before. */
    private ImageSet set(int wave) {
        var images = new TreeMap<String, ImageRef>();
        for (int service = 0; service < services; service++) {
            images.put(
                    "service-%03d".formatted(service),
                    new ImageRef(
                            "docker.example.com/shop/service-%03d".formatted(service),
                            "%040x".formatted(waves - wave),
                            "sha256:%032x%032x".formatted(service, waves - wave)));
        }
        return ImageSet.of(images);
    }

    /** The settings of the repository, whose waves are deployed by Argo CD. */
    RepositorySettings settings(Path repository) {
        return settings(
                repository, (wave, name) -> wave.targets(new TargetSelection(SERVER, List.of(name + "-*"), "")));
    }

    /** The settings of the repository, whose waves are deployed by Flux. */
    RepositorySettings fluxSettings(Path repository) {
        return settings(
                repository,
                (wave, name) ->
                        wave.fluxTargets(new FluxSelection(SERVER, List.of(name + "-*"), List.of(), Optional.empty())));
    }

    private RepositorySettings settings(Path repository, BiConsumer<Wave.Builder, String> targets) {
        var waves = new ArrayList<Wave>();
        for (int wave = 0; wave < this.waves; wave++) {
            Wave.Builder next = Wave.named(wave(wave))
                    .promotesFrom(before(wave))
                    .fanIn(wave % 2 == 0 ? FanIn.ALL : FanIn.ANY)
                    .gates(gates(wave > 0));
            targets.accept(next, wave(wave));
            waves.add(next.build());
        }
        return BenchRepositories.settings(repository.toUri().toString(), waves);
    }

    private static List<String> before(int wave) {
        return switch (wave) {
            case 0 -> List.of();
            case 1 -> List.of(wave(0));
            default -> List.of(wave(wave - 1), wave(wave - 2));
        };
    }

    private static Gates gates(boolean promoted) {
        var smoke = new VerificationRule(
                "smoke", Optional.of("acme/smoke"), Duration.ofMinutes(30), 1, VerificationRule.OnFailure.ROLLBACK);
        var load = new VerificationRule(
                "load", Optional.empty(), Duration.ofMinutes(30), 0, VerificationRule.OnFailure.HOLD);
        Gates.Builder gates = Gates.builder().verifications(List.of(smoke, load));
        return promoted ? promoted(gates) : gates.build();
    }

    private static Gates promoted(Gates.Builder gates) {
        var window = new PromotionWindow("0 9 * * 1-4", Duration.ofHours(7), ZoneId.of("Europe/Berlin"));
        return gates.approvals(new ApprovalRule(2, List.of("release-managers"), true))
                .soak(Duration.ofHours(2))
                .freeze(true)
                .require(RolloutRequirement.parse("80%"))
                .windows(List.of(window))
                .starvedAfter(Duration.ofDays(3))
                .build();
    }
}
