package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.EvictChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.generation.GenerationTask;
import io.jenkins.plugins.gitops.generation.GenerationWorkQueue;
import io.jenkins.plugins.gitops.generation.GeneratorBuild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;

/**
 * Two controllers with a generator each, which is slow, fails, dies, and answers late or twice, beside builds, people who
 * push to main at any time, and a CI that believes what is generated. At every commit that a driver pushes, the generated
 * files are what the generator gives for that commit; when everybody goes on regularly, everything ends. One history that
 * fails is told by the seed that replays it, {@code -Dsimulation.generated=SEED}.
 */
class GenerationSimulationTest {

    private static final int HISTORIES = 25;
    private static final int STEPS = 150;
    private static final int LONGEST_END = 120;
    private static final String MAIN = SimulationLedger.MAIN;
    private static final String AUTO = "refs/heads/auto";
    private static final List<String> SERVICES = List.of("api", "orders", "shop");

    @Test
    void whatIsPushedIsGeneratedForWhatItStandsOn() throws Exception {
        Long seed = Long.getLong("simulation.generated");
        long first = seed != null ? seed : new Random().nextInt(Integer.MAX_VALUE);
        for (long each = first; each < first + (seed != null ? 1 : HISTORIES); each++) {
            try (var world = new World(each)) {
                world.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("To replay it: -Dsimulation.generated=" + each + ". " + e.getMessage(), e);
            }
        }
    }

    /** A tree that a build has taken and not answered yet, or has answered and may answer once more. */
    private record Held(GenerationWorkQueue of, GeneratorBuild build, GenerationTask task) {}

    private static final class World implements AutoCloseable {

        private final Random chance;
        private final MemoryScene scene = new MemoryScene();
        private final Driver[] drivers = new Driver[2];
        private final List<Held> held = new ArrayList<>();
        private final List<Held> answered = new ArrayList<>();
        private final Map<ObjectId, Boolean> checked = new HashMap<>();
        private ObjectId byPeople = ObjectId.zeroId();
        private int builds;
        private int runs;
        private int versions;

        World(long seed) throws Exception {
            chance = new Random(seed);
            push("sources/a", "a", true);
            for (int i = 0; i < drivers.length; i++) {
                open(i);
            }
        }

        private void open(int i) throws Exception {
            drivers[i] = scene.generatingDriver("controller-" + i);
        }

        void run() throws Exception {
            for (int step = 0; step < STEPS; step++) {
                act();
                check();
            }
            end();
        }

        private Driver anyDriver() {
            return drivers[chance.nextInt(drivers.length)];
        }

        private static GenerationWorkQueue workQueue(Driver driver) {
            return driver.generation().orElseThrow();
        }

        private void act() throws Exception {
            switch (chance.nextInt(16)) {
                case 0, 1 -> append();
                case 2 ->
                    push(
                            "sources/" + SERVICES.get(chance.nextInt(3)),
                            chance.nextInt(8) == 0 ? SimulatedGenerator.BROKEN : "v" + versions++,
                            chance.nextBoolean());
                case 3, 4 -> judge(anyDriver());
                case 5, 6, 7 -> anyDriver().round();
                case 8, 9 -> take(anyDriver());
                case 10, 11 -> answer(held, true);
                case 12 -> answer(answered, false);
                case 13 -> die();
                case 14 -> restart();
                default -> evictOrWait();
            }
        }

        private void append() {
            String service = SERVICES.get(chance.nextInt(3));
            String version = (chance.nextInt(5) == 0 ? "bad" : "v") + ++versions;
            anyDriver()
                    .submit(new AppendChange(RepositoryScene.change(
                            service + "#" + versions, RepositoryScene.images(service, version))));
        }

        /** Somebody commits a file on main, with what is generated of it or without. */
        private void push(String file, String content, boolean generate) {
            ObjectId main = scene.ref(MAIN);
            TreeMap<String, String> texts = texts(main);
            texts.put(file, content + "\n");
            TreeMap<String, String> inputs = inputs(texts);
            SimulatedGenerator.text(inputs)
                    .filter(text -> generate)
                    .ifPresent(text -> texts.put(SimulatedGenerator.FILE, text));
            byPeople = scene.commit(List.of(main), texts, "Change " + file + "\n");
            scene.server.set(MAIN, byPeople);
        }

        /** CI tests some queued commit; it finds bad versions, and not what is out of date. */
        private void judge(Driver driver) {
            List<ObjectId> queue = queue();
            if (!queue.isEmpty()) {
                report(driver, queue.get(chance.nextInt(queue.size())));
            }
        }

        private void report(Driver driver, ObjectId commit) {
            boolean bad = inputs(texts(commit)).values().stream().anyMatch(text -> text.contains(":bad"));
            driver.submit(new RecordReport(new CheckReport(
                    commit.name(),
                    new CheckStatus(
                            RepositoryScene.CHECK,
                            bad ? CheckState.FAILURE : CheckState.SUCCESS,
                            Optional.empty(),
                            Optional.empty(),
                            scene.clock.instant(),
                            ++runs),
                    "ci")));
        }

        private void take(Driver driver) throws Exception {
            var build = new GeneratorBuild("acme/generate #" + ++builds, "");
            workQueue(driver).take(build).ifPresent(task -> held.add(new Held(workQueue(driver), build, task)));
        }

        private void answer(List<Held> from, boolean first) throws Exception {
            if (from.isEmpty()) {
                return;
            }
            Held one = from.get(chance.nextInt(from.size()));
            Optional<String> text = SimulatedGenerator.text(SimulatedGenerator.inputs(one.task()));
            if (text.isPresent()) {
                one.of().complete(one.build(), one.task(), SimulatedGenerator.changes(one.task(), text.get()));
            } else {
                one.of().failed(one.build(), one.task().input(), "make exited with 2");
            }
            if (first) {
                held.remove(one);
                answered.add(one);
                if (chance.nextBoolean()) {
                    one.of().release(one.build(), true);
                }
            }
        }

        /** A build is aborted, or its agent is lost. */
        private void die() {
            if (!held.isEmpty()) {
                Held lost = held.remove(chance.nextInt(held.size()));
                lost.of().release(lost.build(), true);
            }
        }

        private void restart() throws Exception {
            int i = chance.nextInt(drivers.length);
            drivers[i].close();
            if (chance.nextInt(3) == 0) {
                scene.loseClone("controller-" + i);
            }
            open(i);
        }

        private void evictOrWait() throws Exception {
            List<ObjectId> queue = queue();
            if (!queue.isEmpty() && chance.nextInt(3) == 0) {
                Driver driver = anyDriver();
                driver.round();
                RepositoryScene.queue(driver).stream()
                        .findFirst()
                        .ifPresent(status -> driver.submit(new EvictChange(status.id(), "not wanted")));
            } else {
                scene.clock.turn(Duration.ofSeconds(chance.nextInt(300)));
            }
        }

        // ---- what holds ------------------------------------------------------------------------------------------

        private List<ObjectId> queue() {
            ObjectId auto = scene.ref(AUTO);
            var queue = new ArrayList<ObjectId>();
            for (ObjectId at = auto; at != null && !at.equals(scene.ref(MAIN)) && !isOnMain(at); at = parent(at)) {
                queue.add(0, at);
            }
            return queue;
        }

        private boolean isOnMain(ObjectId commit) {
            for (ObjectId at = scene.ref(MAIN); at != null; at = parent(at)) {
                if (at.equals(commit)) {
                    return true;
                }
            }
            return false;
        }

        private ObjectId parent(ObjectId commit) {
            return scene.objects.parent(commit).orElse(null);
        }

        private TreeMap<String, String> texts(ObjectId commit) {
            var texts = new TreeMap<String, String>();
            scene.objects.files(commit).forEach((path, blob) -> texts.put(path, scene.objects.text(blob)));
            return texts;
        }

        private static TreeMap<String, String> inputs(TreeMap<String, String> texts) {
            var inputs = new TreeMap<>(texts);
            inputs.keySet().removeIf(path -> path.startsWith("generated/"));
            return inputs;
        }

        private void check() {
            queue().forEach(this::checkFits);
            if (!scene.ref(MAIN).equals(byPeople)) {
                checkFits(scene.ref(MAIN));
            }
        }

        /** What is generated fits, unless the commit changes nothing and people have left what is below it out of date. */
        private void checkFits(ObjectId commit) {
            if (checked.putIfAbsent(commit, true) != null) {
                return;
            }
            TreeMap<String, String> texts = texts(commit);
            String made = SimulatedGenerator.text(inputs(texts)).orElse("none, since it fails");
            boolean same = parent(commit) != null && texts.equals(texts(parent(commit)));
            if (!same) {
                assertThat(texts.get(SimulatedGenerator.FILE)).as(commit.name()).isEqualTo(made);
            }
        }

        /** Everybody goes on regularly, until nothing is queued. */
        private void end() throws Exception {
            push("sources/a", "mended", true);
            push("sources/api", "mended", true);
            push("sources/orders", "mended", true);
            push("sources/shop", "mended", true);
            for (Held left : held) {
                left.of().release(left.build(), true);
            }
            held.clear();
            for (int i = 0; i < LONGEST_END; i++) {
                scene.clock.turn(Duration.ofMinutes(3));
                for (Driver driver : drivers) {
                    driver.round();
                    var generator = new SimulatedGenerator(driver);
                    generator.run();
                    queue().forEach(commit -> report(driver, commit));
                    driver.round();
                    check();
                }
                if (queue().isEmpty() && i > 3) {
                    return;
                }
            }
            assertThat(queue()).as("does not end").isEmpty();
        }

        @Override
        public void close() {
            for (Driver driver : drivers) {
                driver.close();
            }
            scene.close();
        }
    }
}
