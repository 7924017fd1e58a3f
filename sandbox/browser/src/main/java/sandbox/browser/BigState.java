package sandbox.browser;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.RejectedImages;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A repository state of a given size for the page: deterministic, with every kind of entry.
 *
 * @param targets the number of targets of all waves together
 * @param queued the number of queued changes
 * @param ended the number of changes that have ended
 */
public record BigState(int services, int waves, int targets, int queued, int ended) {

    /** The time of the state. */
    public static final Instant NOW = Instant.parse("2026-11-25T09:00:00Z");

    private static final String NAME = "cfg-app";

    /** Creates the state; it is the same in every run. */
    public RepositoryState make() {
        var made = new ArrayList<RepositoryState.WaveSnapshot>();
        for (int wave = 0; wave < waves; wave++) {
            made.add(wave(wave));
        }
        var auto = new ArrayList<RepositoryState.QueuedChange>();
        for (int change = 0; change < queued; change++) {
            auto.add(queuedChange(change));
        }
        var history = new ArrayList<DecidedChange>();
        var brought = new HashMap<String, RepositoryState.BroughtImages>();
        for (int change = 0; change < ended; change++) {
            DecidedChange decided = decided(change);
            history.add(decided);
            brought.put(decided.sha(), brought(change));
        }
        return new RepositoryState(
                new RepositoryState.Head(NAME, "main", sha(1), NOW),
                auto,
                made,
                new RejectedImages(
                        Map.of("sha256:" + hex(99, 64), new RejectedImages.Rejection("leaks", "ann", NOW.toString()))),
                new RepositoryState.Past(history, brought, List.of()),
                List.of());
    }

    /** The name of a service, by its number. */
    public static String service(int service) {
        return String.format("service%03d", service);
    }

    /** The name of a wave, by its number. */
    public static String waveName(int wave) {
        return "wave" + wave;
    }

    /** An image of a service, by its version. */
    public static ImageRef image(int service, int version) {
        long seed = service * 1000L + version;
        return new ImageRef(
                "docker.example.com/acme/" + service(service), hex(seed, 40), "sha256:" + hex(seed * 31 + 7, 64));
    }

    /**
     * The version of a service in a wave. In all waves but the first, services whose number is divisible by that of the
     * wave plus two are one version behind.
     */
    private int version(int service, int wave) {
        return wave > 0 && service % (wave + 2) == 0 ? 1 : 2;
    }

    private RepositoryState.WaveSnapshot wave(int wave) {
        var images = new TreeMap<String, ImageRef>();
        for (int service = 0; service < services; service++) {
            images.put(service(service), image(service, version(service, wave)));
        }
        ImageSet set = ImageSet.of(images);
        return new RepositoryState.WaveSnapshot(
                WavePath.of(waveName(wave)),
                wave == 0 ? List.of() : List.of(waveName(wave - 1)),
                set,
                new WaveState(
                        Optional.of(new DeployedSet(set.identity(), sha(1), NOW.minus(Duration.ofHours(wave)))),
                        false,
                        Optional.empty(),
                        List.of()),
                RepositoryState.WaveWarnings.NONE,
                Optional.of(new RepositoryState.LiveState(
                        rollout(wave), wave == 0 ? Optional.empty() : Optional.of(next(wave)))));
    }

    private Rollout rollout(int wave) {
        var states = new ArrayList<TargetState>();
        for (int target = wave; target < targets; target += waves) {
            boolean well = target % 50 != 0;
            states.add(new TargetState(
                    new ApplicationId("argocd", waveName(wave) + "-target-" + target),
                    "main",
                    well ? TargetState.State.DEPLOYED : TargetState.State.DEGRADED,
                    TargetState.ReportedStatus.of("Synced", well ? "Healthy" : "Degraded", sha(1)),
                    well ? "It runs what it should." : "Argo CD says: back-off restarting failed container."));
        }
        return new Rollout(Optional.empty(), states, Optional.of(sha(1)), false);
    }

    private RepositoryState.NextPromotion next(int wave) {
        var images = new TreeMap<String, ImageRef>();
        for (int service = 0; service < services; service++) {
            if (version(service, wave) != version(service, wave - 1)) {
                images.put(service(service), image(service, version(service, wave - 1)));
            }
        }
        return new RepositoryState.NextPromotion(
                waveName(wave - 1),
                List.of(waveName(wave - 1)),
                sha(1),
                hex(wave, 64),
                List.copyOf(images.keySet()),
                images,
                List.of(
                        new PromotionCondition(
                                PromotionCondition.DEPLOYED, true, "all", waveName(wave - 1) + " runs it everywhere."),
                        new PromotionCondition(
                                PromotionCondition.SOAK,
                                wave % 2 == 0,
                                "2h",
                                "it has run for one hour.",
                                NOW.plusSeconds(3600)),
                        new PromotionCondition(PromotionCondition.HOLD, true, "nobody", "nobody holds it.")));
    }

    private ChangeTrailers trailers(String id, int change) {
        return ChangeTrailers.builder(
                        id,
                        change % 5 == 0 ? ChangeOperation.PROMOTE : ChangeOperation.ANNOUNCE,
                        WavePath.of(waveName(change % waves)))
                .services(new TreeSet<>(List.of(service(change % services), service((change + 1) % services))))
                .appSha(sha(10_000 + change))
                .reason("new images published")
                .buildUrl("https://jenkins.example.com/job/app/" + change + "/")
                .build();
    }

    private RepositoryState.QueuedChange queuedChange(int change) {
        String id = "queued-" + hex(change, 8);
        return new RepositoryState.QueuedChange(
                ChangeStatus.of(
                                id,
                                sha(20_000 + change),
                                "chore: update app to " + sha(10_000 + change).substring(0, 10),
                                "Waiting for ci/generated.",
                                NOW)
                        .withChecks(List.of(check(CheckState.PENDING), check(CheckState.SUCCESS))),
                Optional.of(trailers(id, change)),
                Verdict.Color.UNDECIDED);
    }

    private static CheckStatus check(CheckState state) {
        return new CheckStatus(
                state == CheckState.PENDING ? "ci/generated" : "schema",
                state,
                Optional.of("https://ci.example.com/1"),
                Optional.empty(),
                NOW,
                1);
    }

    private DecidedChange decided(int change) {
        String id = "ended-" + hex(change, 8);
        boolean evicted = change % 10 == 3;
        return new DecidedChange(
                id,
                sha(30_000 + change),
                "chore: update app to " + sha(50_000 + change).substring(0, 10),
                Optional.of(trailers(id, change)),
                new DecidedChange.End(
                        evicted ? Outcome.EVICTED : Outcome.MERGED,
                        evicted ? Optional.of(DecidedChange.RED) : Optional.empty(),
                        evicted ? "ci/generated failed" : "its required checks succeeded",
                        evicted ? Optional.empty() : Optional.of(sha(30_000 + change)),
                        evicted ? List.of(check(CheckState.FAILURE)) : List.of()),
                "https://jenkins.example.com/",
                NOW.minus(Duration.ofMinutes(20L * change)));
    }

    private RepositoryState.BroughtImages brought(int change) {
        var images = new TreeMap<String, ImageRef>();
        images.put(service(change % services), image(change % services, 100 + change));
        return new RepositoryState.BroughtImages("", images, hex(60_000 + change, 64));
    }

    private static String sha(int seed) {
        return hex(seed, 40);
    }

    /** Hexadecimal pseudo-random digits from a seed, in place of a hash. */
    private static String hex(long seed, int length) {
        var digits = new StringBuilder();
        long next = seed;
        while (digits.length() < length) {
            next = next * 6364136223846793005L + 1442695040888963407L;
            digits.append(String.format("%016x", next));
        }
        return digits.substring(0, length);
    }
}
