package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * The invariants of spec section 3.6 on a real repository, read back by git itself: random announcements in any order, a
 * CI that tests tips only, people who push to main and to auto, and two drivers that start rounds at any time and lose
 * their clones. {@link SimulationTest} tries far more of it, in memory.
 */
class InvariantsTest {

    /** One thing that happens. */
    interface Event {
        void happen(World world) throws Exception;
    }

    record Announce(int driver, int job, int number, List<String> services, boolean bad) implements Event {
        @Override
        public void happen(World world) {
            String version = "job" + job + "-" + number + (bad ? "-bad" : "");
            var pairs = new ArrayList<String>();
            services.forEach(service -> pairs.addAll(List.of(service, version)));
            NewChange change = RepositoryScene.change(
                    "job" + job + "#" + number, RepositoryScene.images(pairs.toArray(String[]::new)));
            world.asked.put(change, world.drivers[driver].submit(new AppendChange(change)));
        }
    }

    record Round(int driver) implements Event {
        @Override
        public void happen(World world) throws Exception {
            world.round(driver);
        }
    }

    record CiTestsATip(int driver, int which) implements Event {
        @Override
        public void happen(World world) throws Exception {
            world.testTip(driver, which);
        }
    }

    record PersonPushes(String branch, int file) implements Event {
        @Override
        public void happen(World world) {
            if (world.scene.refExists("refs/heads/" + branch)) {
                String sha = world.scene.byHand(branch, "file" + file + ".md", "line " + world.step, "Edit by hand");
                if (branch.equals("main")) {
                    world.byHandOnMain.add(sha);
                }
            }
        }
    }

    record TimePasses(int seconds) implements Event {
        @Override
        public void happen(World world) {
            world.scene.clock.turn(Duration.ofSeconds(seconds));
        }
    }

    record CloneIsLost(int driver) implements Event {
        @Override
        public void happen(World world) throws Exception {
            world.loseClone(driver);
        }
    }

    record LateReport(int driver, int which, boolean green) implements Event {
        @Override
        public void happen(World world) {
            if (!world.pushed.isEmpty()) {
                String sha = world.pushed.get(which % world.pushed.size());
                // A verdict of a SHA that is gone or decided; that of a waiting one would not be CI's own word.
                if (!world.scene.queue().contains(sha) && !world.scene.main().equals(sha)) {
                    world.drivers[driver].submit(
                            new RecordReport(world.report(sha, green ? CheckState.SUCCESS : CheckState.FAILURE)));
                }
            }
        }
    }

    @Provide
    Arbitrary<Event> events() {
        var driver = Arbitraries.integers().between(0, 1);
        var services = Arbitraries.of("api", "web", "db")
                .list()
                .uniqueElements()
                .ofMinSize(1)
                .ofMaxSize(3);
        var which = Arbitraries.integers().between(0, 50);
        return Arbitraries.frequencyOf(
                Tuple.of(
                        6,
                        Combinators.combine(
                                        driver,
                                        Arbitraries.integers().between(0, 2),
                                        Arbitraries.integers().between(1, 9),
                                        services,
                                        Arbitraries.frequency(Tuple.of(4, false), Tuple.of(1, true)))
                                .as(Announce::new)),
                Tuple.of(6, driver.map(Round::new)),
                Tuple.of(6, Combinators.combine(driver, which).as(CiTestsATip::new)),
                Tuple.of(
                        2,
                        Combinators.combine(
                                        Arbitraries.of("main", "auto"),
                                        Arbitraries.integers().between(0, 3))
                                .as(PersonPushes::new)),
                Tuple.of(2, Arbitraries.integers().between(1, 700).map(TimePasses::new)),
                Tuple.of(1, driver.map(CloneIsLost::new)),
                Tuple.of(
                        1,
                        Combinators.combine(driver, which, Arbitraries.of(true, false))
                                .as(LateReport::new)));
    }

    @Property(tries = 8, edgeCases = EdgeCasesMode.NONE)
    void theInvariantsHoldWhateverHappens(@ForAll("histories") List<Event> history) throws Exception {
        try (var world = new World()) {
            for (Event event : history) {
                world.step++;
                event.happen(world);
                world.check();
            }
            world.comeToRest();
            world.check();
            world.checkEnds();
        }
    }

    @Provide
    Arbitrary<List<Event>> histories() {
        return events().list().ofMinSize(20).ofMaxSize(60);
    }

    /** The repository, the drivers on it, and what is known of what happened. */
    private static final class World implements AutoCloseable {
        private final Path root = Files.createTempDirectory("invariants");
        private final RepositoryScene scene = RepositoryScene.onDisk(root);
        private final Driver[] drivers = new Driver[2];
        private final int[] clones = new int[2];
        private final Map<NewChange, CompletableFuture<SubmittedChange>> asked = new HashMap<>();
        private final Set<String> byHandOnMain = new HashSet<>();
        private final Set<String> red = new HashSet<>();
        private final Set<String> green = new HashSet<>();
        private final List<String> pushed = new ArrayList<>();
        private String lastMain = scene.main();
        private int step;
        private long run;

        World() throws IOException, RepoUnavailable {
            byHandOnMain.add(lastMain);
            for (int i = 0; i < drivers.length; i++) {
                open(i);
            }
        }

        private void open(int i) throws RepoUnavailable {
            try {
                drivers[i] = scene.driver("driver" + i + "-" + clones[i]);
            } catch (RepoUnavailable e) {
                throw e;
            } catch (GitOpsException e) {
                throw new AssertionError(e);
            }
        }

        void round(int i) throws RepoUnavailable {
            drivers[i].round();
            assertThat(scene.git("merge-base", "main", "auto"))
                    .as("auto stands on main")
                    .isEqualTo(scene.main());
            assertThat(scene.git("rev-list", "--merges", "main..auto"))
                    .as("merges on auto")
                    .isEmpty();
            scene.queue().stream().filter(sha -> !pushed.contains(sha)).forEach(pushed::add);
        }

        void loseClone(int i) throws Exception {
            // The requests that it had not answered die with it; their builds ask again.
            var unanswered = asked.entrySet().stream()
                    .filter(request -> !request.getValue().isDone())
                    .map(Map.Entry::getKey)
                    .toList();
            clones[i]++;
            open(i);
            unanswered.forEach(change -> asked.put(change, drivers[i].submit(new AppendChange(change))));
        }

        CheckReport report(String sha, CheckState state) {
            return new CheckReport(
                    sha, new CheckStatus(RepositoryScene.CHECK, state, scene.clock.instant(), ++run), "ci");
        }

        /** CI has been told of the tips of branches, and tests one that has no verdict. */
        void testTip(int driver, int which) throws RepoUnavailable {
            List<String> tips = scene.git("for-each-ref", "--format=%(objectname)", "refs/heads/")
                    .lines()
                    .distinct()
                    .filter(tip -> !red.contains(tip) && !green.contains(tip))
                    .toList();
            if (tips.isEmpty()) {
                return;
            }
            String tip = tips.get(which % tips.size());
            boolean bad = scene.refExists(tip + ":images/staging/tags.json")
                    && scene.git("show", tip + ":images/staging/tags.json").contains("-bad");
            drivers[driver].submit(new RecordReport(report(tip, bad ? CheckState.FAILURE : CheckState.SUCCESS)));
            (bad ? red : green).add(tip);
            round(driver);
        }

        void check() {
            String main = scene.main();
            assertThat(scene.git("merge-base", lastMain, main))
                    .as("main only fast-forwards")
                    .isEqualTo(lastMain);
            List<String> news =
                    scene.git("rev-list", lastMain + ".." + main).lines().toList();
            assertThat(news).as("no red commit reached main").noneMatch(red::contains);
            if (!news.isEmpty() && !byHandOnMain.contains(main)) {
                assertThat(green).as("main was moved to a green commit only").contains(main);
                assertThat(scene.git("notes", "--ref=gitops-waves", "list", main))
                        .isNotEmpty();
            }
            lastMain = main;
        }

        /** CI answers all it is asked, and time passes, until nothing moves. */
        void comeToRest() throws Exception {
            for (int i = 0; i < 200; i++) {
                String before = scene.git("for-each-ref");
                round(i % 2);
                testTip(i % 2, i);
                scene.clock.turn(Duration.ofMinutes(11));
                round((i + 1) % 2);
                check();
                if (before.equals(scene.git("for-each-ref")) && scene.queue().isEmpty()) {
                    return;
                }
            }
            throw new AssertionError("the queue does not come to rest: " + drivers[0].state());
        }

        void checkEnds() throws IOException {
            List<String> onMain = scene.git(
                            "log", "--format=%(trailers:key=Autocommit-Id,valueonly,separator=%x2C)", "main")
                    .lines()
                    .filter(id -> !id.isBlank())
                    .toList();
            assertThat(onMain).as("nothing is committed twice").doesNotHaveDuplicates();
            for (var request : asked.entrySet()) {
                assertThat(request.getValue()).as("every request is answered").isCompleted();
                SubmittedChange appended = request.getValue().join();
                if (!appended.changed()) {
                    continue;
                }
                Optional<Outcome> outcome =
                        drivers[0].status(appended.id()).orElseThrow().outcome();
                assertThat(outcome).as("every change ends").isPresent().isNotEqualTo(Optional.of(Outcome.LOST));
                assertThat(onMain.contains(appended.id())).isEqualTo(outcome.get() == Outcome.MERGED);
            }
            checkOrder();
        }

        /** Along main, no service goes back to an earlier build of the same job. */
        private void checkOrder() {
            var latest = new HashMap<String, Integer>();
            for (String sha : scene.git("rev-list", "--reverse", "--first-parent", "main")
                    .lines()
                    .toList()) {
                String id = scene.git("log", "-1", "--format=%(trailers:key=Autocommit-Services,valueonly)", sha);
                for (String service : id.isBlank() ? new String[0] : id.split(", ")) {
                    String tag = scene.tag(sha, service.strip());
                    String job = tag.replaceAll("-.*", "");
                    int number = Integer.parseInt(tag.replaceAll("job\\d+-(\\d+).*", "$1"));
                    int before = latest.merge(job + "/" + service, number, Math::max);
                    assertThat(number).as("%s of %s at %s", service, job, sha).isEqualTo(before);
                }
            }
        }

        @Override
        public void close() throws IOException {
            scene.close();
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
