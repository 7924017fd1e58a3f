package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RepairState;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionRequest.Kind;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.driver.MemoryTransport.Move;
import io.jenkins.plugins.gitops.git.MemoryRepository;
import io.jenkins.plugins.gitops.waves.ApprovalRule;
import io.jenkins.plugins.gitops.waves.FanIn;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.VerificationResult;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import io.jenkins.plugins.gitops.waves.VerificationRule.OnFailure;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState.DueVerification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;

/**
 * The gates in the middle of trouble: two controllers whose pushes and answers are lost, that are killed before and
 * after a push, begin with fresh clones and get in each other's way between a look and a push; people who push to main,
 * take the auto branch away, and damage or delete the state. Every push of a driver is checked when the server takes
 * it, by what the state in git said to it, for merges by
 * what the state says then: nothing goes into production, and nothing that does is merged, that is not
 * verified in both regions and approved; what the state says was asked for; no failure causes two rollbacks. When the
 * trouble is over, a new version comes through to production. A history that fails is told by its seed, which {@code
 * -Dgates.faults=SEED} replays.
 */
class GateFaultSimulationTest {

    private static final int HISTORIES = Integer.getInteger("gates.histories", 6);
    private static final int STEPS = 250;
    private static final int LONGEST_END = 200;
    private static final String MAIN = SimulationLedger.MAIN;
    private static final String AUTO = SimulationLedger.AUTO;
    private static final String STATE = "refs/gitops-waves/main/state";
    private static final List<String> REGIONS = List.of("eu", "us");
    private static final VerificationRule SMOKE =
            new VerificationRule("smoke", Optional.of("acme/smoke"), Duration.ofMinutes(10), 0, OnFailure.ROLLBACK);

    @Test
    void nothingIsPromotedThatIsNotVerifiedAndApprovedWhateverHappens() throws Exception {
        Long seed = Long.getLong("gates.faults");
        long first = seed != null ? seed : new Random().nextInt(Integer.MAX_VALUE);
        var told = new TreeMap<String, Integer>();
        for (long each = first; each < first + (seed != null ? 1 : HISTORIES); each++) {
            try (var world = new World(each)) {
                world.run();
                world.told.forEach((what, count) -> told.merge(what, count, Integer::sum));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("To replay it: -Dgates.faults=" + each + ". " + e.getMessage(), e);
            }
        }
        System.out.println("Tried, from seed " + first + ": " + told);
        assertThat(told.keySet()).contains("into production", "merged to production");
    }

    /** A controller dies; not an exception, which somebody could take for the server's. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A controller, and its way to the server. */
    private static final class Controller implements MemoryTransport.Remote {
        final World world;
        final String name;
        final DeployedApplications applications;
        final List<Run> runs = new ArrayList<>();
        Driver driver;

        /** What it has read of the server last. */
        Map<String, ObjectId> read = Map.of();

        Controller(World world, String name) {
            this.world = world;
            this.name = name;
            applications = new DeployedApplications("memory://" + name + "/");
        }

        void open() throws RepoUnavailable {
            driver = world.scene.driver(name, this, World.waves(), applications);
        }

        void round() throws Exception {
            try {
                driver.round();
            } catch (RepoUnavailable e) {
                driver.failRound(e);
            } catch (Killed e) {
                world.tell("killed");
                driver.close();
                runs.clear();
                if (world.chance.nextInt(3) == 0) {
                    world.scene.loseClone(name);
                }
                open();
            }
        }

        @Override
        public MemoryRepository repository() {
            return world.scene.server.repository();
        }

        @Override
        public Map<String, ObjectId> refs(boolean push) throws TransportException {
            if (world.happens(40)) {
                throw new TransportException("connection refused");
            }
            read = world.scene.server.refs();
            return read;
        }

        @Override
        public Map<String, String> update(Map<String, Move> moves) throws TransportException {
            if (world.happens(20)) {
                world.interfere(this);
            }
            if (world.happens(25)) {
                throw new TransportException("connection reset");
            }
            if (world.happens(40)) {
                throw new Killed();
            }
            Map<String, ObjectId> before = world.scene.server.refs();
            Map<String, String> refusals = world.scene.server.update(moves);
            if (refusals.isEmpty()) {
                world.check(read, before, world.scene.server.refs());
            }
            if (world.happens(25)) {
                throw new TransportException("connection reset");
            }
            if (world.happens(40)) {
                throw new Killed();
            }
            return refusals;
        }
    }

    private record Run(String region, VerificationResult lease) {}

    private static final class World implements AutoCloseable {
        final Random chance;
        final MemoryScene scene = new MemoryScene();
        final Map<String, Integer> told = new TreeMap<>();
        private final List<Controller> controllers = new ArrayList<>();

        /** Versions by the identity of their set. */
        private final Map<String, Integer> versions = new HashMap<>();

        /** By region and identity, what some run of it was said to have come to. */
        private final Set<String> passed = new HashSet<>();

        private final Map<String, Integer> failed = new HashMap<>();
        private final Set<String> approved = new HashSet<>();
        private final Map<String, Set<String>> rollbacks = new HashMap<>();
        private final Set<String> seen = new HashSet<>();
        private boolean calm = true;
        private boolean interfering;
        private int version;
        private int losses;
        private long run;

        World(long seed) throws Exception {
            chance = new Random(seed);
            for (String name : List.of("one", "two")) {
                var controller = new Controller(this, name);
                controllers.add(controller);
                controller.open();
                controller.round();
            }
        }

        private static List<Wave> waves() {
            Wave production = Wave.named("production")
                    .promotesFrom(REGIONS)
                    .fanIn(FanIn.ALL)
                    .gates(Gates.builder()
                            .approvals(new ApprovalRule(1, List.of(), false))
                            .build())
                    .build();
            return List.of(Wave.named("staging").build(), region("eu"), region("us"), production);
        }

        private static Wave region(String name) {
            return Wave.named(name)
                    .promotesFrom("staging")
                    .targets(new TargetSelection(DeployedApplications.SERVER, List.of(name + "-1"), ""))
                    .gates(Gates.builder().verifications(List.of(SMOKE)).build())
                    .build();
        }

        /** Whether something that goes wrong once in so many times goes wrong now. */
        boolean happens(int oneIn) {
            return !calm && chance.nextInt(oneIn) == 0;
        }

        void tell(String what) {
            told.merge(what, 1, Integer::sum);
        }

        private <T> T any(List<T> list) {
            return list.get(chance.nextInt(list.size()));
        }

        // ---- the course of things --------------------------------------------------------------------------------

        void run() throws Exception {
            calm = false;
            for (int step = 0; step < STEPS; step++) {
                Controller controller = any(controllers);
                if (happens(12)) {
                    trouble();
                } else if (chance.nextInt(4) > 0) {
                    advance(controller);
                } else {
                    act(controller);
                }
                controller.round();
            }
            end();
        }

        /** Faults stop; a new version has to come to production. */
        private void end() throws Exception {
            calm = true;
            for (Controller controller : controllers) {
                controller.driver.submit(new RepairState("ada"));
                controller.round();
            }
            int last = announce(controllers.get(0));
            String identity = identity(last);
            for (int i = 0; i < LONGEST_END; i++) {
                for (Controller controller : controllers) {
                    controller.round();
                    if (identity.equals(production(scene.ref(MAIN)))) {
                        return;
                    }
                    advance(controller);
                    if (i % 10 == 9) {
                        scene.clock.turn(Duration.ofMinutes(11));
                    }
                }
            }
            throw new AssertionError("Version " + last + " does not come to production; why: "
                    + controllers.get(0).driver.state().orElseThrow().waves());
        }

        /** Another controller or a person does something between the look and the push of one. */
        void interfere(Controller by) {
            if (interfering) {
                return;
            }
            interfering = true;
            try {
                Controller other = controllers.get(1 - controllers.indexOf(by));
                if (chance.nextInt(3) == 0) {
                    pushToMain();
                } else {
                    act(other);
                    other.round();
                }
                tell("interfered");
            } catch (Exception e) {
                throw new AssertionError(e);
            } finally {
                interfering = false;
            }
        }

        private void trouble() throws Exception {
            switch (chance.nextInt(8)) {
                case 0, 1, 2 -> pushToMain();
                case 3 -> {
                    if (scene.ref(AUTO) != null) {
                        scene.server.set(AUTO, chance.nextBoolean() ? ObjectId.zeroId() : scene.ref(MAIN));
                        tell("auto taken away");
                    }
                }
                case 4 -> {
                    scene.server.set(STATE, ObjectId.zeroId());
                    losses++;
                    tell("state deleted");
                }
                case 5 -> damageState();
                default -> any(controllers).driver.submit(new RepairState("ada"));
            }
        }

        private void pushToMain() {
            TreeMap<String, ObjectId> files = files(scene.ref(MAIN));
            files.put("notes/" + chance.nextInt(5), scene.objects.blob("note " + chance.nextInt() + "\n"));
            scene.server.set(
                    MAIN,
                    scene.objects.commit(
                            List.of(scene.ref(MAIN)), files, "A note\n", MemoryScene.ada(scene.clock.instant())));
            tell("pushed by people");
        }

        private void damageState() {
            ObjectId state = scene.ref(STATE);
            if (state == null) {
                return;
            }
            TreeMap<String, ObjectId> files = files(state);
            List<String> waves = files.keySet().stream()
                    .filter(path -> path.startsWith("waves/"))
                    .toList();
            if (waves.isEmpty()) {
                return;
            }
            files.put(any(waves), scene.objects.blob(any(List.of("{garbage", "[1]", "{}"))));
            losses++;
            scene.server.set(
                    STATE,
                    scene.objects.commit(List.of(state), files, "Break it\n", MemoryScene.ada(scene.clock.instant())));
            tell("state damaged");
        }

        /** Anything at any time. */
        private void act(Controller at) throws Exception {
            String region = any(REGIONS);
            switch (chance.nextInt(10)) {
                case 0 -> announce(at);
                case 1, 2 -> ask(at, promotion("staging", region));
                case 3 -> ask(at, promotion("eu", "production"));
                case 4 -> report(at);
                case 5 -> deploy(region);
                case 6 -> startVerification(at, region);
                case 7 -> endVerification(at);
                case 8 -> approveOrWithdraw(at);
                default -> scene.clock.turn(Duration.ofMinutes(1 + chance.nextInt(15)));
            }
        }

        /** What brings a set on. */
        private void advance(Controller at) throws Exception {
            String region = any(REGIONS);
            Optional<RepositoryState.NextPromotion> next = wave(at, "production")
                    .flatMap(RepositoryState.WaveSnapshot::live)
                    .flatMap(RepositoryState.LiveState::next);
            Optional<RepositoryState.WaveSnapshot> wave = wave(at, region);
            if (version == 0 || !calm && chance.nextInt(12) == 0) {
                announce(at);
            } else if (!queue().isEmpty()) {
                report(at);
            } else if (next.filter(RepositoryState.NextPromotion::allowed).isPresent()) {
                ask(at, promotion("eu", "production"));
            } else if (next.filter(it -> it.qualifiedIn().size() == 2).isPresent() && chance.nextBoolean()) {
                approveOrWithdraw(at);
            } else if (!at.runs.isEmpty()) {
                endVerification(at);
            } else if (wave.flatMap(it -> it.state().hold()).isPresent()) {
                ask(at, new ApplyStateCommand(new StateCommand.ReleaseWave(region, Optional.empty(), "ada")));
            } else if (wave.stream()
                    .anyMatch(it -> !it.state()
                            .dueVerifications(List.of(SMOKE), scene.clock.instant())
                            .isEmpty())) {
                startVerification(at, region);
            } else if (chance.nextBoolean()) {
                deploy(region);
            } else {
                ask(at, promotion("staging", region));
            }
        }

        private int announce(Controller at) throws Exception {
            version++;
            versions.put(identity(version), version);
            ask(
                    at,
                    new AppendChange(
                            RepositoryScene.change("app#" + version, RepositoryScene.images("shop", "" + version))));
            return version;
        }

        private static String identity(int version) {
            return RepositoryScene.images("shop", "" + version).identity();
        }

        private static Promote promotion(String from, String to) {
            return new Promote(PromotionRequest.of(Kind.PROMOTE, from, to).build());
        }

        /** Has a driver do something; true if it said that it is done. */
        private boolean ask(Controller at, DriverRequest<?> request) throws Exception {
            CompletableFuture<?> answer = at.driver.submit(request);
            at.round();
            return answer.isDone() && !answer.isCompletedExceptionally();
        }

        private void report(Controller at) throws Exception {
            List<ObjectId> queue = queue();
            if (!queue.isEmpty()) {
                boolean red = !calm && chance.nextInt(10) == 0;
                ask(
                        at,
                        new RecordReport(new CheckReport(
                                queue.get(0).name(),
                                new CheckStatus(
                                        RepositoryScene.CHECK,
                                        red ? CheckState.FAILURE : CheckState.SUCCESS,
                                        Optional.empty(),
                                        Optional.empty(),
                                        scene.clock.instant(),
                                        ++run),
                                "ci")));
            }
        }

        private void deploy(String region) {
            controllers.forEach(each -> each.applications.run(scene.ref(MAIN).name(), region + "-1"));
        }

        private static Optional<RepositoryState.WaveSnapshot> wave(Controller at, String name) throws Exception {
            return at.driver.state().stream()
                    .flatMap(state -> state.waves().stream())
                    .filter(wave -> wave.path().wave().equals(name))
                    .findFirst();
        }

        private void startVerification(Controller at, String region) throws Exception {
            List<DueVerification> due = wave(at, region)
                    .map(wave -> wave.state().dueVerifications(List.of(SMOKE), scene.clock.instant()))
                    .orElse(List.of());
            if (due.isEmpty()) {
                return;
            }
            DueVerification first = due.get(0);
            VerificationResult lease = VerificationResult.of(
                            "smoke",
                            first.set(),
                            VerificationResult.State.RUNNING,
                            first.attempt(),
                            "https://" + at.name + ".example.com/",
                            scene.clock.instant())
                    .leasedUntil(scene.clock.instant().plus(SMOKE.timeout()));
            if (ask(at, new ApplyStateCommand(new StateCommand.StartVerification(WavePath.of(region), lease)))) {
                at.runs.add(new Run(region, lease));
            }
        }

        private void endVerification(Controller at) throws Exception {
            if (at.runs.isEmpty()) {
                return;
            }
            Run ended = at.runs.remove(chance.nextInt(at.runs.size()));
            boolean passes = calm || chance.nextInt(5) > 0;
            String key = ended.region() + " " + ended.lease().identity();
            if (passes) {
                passed.add(key);
            } else {
                failed.merge(key, 1, Integer::sum);
            }
            VerificationResult result = ended.lease()
                    .with(
                            passes ? VerificationResult.State.PASSED : VerificationResult.State.FAILED,
                            ended.lease().by(),
                            "",
                            scene.clock.instant());
            ask(at, new ApplyStateCommand(new StateCommand.EndVerification(WavePath.of(ended.region()), result)));
        }

        private void approveOrWithdraw(Controller at) throws Exception {
            Optional<RepositoryState.NextPromotion> next = wave(at, "production")
                    .flatMap(RepositoryState.WaveSnapshot::live)
                    .flatMap(RepositoryState.LiveState::next)
                    .filter(it -> !it.sha().isEmpty());
            if (next.isEmpty()) {
                return;
            }
            String sha = next.get().sha();
            String identity = next.get().identity();
            WavePath production = WavePath.of("production");
            if (calm || chance.nextInt(3) > 0) {
                approved.add(identity);
                ask(
                        at,
                        new ApplyStateCommand(new StateCommand.ApproveSet(
                                production, sha, Optional.of(identity), "ada", "", "", scene.clock.instant())));
            } else if (ask(
                    at,
                    new ApplyStateCommand(
                            new StateCommand.WithdrawApproval(production, sha, Optional.of(identity), "ada")))) {
                assertThat(approvals(scene.server.refs()))
                        .as("what was taken back is gone")
                        .doesNotContain(identity);
            }
        }

        // ---- what git says ---------------------------------------------------------------------------------------

        private TreeMap<String, ObjectId> files(ObjectId commit) {
            return scene.objects.files(commit);
        }

        private List<ObjectId> queue() {
            return scene.ref(AUTO) == null ? List.of() : since(scene.ref(MAIN), scene.ref(AUTO));
        }

        /** The commits that one has and the other has not, the oldest first. */
        private List<ObjectId> since(ObjectId from, ObjectId to) {
            var known = new HashSet<ObjectId>();
            for (ObjectId at = from; at != null; at = scene.objects.parent(at).orElse(null)) {
                known.add(at);
            }
            var commits = new ArrayList<ObjectId>();
            for (ObjectId at = to;
                    at != null && !known.contains(at);
                    at = scene.objects.parent(at).orElse(null)) {
                commits.add(0, at);
            }
            return commits;
        }

        private String message(ObjectId commit) {
            return new String(scene.server.repository().objects().get(commit).getCachedBytes(), StandardCharsets.UTF_8);
        }

        private static String trailer(String message, String key) {
            return message.lines()
                    .filter(line -> line.startsWith(key + ": "))
                    .map(line -> line.substring(key.length() + 2))
                    .findFirst()
                    .orElse("");
        }

        /** The identity of the set that a wave has in a commit; empty if it has none. */
        private String images(ObjectId commit, String wave) {
            ObjectId tags = files(commit).get("images/" + wave + "/tags.json");
            if (tags == null) {
                return "";
            }
            String has = scene.objects.text(tags).replaceAll("(?s).*shop:(\\d+)\".*", "$1");
            return has.matches("\\d+") ? identity(Integer.parseInt(has)) : "";
        }

        private String production(ObjectId commit) {
            return images(commit, "production");
        }

        /** A file of the state; an empty object if it is not there or is no JSON. */
        private JsonNode state(Map<String, ObjectId> refs, String wave) {
            ObjectId state = refs.get(STATE);
            ObjectId file = state == null ? null : files(state).get("waves/" + wave + ".json");
            try {
                return file == null
                        ? Json.object()
                        : Json.parse(scene.objects.text(file).getBytes(StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                return Json.object();
            }
        }

        private Set<String> approvals(Map<String, ObjectId> refs) {
            var found = new HashSet<String>();
            state(refs, "production")
                    .path("approvals")
                    .forEach(each -> found.add(each.path("identity").asText()));
            return found;
        }

        private boolean isVerified(Map<String, ObjectId> refs, String region, String identity) {
            for (JsonNode each : state(refs, region).path("verifications")) {
                if (each.path("identity").asText().equals(identity)
                        && each.path("state").asText().equals("passed")) {
                    return true;
                }
            }
            return false;
        }

        /** Whether all gates of a set are passed, as the state says it. */
        private boolean isAllowed(Map<String, ObjectId> refs, String identity) {
            return approvals(refs).contains(identity)
                    && REGIONS.stream().allMatch(region -> isVerified(refs, region, identity));
        }

        /** A driver has pushed what it decided by what it had read. */
        void check(Map<String, ObjectId> read, Map<String, ObjectId> before, Map<String, ObjectId> after) {
            for (String identity : approvals(after)) {
                assertThat(approved).as("approvals that somebody gave").contains(identity);
            }
            for (String region : REGIONS) {
                for (String identity : versions.keySet()) {
                    if (isVerified(after, region, identity)) {
                        assertThat(passed)
                                .as("verifications that a run has passed")
                                .contains(region + " " + identity);
                    }
                }
            }
            if (after.get(AUTO) != null) {
                since(after.get(MAIN), after.get(AUTO)).forEach(commit -> checkAppended(read, commit));
            }
            since(before.get(MAIN), after.get(MAIN)).forEach(commit -> checkMerged(before, commit));
        }

        private void checkAppended(Map<String, ObjectId> read, ObjectId commit) {
            String message = message(commit);
            String id = trailer(message, "Autocommit-Id");
            if (id.isEmpty() || !seen.add("appended " + id)) {
                return;
            }
            String operation = trailer(message, "Autocommit-Operation");
            String wave = trailer(message, "Autocommit-Target");
            if (operation.equals("rollback")) {
                String from = wave + " " + images(scene.objects.parent(commit).orElseThrow(), wave);
                Set<String> ids = rollbacks.computeIfAbsent(from, key -> new HashSet<>());
                ids.add(id);
                tell("rolled back");
                assertThat(ids.size())
                        .as("rollbacks of what failed in %s", from)
                        .isLessThanOrEqualTo(Math.min(failed.getOrDefault(from, 0), 1 + losses));
            } else if (operation.equals("promote") && wave.equals("production")) {
                tell("into production");
                assertThat(isAllowed(read, production(commit)))
                        .as("version %s is verified and approved when it is appended", version(commit))
                        .isTrue();
            }
        }

        private void checkMerged(Map<String, ObjectId> before, ObjectId commit) {
            String message = message(commit);
            boolean promotion = trailer(message, "Autocommit-Operation").equals("promote")
                    && trailer(message, "Autocommit-Target").equals("production");
            if (!promotion) {
                return;
            }
            tell("merged to production");
            assertThat(isAllowed(before, production(commit)))
                    .as("version %s is verified and approved when it is merged", version(commit))
                    .isTrue();
            String replaced = production(scene.objects.parent(commit).orElseThrow());
            assertThat(versions.getOrDefault(replaced, 0))
                    .as("production goes on")
                    .isLessThan(version(commit));
        }

        private int version(ObjectId commit) {
            return versions.getOrDefault(production(commit), 0);
        }

        @Override
        public void close() {
            controllers.forEach(each -> each.driver.close());
            scene.close();
        }
    }
}
