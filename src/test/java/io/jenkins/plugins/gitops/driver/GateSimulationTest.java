package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.WaveFrozen;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionRequest.Kind;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.waves.ApprovalRule;
import io.jenkins.plugins.gitops.waves.FanIn;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.VerificationResult;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import io.jenkins.plugins.gitops.waves.VerificationRule.OnFailure;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState.DueVerification;
import io.jenkins.plugins.gitops.world.GitCli;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Random histories of verifications, approvals and fan-in, by two controllers on one repository. What is allowed is
 * known from what the test itself has had done, and what was done is read with git: nothing is promoted that was not
 * verified in both regions and approved when it was appended and when it was merged, no set causes two rollbacks, and
 * production never goes back by a promotion. The seed of a failing history is in the message; {@code gates.seed} tells
 * it again.
 */
class GateSimulationTest extends DriverTestBase {

    private static final List<String> REGIONS = List.of("eu", "us");
    private static final WavePath PRODUCTION = WavePath.of("production");
    private static final int STEPS = Integer.getInteger("gates.steps", 150);
    private static final VerificationRule SMOKE =
            new VerificationRule("smoke", Optional.of("acme/smoke"), Duration.ofMinutes(10), 0, OnFailure.ROLLBACK);

    private final long seed = Long.getLong("gates.seed", new Random().nextInt(Integer.MAX_VALUE));
    private final Random random = new Random(seed);
    private final List<Driver> drivers = new ArrayList<>();

    /** The runs whose lease a controller took, by the controller. */
    private final Map<Driver, List<Run>> runs = new HashMap<>();

    /** By region and version. */
    private final Map<String, VerificationResult.State> verified = new HashMap<>();

    private final Set<String> approved = new HashSet<>();
    private final Map<String, Integer> rollbacks = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private String main;
    private int version;

    private record Run(String region, String version, VerificationResult lease) {}

    private static Wave region(String name) {
        return Wave.named(name)
                .promotesFrom("staging")
                .targets(new TargetSelection(DeployedApplications.SERVER, List.of(name + "-1"), ""))
                .gates(Gates.builder().verifications(List.of(SMOKE)).build())
                .build();
    }

    @Test
    void nothingIsPromotedThatIsNotVerifiedAndApproved() throws Exception {
        Wave production = Wave.named("production")
                .promotesFrom(REGIONS)
                .fanIn(FanIn.ALL)
                .gates(Gates.builder()
                        .approvals(new ApprovalRule(1, List.of(), false))
                        .build())
                .build();
        for (String name : List.of("one", "two")) {
            Driver driver = scene.driver(
                    name,
                    scene.settings(List.of(Wave.named("staging").build(), region("eu"), region("us"), production)));
            driver.round();
            drivers.add(driver);
            runs.put(driver, new ArrayList<>());
        }
        main = scene.main();
        for (int step = 0; step < STEPS; step++) {
            Driver driver = drivers.get(random.nextInt(drivers.size()));
            act(driver);
            check();
        }
        System.out.printf("Tried: %d steps, seed %d, %d versions: %s%n", STEPS, seed, version, told());
        assertThat(version).as("seed %d", seed).isPositive();
    }

    private String told() {
        return List.of("appended", "merged", "rolled back").stream()
                .map(what -> seen.stream().filter(each -> each.startsWith(what)).count() + " " + what)
                .toList()
                .toString();
    }

    private void act(Driver driver) throws Exception {
        String region = REGIONS.get(random.nextInt(REGIONS.size()));
        if (random.nextInt(3) > 0 && advance(driver, region)) {
            driver.round();
            forgetRepeated();
            return;
        }
        switch (random.nextInt(24)) {
            case 0 -> ask(driver, announcement());
            case 1, 2, 3 -> ask(driver, promotion("staging", region));
            case 4, 5 -> ask(driver, promotion(REGIONS.get(0), "production"));
            case 6, 7, 8, 9, 10 -> report(driver);
            case 11, 12, 13 -> scene.applications.run(scene.main(), region + "-1");
            case 14, 15, 16 -> start(driver, region);
            case 17, 18, 19 -> end(driver);
            case 20, 21 -> approveOrWithdraw(driver);
            case 22 ->
                ask(
                        driver,
                        new ApplyStateCommand(
                                random.nextBoolean()
                                        ? new StateCommand.ReleaseWave(region, Optional.empty(), "ada")
                                        : new StateCommand.RepeatVerification(
                                                WavePath.of(region), Optional.empty(), "ada", scene.clock.instant())));
            default -> scene.clock.turn(Duration.ofMinutes(1 + random.nextInt(15)));
        }
        driver.round();
        forgetRepeated();
    }

    /** Does what brings a set on; returns false if there is nothing. */
    private boolean advance(Driver driver, String region) throws Exception {
        driver.round();
        Optional<RepositoryState.NextPromotion> next =
                wave(driver, "production").live().flatMap(RepositoryState.LiveState::next);
        if (version == 0 || random.nextInt(12) == 0) {
            ask(driver, announcement());
        } else if (scene.refExists("refs/heads/auto") && !scene.queue().isEmpty()) {
            report(driver);
        } else if (next.filter(RepositoryState.NextPromotion::allowed).isPresent()) {
            ask(driver, promotion("eu", "production"));
        } else if (next.filter(it -> it.qualifiedIn().size() == 2).isPresent() && random.nextBoolean()) {
            approveOrWithdraw(driver);
        } else if (!runs.get(driver).isEmpty()) {
            end(driver);
        } else if (wave(driver, region).state().hold().isPresent()) {
            ask(driver, new ApplyStateCommand(new StateCommand.ReleaseWave(region, Optional.empty(), "ada")));
        } else if (!wave(driver, region)
                .state()
                .dueVerifications(List.of(SMOKE), scene.clock.instant())
                .isEmpty()) {
            start(driver, region);
        } else if (random.nextBoolean()) {
            scene.applications.run(scene.main(), region + "-1");
        } else {
            ask(driver, promotion("staging", region));
        }
        return true;
    }

    private DriverRequest<?> announcement() {
        version++;
        return new DriverRequest.AppendChange(
                RepositoryScene.change("app#" + version, RepositoryScene.images("shop", "" + version)));
    }

    private static Promote promotion(String from, String to) {
        return new Promote(PromotionRequest.of(Kind.PROMOTE, from, to).build());
    }

    /** Lets the driver answer; whether the request was done. */
    private boolean ask(Driver driver, DriverRequest<?> request) throws GitOpsException {
        CompletableFuture<?> answer = driver.submit(request);
        driver.round();
        if (!answer.isCompletedExceptionally()) {
            return answer.isDone();
        }
        Throwable failure = answer.handle((done, e) -> e).join();
        assertThat(failure).as("seed %d", seed).isInstanceOfAny(RequestRefused.class, WaveFrozen.class);
        return false;
    }

    private void report(Driver driver) throws GitOpsException {
        List<String> queue = scene.refExists("refs/heads/auto") ? scene.queue() : List.of();
        if (!queue.isEmpty()) {
            scene.report(driver, queue.get(0), random.nextInt(10) == 0 ? CheckState.FAILURE : CheckState.SUCCESS);
        }
    }

    private RepositoryState.WaveSnapshot wave(Driver driver, String name) throws Exception {
        return driver.state().orElseThrow().waves().stream()
                .filter(wave -> wave.path().wave().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void start(Driver driver, String region) throws Exception {
        List<DueVerification> due =
                wave(driver, region).state().dueVerifications(List.of(SMOKE), scene.clock.instant());
        if (due.isEmpty()) {
            return;
        }
        DueVerification first = due.get(0);
        String controller = "https://" + drivers.indexOf(driver) + ".example.com/";
        Instant now = scene.clock.instant();
        VerificationResult lease = VerificationResult.of(
                        "smoke", first.set(), VerificationResult.State.RUNNING, first.attempt(), controller, now)
                .leasedUntil(now.plus(SMOKE.timeout()));
        String running = tag(first.set().sha(), region);
        if (ask(driver, new ApplyStateCommand(new StateCommand.StartVerification(WavePath.of(region), lease)))) {
            runs.get(driver).add(new Run(region, running, lease));
        }
    }

    private void end(Driver driver) throws Exception {
        List<Run> own = runs.get(driver);
        if (own.isEmpty()) {
            return;
        }
        Run run = own.remove(random.nextInt(own.size()));
        boolean passes = random.nextInt(5) > 0;
        VerificationResult ended = run.lease()
                .with(
                        passes ? VerificationResult.State.PASSED : VerificationResult.State.FAILED,
                        run.lease().by(),
                        "",
                        scene.clock.instant());
        ask(driver, new ApplyStateCommand(new StateCommand.EndVerification(WavePath.of(run.region()), ended)));
        Optional<VerificationResult> now = wave(driver, run.region())
                .state()
                .verification("smoke", run.lease().identity());
        if (now.equals(Optional.of(ended.bounded()))) {
            verified.put(run.region() + " " + run.version(), ended.state());
        }
    }

    /** What is to be verified again, or was so long ago that it is forgotten, is not verified. */
    private void forgetRepeated() throws Exception {
        for (String region : REGIONS) {
            Set<String> passed = new HashSet<>();
            for (Driver driver : drivers) {
                for (VerificationResult result : wave(driver, region).state().verifications()) {
                    if (result.state() == VerificationResult.State.PASSED) {
                        passed.add(region + " " + tag(result.sha(), region));
                    }
                }
            }
            verified.keySet()
                    .removeIf(key -> key.startsWith(region + " ")
                            && verified.get(key) == VerificationResult.State.PASSED
                            && !passed.contains(key));
        }
    }

    private void approveOrWithdraw(Driver driver) throws Exception {
        Optional<RepositoryState.NextPromotion> next =
                wave(driver, "production").live().flatMap(RepositoryState.LiveState::next);
        String sha = next.map(RepositoryState.NextPromotion::sha).orElse("");
        String set = next.map(RepositoryState.NextPromotion::identity).orElse("");
        if (sha.isEmpty() || set.isEmpty()) {
            // Not all of the previous waves run one set: there is nothing to approve.
            return;
        }
        String candidate = IntStream.rangeClosed(1, version)
                .mapToObj(String::valueOf)
                .filter(each -> RepositoryScene.images("shop", each).identity().equals(set))
                .findFirst()
                .orElseThrow();
        if (random.nextInt(3) > 0) {
            if (ask(
                    driver,
                    new ApplyStateCommand(new StateCommand.ApproveSet(
                            PRODUCTION,
                            sha,
                            next.map(RepositoryState.NextPromotion::identity),
                            "ada",
                            "",
                            "",
                            scene.clock.instant())))) {
                approved.add(candidate);
            }
        } else if (ask(
                driver,
                new ApplyStateCommand(new StateCommand.WithdrawApproval(
                        PRODUCTION, sha, next.map(RepositoryState.NextPromotion::identity), "ada")))) {
            approved.remove(candidate);
        }
    }

    // ---- what git says ------------------------------------------------------------------------------------------

    private String tag(String treeish, String wave) {
        String file = treeish + ":images/" + wave + "/tags.json";
        if (!GitCli.succeeds(scene.remote, "cat-file", "-e", file)) {
            return "";
        }
        return scene.git("show", file).replaceAll("(?s).*shop:(\\d+)\".*", "$1");
    }

    private void check() {
        String tip = scene.refExists("refs/heads/auto") ? scene.auto() : scene.main();
        for (String sha :
                scene.git("rev-list", "--reverse", main + ".." + tip).lines().toList()) {
            String trailers = scene.git("log", "-1", "--format=%B", sha);
            String id = trailers.replaceAll("(?s).*Autocommit-Id: (\\S+).*", "$1");
            if (trailers.contains("Autocommit-Operation: rollback") && seen.add("rolled back by " + id)) {
                String wave = trailers.replaceAll("(?s).*Autocommit-Target: (\\S+).*", "$1");
                String failed = tag(scene.git("rev-parse", sha + "^"), wave);
                assertThat(rollbacks.merge(wave + " " + failed, 1, Integer::sum))
                        .as("seed %d: rollbacks of %s from version %s", seed, wave, failed)
                        .isEqualTo(1);
            }
            if (isPromotionToProduction(trailers) && seen.add("appended " + id)) {
                checkAllowed(sha, "appended");
            }
        }
        for (String sha : scene.git("rev-list", "--reverse", main + ".." + scene.main())
                .lines()
                .toList()) {
            if (isPromotionToProduction(scene.git("log", "-1", "--format=%B", sha))) {
                checkAllowed(sha, "merged");
                seen.add("merged " + sha);
                String before = tag(sha + "^", "production");
                assertThat(before.isEmpty() || Integer.parseInt(before) < Integer.parseInt(tag(sha, "production")))
                        .as("seed %d: production goes on", seed)
                        .isTrue();
            }
        }
        main = scene.main();
    }

    private static boolean isPromotionToProduction(String trailers) {
        return trailers.contains("Autocommit-Operation: promote") && trailers.contains("Autocommit-Target: production");
    }

    private void checkAllowed(String sha, String when) {
        String promoted = tag(sha, "production");
        for (String region : REGIONS) {
            assertThat(verified.get(region + " " + promoted))
                    .as("seed %d: version %s was verified in %s when it was %s", seed, promoted, region, when)
                    .isEqualTo(VerificationResult.State.PASSED);
        }
        assertThat(approved)
                .as("seed %d: version %s was approved when it was %s", seed, promoted, when)
                .contains(promoted);
    }
}
