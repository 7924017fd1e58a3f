package sandbox.browser;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.changes.StateEvent;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.ci.CommitRange;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.common.HexDigest;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.PastDeployment;
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
 * States of a small shop for the page, told relative to a time: what a team sees on a good and on a bad day, and on the
 * first one.
 */
public final class SmallStates {

    private static final List<String> SERVICES = List.of("basket", "orders", "search", "shop");
    private static final int RELEASES = 7;
    private static final List<String> AUTHORS = List.of("Maria Keller", "Jonas Weber", "Aiko Tanaka", "Sam Okafor");
    private static final List<String> SUBJECTS = List.of(
            "Show the delivery date in the basket",
            "Retry the payment once when the provider is slow",
            "Sort the results of a search by relevance",
            "Round the discount of a whole order only once",
            "Remember the address of the last order");
    private static final String HOST = "https://jenkins.example.com/job/shop/";

    private final Instant now;

    /** Tells states as they are at a time. */
    public SmallStates(Instant now) {
        this.now = now;
    }

    /** Everything goes its way: one release soaks, the next one is on its way to staging. */
    public RepositoryState good() {
        return new Scene()
                .run("staging", 6, 14)
                .run("internal", 5, 40)
                .run("production", 4, 300)
                .queued(7)
                .next("internal", "staging", 6, soak(14, 30))
                .next("production", "internal", 5, met())
                .state();
    }

    /** A release fails in staging, a bad image was rejected, and production is held over Black Friday. */
    public RepositoryState troubled() {
        return new Scene()
                .run("staging", 5, 22)
                .rolling("staging", 5, "us-1")
                .run("internal", 3, 18)
                .run("production", 2, 20)
                .queued(6)
                .hold("production", "maria.keller", "Black Friday: nothing goes out until Monday", 18, 3 * 24 * 60)
                .next(
                        "internal",
                        "staging",
                        5,
                        unmet(PromotionCondition.DEPLOYED, "staging-us-1 is degraded: CrashLoopBackOff."))
                .next(
                        "production",
                        "internal",
                        3,
                        unmet(
                                PromotionCondition.HOLD,
                                "production is held by maria.keller: Black Friday: nothing goes out until Monday."),
                        unmet(PromotionCondition.SOAK, "it has run for 18 minutes of 2 hours."))
                .rejected()
                .wasHeld("internal", "maria.keller", "The database is moved", 300, 240)
                .state();
    }

    /** Waves are configured, and nothing has happened yet. */
    public RepositoryState empty() {
        return new Scene().state();
    }

    /** What is known of the commits between a release and the next ones. */
    public Map<String, CommitRange> commits() {
        var known = new TreeMap<String, CommitRange>();
        for (int from = 1; from < RELEASES; from++) {
            for (int to = from + 1; to <= RELEASES; to++) {
                var commits = new ArrayList<CommitRange.Commit>();
                for (int commit = 0; commit < (to - from) * 3; commit++) {
                    int which = to * 3 - commit;
                    commits.add(new CommitRange.Commit(
                            commit == 0 ? appSha(to) : hex("commit " + which, 40),
                            SUBJECTS.get(which % SUBJECTS.size()),
                            AUTHORS.get(which % AUTHORS.size()),
                            minus(40L * (commit + 1))));
                }
                known.put(appSha(from) + ".." + appSha(to), CommitRange.of(commits, commits.size(), false));
            }
        }
        return known;
    }

    private PromotionCondition soak(int minutes, int asked) {
        return new PromotionCondition(
                PromotionCondition.SOAK,
                false,
                asked + "m",
                "it runs there since " + minus(minutes) + ", so until " + minus(minutes - asked) + ".",
                minus(minutes - asked));
    }

    private static PromotionCondition unmet(String name, String seen) {
        return new PromotionCondition(name, false, "", seen);
    }

    private static PromotionCondition met() {
        return new PromotionCondition(PromotionCondition.SOAK, true, "30m", "it has run for 40 minutes.");
    }

    private Instant minus(long minutes) {
        return now.minus(Duration.ofMinutes(minutes));
    }

    private static String hex(String of, int length) {
        return HexDigest.sha256(of).substring(0, length);
    }

    private static String appSha(int release) {
        return hex("app " + release, 40);
    }

    private static String configSha(String wave, int release) {
        return hex(wave + " " + release, 40);
    }

    /** The images of a release: each builds some of the services anew. */
    private static ImageSet images(int release) {
        var images = new TreeMap<String, ImageRef>();
        for (int service = 0; service < SERVICES.size(); service++) {
            int content = release - (release + service) % 3;
            String name = SERVICES.get(service);
            images.put(
                    name,
                    new ImageRef(
                            "docker.example.com/shop/" + name,
                            appSha(release),
                            "sha256:" + hex(name + " " + content, 64)));
        }
        return ImageSet.of(images);
    }

    /** A state that is put together wave by wave. */
    private final class Scene {
        private final Map<String, Integer> running = new HashMap<>();
        private final Map<String, Instant> since = new HashMap<>();
        private final Map<String, Hold> holds = new HashMap<>();
        private final Map<String, RepositoryState.NextPromotion> nexts = new HashMap<>();
        private final Map<String, String> unwell = new HashMap<>();
        private final Map<String, Integer> rolling = new HashMap<>();
        private final List<RepositoryState.QueuedChange> auto = new ArrayList<>();
        private final List<StateEvent> events = new ArrayList<>();
        private RejectedImages rejections = RejectedImages.NONE;

        Scene run(String wave, int release, int minutes) {
            running.put(wave, release);
            since.put(wave, minus(minutes));
            return this;
        }

        Scene rolling(String wave, int release, String failing) {
            rolling.put(wave, release);
            unwell.put(wave, failing);
            return this;
        }

        Scene hold(String wave, String by, String why, int minutes, int untilMinutes) {
            holds.put(wave, new Hold(by, why, minus(minutes), Optional.of(minus(-untilMinutes))));
            events.add(new StateEvent(
                    hex("hold", 40), minus(minutes), wave + " is held until " + minus(-untilMinutes), by, why));
            return this;
        }

        Scene wasHeld(String wave, String by, String why, int from, int to) {
            events.add(new StateEvent(hex("released", 40), minus(to), wave + " is released", by, "It is done"));
            events.add(new StateEvent(hex("was held", 40), minus(from), wave + " is held", by, why));
            return this;
        }

        Scene rejected() {
            String digest = images(2).images().get("shop").digest();
            rejections = new RejectedImages(Map.of(
                    "sha256:" + hex("leaks", 64),
                    new RejectedImages.Rejection(
                            "It loses baskets, see INC-482",
                            "maria.keller",
                            minus(90).toString())));
            events.add(new StateEvent(
                    hex("reject", 40),
                    minus(90),
                    "Images are rejected",
                    "maria.keller",
                    "It loses baskets, see INC-482"));
            assert !digest.isEmpty();
            return this;
        }

        Scene queued(int release) {
            String id = "queued-" + hex("q" + release, 10);
            auto.add(new RepositoryState.QueuedChange(
                    ChangeStatus.of(
                                    id,
                                    configSha("auto", release),
                                    "chore: update app to " + appSha(release).substring(0, 10),
                                    "Waiting for ci/policy.",
                                    minus(2))
                            .withChecks(List.of(
                                    check("ci/generated", CheckState.SUCCESS), check("ci/policy", CheckState.PENDING))),
                    Optional.of(trailers(id, ChangeOperation.ANNOUNCE, "staging", release, null)),
                    Verdict.Color.UNDECIDED));
            return this;
        }

        Scene next(String to, String from, int release, PromotionCondition... conditions) {
            var changed = images(release).differingServices(images(running.get(to)));
            var images = new TreeMap<>(images(release).images());
            images.keySet().retainAll(changed);
            var all = new ArrayList<PromotionCondition>();
            all.add(new PromotionCondition(PromotionCondition.NOT_OLDER, true, "", "nothing newer was there."));
            all.addAll(List.of(conditions));
            nexts.put(
                    to,
                    new RepositoryState.NextPromotion(
                            from,
                            List.of(from),
                            configSha(from, release),
                            images(release).identity(),
                            List.copyOf(changed),
                            images,
                            all));
            return this;
        }

        private CheckStatus check(String name, CheckState state) {
            return new CheckStatus(
                    name, state, Optional.of("https://ci.example.com/" + name), Optional.empty(), minus(2), 1);
        }

        private ChangeTrailers trailers(String id, ChangeOperation operation, String wave, int release, String from) {
            var builder = ChangeTrailers.builder(id, operation, WavePath.of(wave))
                    .services(new TreeSet<>(SERVICES))
                    .appSha(appSha(release))
                    .reason(from == null ? "new images published" : "promoted from " + from)
                    .buildUrl(HOST + release + "/");
            return from == null
                    ? builder.order(Optional.of(new BuildSequence("shop", release)))
                            .build()
                    : builder.sourceWave(from)
                            .sourceSha(configSha(from, release))
                            .build();
        }

        RepositoryState state() {
            var waves = new ArrayList<RepositoryState.WaveSnapshot>();
            var history = new ArrayList<DecidedChange>();
            var brought = new HashMap<String, RepositoryState.BroughtImages>();
            String from = null;
            for (String wave : List.of("staging", "internal", "production")) {
                waves.add(wave(wave, from));
                Integer release = running.get(wave);
                for (int past = release == null ? 0 : release; past > 0; past--) {
                    DecidedChange change = merged(wave, from, past, release);
                    history.add(change);
                    brought.put(
                            change.sha(),
                            new RepositoryState.BroughtImages(
                                    "", images(past).images(), images(past).identity()));
                }
                from = wave;
            }
            if (running.getOrDefault("staging", 0) > 4) {
                history.add(evicted(4));
            }
            history.sort((a, b) -> b.at().compareTo(a.at()));
            return new RepositoryState(
                    new RepositoryState.Head("shop", "main", hex("main", 40), now),
                    auto,
                    waves,
                    rejections,
                    new RepositoryState.Past(history, brought, events),
                    List.of());
        }

        /** When a wave began to run a release: the earlier ones at growing distances before the present one. */
        private Instant began(String wave, int release) {
            int back = running.get(wave) - release;
            long step = wave.equals("production") ? 700 : wave.equals("internal") ? 260 : 130;
            return since.get(wave).minus(Duration.ofMinutes(back * step + (long) back * back * 17));
        }

        private DecidedChange merged(String wave, String from, int release, int present) {
            String id = "merged-" + hex(wave + release, 10);
            return new DecidedChange(
                    id,
                    configSha(wave, release),
                    from == null
                            ? "chore: update app to " + appSha(release).substring(0, 10)
                            : "promote " + from + " to " + wave,
                    Optional.of(trailers(
                            id,
                            from == null ? ChangeOperation.ANNOUNCE : ChangeOperation.PROMOTE,
                            wave,
                            release,
                            from)),
                    DecidedChange.End.of(
                            Outcome.MERGED, "its required checks succeeded", Optional.of(configSha(wave, release))),
                    "https://jenkins.example.com/",
                    began(wave, release).minus(Duration.ofMinutes(4)));
        }

        private DecidedChange evicted(int release) {
            String id = "evicted-" + hex("e" + release, 10);
            return new DecidedChange(
                    id,
                    hex("evicted " + release, 40),
                    "chore: update app to " + hex("bad", 10),
                    Optional.of(trailers(id, ChangeOperation.ANNOUNCE, "staging", release, null)),
                    DecidedChange.End.evicted(
                            DecidedChange.RED, "ci/policy failed", List.of(check("ci/policy", CheckState.FAILURE))),
                    "https://jenkins.example.com/",
                    began("staging", release).minus(Duration.ofMinutes(40)));
        }

        private RepositoryState.WaveSnapshot wave(String name, String from) {
            Integer release = running.get(name);
            ImageSet set = release == null ? ImageSet.EMPTY : images(release);
            boolean partly = rolling.containsKey(name);
            Optional<DeployedSet> deployed =
                    release == null ? Optional.empty() : Optional.of(deployed(name, partly ? release - 1 : release));
            var earlier = new ArrayList<PastDeployment>();
            for (int past = release == null ? 0 : release - (partly ? 2 : 1); past > 0; past--) {
                earlier.add(new PastDeployment(deployed(name, past), began(name, past + 1)));
            }
            return new RepositoryState.WaveSnapshot(
                    WavePath.of(name),
                    Optional.ofNullable(from).stream().toList(),
                    set,
                    new WaveState(deployed, unwell.containsKey(name), Optional.ofNullable(holds.get(name)), List.of())
                            .withEarlier(earlier),
                    RepositoryState.WaveWarnings.NONE,
                    Optional.of(new RepositoryState.LiveState(
                            rollout(name, release), Optional.ofNullable(nexts.get(name)))));
        }

        private DeployedSet deployed(String wave, int release) {
            return new DeployedSet(images(release).identity(), configSha(wave, release), began(wave, release));
        }

        private Rollout rollout(String wave, Integer release) {
            var targets = new ArrayList<TargetState>();
            List<String> names = wave.equals("staging")
                    ? List.of("eu-1", "us-1")
                    : wave.equals("internal")
                            ? List.of("eu-1", "us-1", "ap-1")
                            : List.of("eu-1", "eu-2", "us-1", "us-2", "ap-1");
            for (String name : release == null ? List.<String>of() : names) {
                boolean ill = name.equals(unwell.get(wave));
                targets.add(new TargetState(
                        new ApplicationId("argocd", wave + "-" + name),
                        "main",
                        ill ? TargetState.State.DEGRADED : TargetState.State.DEPLOYED,
                        TargetState.ReportedStatus.of("Synced", ill ? "Degraded" : "Healthy", configSha(wave, release)),
                        ill ? "It is degraded: 1 of 3 pods is ready: CrashLoopBackOff." : "It runs what it should."));
            }
            return new Rollout(
                    Optional.empty(),
                    targets,
                    release == null ? Optional.empty() : Optional.of(configSha(wave, release)),
                    false);
        }
    }
}
