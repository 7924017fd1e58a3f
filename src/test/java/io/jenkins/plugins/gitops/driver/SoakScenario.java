package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckWatch;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.ci.forges.FakeForge;
import io.jenkins.plugins.gitops.ci.forges.FakeGitHub;
import io.jenkins.plugins.gitops.ci.forges.ForgeClient;
import io.jenkins.plugins.gitops.ci.forges.RateLimit;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/**
 * A company's day on one config repository: many app repositories announce images to two controllers, some of them bad;
 * people push to main; hooks are lost, forge and git server fail for a while, controllers are stopped in the middle of
 * whatever they do. Git, HTTP and threads are real, time is turned: a day takes minutes. What everybody does comes from
 * a seed; how threads meet does not.
 */
final class SoakScenario implements AutoCloseable {

    private static final Duration TICK = Duration.ofSeconds(10);

    /** A working day of eight hours. */
    static final int TICKS_OF_A_DAY = 8 * 360;

    /** How long it may take to come to rest when nothing goes wrong any more, in ticks: two hours. */
    private static final int MAX_REST = 720;

    private static final int CONTROLLERS = 2;
    private static final double RED = 0.05;

    private static final String CHECK = "schema";
    private static final String MAIN = "refs/heads/main";
    private static final String STATE = RefNames.defaultState("main");
    private static final Pattern TAG = Pattern.compile("\"([\\w-]+)\": \"docker\\.example\\.com/[\\w-]+:([\\w-]+)\"");

    /**
     * What was used at one time.
     *
     * @param threads without those with which the git server and the forge answer: at a busy moment they have more
     */
    record Footprint(double heapMegabytes, int threads) {
        @Override
        public String toString() {
            return Math.round(heapMegabytes) + " MB " + threads;
        }
    }

    private final Random random;
    private final int trouble;
    private final ManualClock time = new ManualClock();
    private final ScheduledExecutorService forgeTimer = Executors.newScheduledThreadPool(2);
    private final HttpClient client =
            HttpClient.newBuilder().executor(forgeTimer).build();
    private final GitHttpServer server;
    private final RepositoryScene scene;
    private final FakeGitHub gitHub = new FakeGitHub();
    private final RepositorySettings settings;
    private final List<Controller> controllers = new ArrayList<>();
    private final int[] numbers;
    private final Map<String, Build> builds = new LinkedHashMap<>();
    private final Map<String, Instant> tests = new HashMap<>();
    private final Set<String> tested = new HashSet<>();
    private final Set<String> green = new HashSet<>();

    /**
     * Commits of which each controller that is up has seen a red verdict before main had them. Of others it cannot be said
     * that nobody takes them along: a good commit above may have been tested sooner, and may be merged before anybody
     * hears of the verdict, which no hook tells of or which the forge does not say meanwhile.
     */
    private final Set<String> red = new HashSet<>();

    /** Red verdicts of this tick, which every controller was told of by a forge that answers. */
    private final Set<String> toldRed = new HashSet<>();

    private final Set<String> pushedByPeople = new HashSet<>();
    private final List<Footprint> footprints = new ArrayList<>();
    private Instant outageEnds = Instant.MIN;
    private int ticks;
    private int hooksLost;
    private int outages;
    private int gitFaults;
    private int restarts;

    /** One announcement, and the controller that its build runs on. */
    private static final class Build {
        private final NewChange change;
        private final String version;
        private final int number;
        private final int at;
        private final Set<Outcome> told = ConcurrentHashMap.newKeySet();
        private volatile CompletableFuture<SubmittedChange> answer;
        private volatile SubmittedChange appended;

        Build(NewChange change, String version, int number, int at) {
            this.change = change;
            this.version = version;
            this.number = number;
            this.at = at;
        }

        boolean isBad() {
            return version.endsWith("-bad");
        }

        boolean hasEnded() {
            return appended != null && (!appended.changed() || !told.isEmpty());
        }
    }

    /** A controller, which can be stopped at any moment and started again. */
    private final class Controller {
        private final int index;
        private int clones;
        private ThreadPoolExecutor pool;
        private CheckWatch watch;
        private DriverLoop loop;
        private Instant startsAgain;

        Controller(int index) throws GitOpsException {
            this.index = index;
            start();
        }

        void start() throws GitOpsException {
            startsAgain = null;
            pool = (ThreadPoolExecutor) Executors.newFixedThreadPool(2);
            ForgeClient forge = ForgeClient.of(
                    gitHub.settings(),
                    client,
                    forgeTimer,
                    forgeTimer,
                    () -> Optional.of(FakeForge.TOKEN),
                    new RateLimit(time));
            watch = new CheckWatch(
                    List.of(forge),
                    settings.requiredChecks(),
                    new CheckWatch.PollingPace(Duration.ofMinutes(1), Duration.ofMinutes(10)),
                    time,
                    time.timer());
            String clone = "controller-" + index + "-clone-" + clones;
            Driver driver = scene.driver(clone, settings, watch, time);
            // A day takes minutes here, in which what is replaced would stay.
            GitCli.run(scene.root.resolve(clone), "config", "gc.prunePackExpire", "now");
            loop = new DriverLoop(driver, time, time.timer(), pool, pool);
            loop.wake();
            for (Build build : builds.values()) {
                if (build.at == index && build.appended != null && !build.hasEnded()) {
                    follow(build);
                }
            }
        }

        /** Whatever it does is interrupted, and forgotten with all that was not answered. */
        void stop(boolean forgetClone) throws InterruptedException {
            loop.close();
            pool.shutdownNow();
            assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            watch.close();
            builds.values().stream()
                    .filter(build -> build.at == index && build.appended == null)
                    .forEach(build -> build.answer = null);
            clones += forgetClone ? 1 : 0;
        }

        boolean isUp() {
            return startsAgain == null;
        }

        void ask(Build build) {
            CompletableFuture<SubmittedChange> answer = loop.submit(new AppendChange(build.change));
            build.answer = answer;
            answer.whenComplete((appended, failure) -> {
                if (failure != null) {
                    build.answer = null;
                } else {
                    build.appended = appended;
                    if (appended.changed()) {
                        follow(build);
                    }
                }
            });
        }

        private void follow(Build build) {
            loop.followChange(build.appended.id(), status -> {
                status.outcome().ifPresent(build.told::add);
            });
        }

        void untilIdle() {
            await().pollInterval(Duration.ofMillis(2))
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> pool.getActiveCount() == 0 && pool.getQueue().isEmpty());
        }
    }

    /**
     * Makes a day.
     *
     * @param trouble how much more often things go wrong than in most companies
     */
    SoakScenario(Path root, long seed, int apps, int trouble) throws GitOpsException, IOException {
        random = SimulatedHistory.random(seed);
        this.trouble = trouble;
        numbers = new int[apps];
        server = GitHttpServer.start(root, "bot", "secret");
        Path remote = server.create("cfg-app.git", "main");
        GitCli.run(remote, "config", "core.logAllRefUpdates", "always");
        scene = new RepositoryScene(
                root, remote, server.url("cfg-app.git"), new UsernamePasswordCredentialsProvider("bot", "secret"));
        pushedByPeople.add(scene.main());
        settings = scene.requiring(new RequiredCheck(CHECK, "github", FakeGitHub.ACTIONS, false, List.of()));
        for (int i = 0; i < CONTROLLERS; i++) {
            controllers.add(new Controller(i));
        }
    }

    /** Lets so many announcements come over so many ticks, and then has it come to rest. */
    void run(int announcements, int over) throws Exception {
        for (int tick = 0; tick < over; tick++) {
            while (builds.size() < (long) announcements * (tick + 1) / over) {
                announce();
            }
            trouble();
            tick();
            if (tick % Math.max(1, over / 10) == 0) {
                footprints.add(footprint());
            }
        }
        outageEnds = time.instant();
        server.answerUnavailable(0);
        for (int rest = 0; !isAtRest(); rest++) {
            assertThat(rest).as("It does not come to rest: %s", this).isLessThan(MAX_REST);
            tick();
        }
        footprints.add(footprint());
    }

    private void tick() throws Exception {
        ticks++;
        for (Controller controller : controllers) {
            if (!controller.isUp() && !time.instant().isBefore(controller.startsAgain)) {
                controller.start();
            }
        }
        if (!time.instant().isBefore(outageEnds)) {
            gitHub.answerAsItShould();
        }
        test();
        builds.values().stream()
                .filter(build -> build.answer == null && build.appended == null)
                .filter(build -> controllers.get(build.at).isUp())
                .forEach(build -> controllers.get(build.at).ask(build));
        time.turn(TICK);
        controllers.stream().filter(Controller::isUp).forEach(Controller::untilIdle);
        if (!toldRed.isEmpty()) {
            toldRed.removeAll(lines("rev-list", MAIN));
            red.addAll(toldRed);
            toldRed.clear();
        }
        gitHub.asked.clear();
    }

    private void announce() {
        int app = random.nextInt(numbers.length);
        int number = ++numbers[app];
        String version = number + (random.nextDouble() < RED ? "-bad" : "");
        var images = new ArrayList<String>();
        for (String part : new TreeSet<>(List.of("api", random.nextBoolean() ? "web" : "api"))) {
            images.addAll(List.of("app-" + app + "-" + part, version));
        }
        NewChange change = RepositoryScene.change(
                "acme/app-" + app + "#" + number, RepositoryScene.images(images.toArray(String[]::new)));
        builds.put(change.id(), new Build(change, version, number, app % CONTROLLERS));
    }

    private void trouble() throws Exception {
        if (happensOnceIn(100)) {
            pushedByPeople.add(scene.byHand("docs/" + ticks + ".md", "Words", "Write docs " + ticks));
        }
        if (happensOnceIn(200)) {
            outages++;
            outageEnds = time.instant().plus(Duration.ofSeconds(60L + random.nextInt(600)));
            gitHub.answerAlways(503, Map.of(), "");
        }
        if (happensOnceIn(50)) {
            gitFaults++;
            switch (random.nextInt(4)) {
                case 0 -> server.answerUnavailable(1 + random.nextInt(12));
                case 1 -> server.dropRequests(1 + random.nextInt(3));
                case 2 -> server.losePushes(1);
                default -> server.losePushAnswers(1);
            }
        }
        Controller controller = controllers.get(random.nextInt(CONTROLLERS));
        if (happensOnceIn(150) && controller.isUp()) {
            restarts++;
            // In half of the cases while it looks, or in the middle of a push.
            if (random.nextBoolean()) {
                controller.loop.wake();
            }
            controller.stop(random.nextInt(5) == 0);
            controller.startsAgain = time.instant().plus(Duration.ofSeconds(random.nextInt(180)));
        }
    }

    private boolean happensOnceIn(int ticks) {
        return random.nextInt(ticks) < trouble;
    }

    /** CI tests what is the tip of a branch when it looks, and tells the forge, whose hooks mostly arrive. */
    private void test() {
        for (String sha : lines("for-each-ref", "--format=%(objectname)", "refs/heads")) {
            if (tested.add(sha)) {
                tests.put(sha, time.instant().plusSeconds(20L + random.nextInt(100)));
            }
        }
        List<String> done = tests.entrySet().stream()
                .filter(test -> !test.getValue().isAfter(time.instant()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        for (String sha : done) {
            tests.remove(sha);
            boolean bad = tags(sha).values().stream().anyMatch(tag -> tag.endsWith("-bad"));
            if (!bad) {
                green.add(sha);
            }
            gitHub.checkRun(
                    sha,
                    CHECK,
                    bad ? "failure" : "success",
                    FakeGitHub.ACTIONS,
                    time.instant().toString());
            boolean lost = false;
            for (Controller controller : controllers) {
                if (random.nextInt(5) == 0) {
                    hooksLost++;
                    lost = true;
                } else if (controller.isUp()) {
                    controller.loop.pollNow();
                }
            }
            if (bad && !lost && !time.instant().isBefore(outageEnds)) {
                toldRed.add(sha);
            }
        }
    }

    /** What runs of each service, by a commit. */
    private Map<String, String> tags(String sha) {
        var tags = new HashMap<String, String>();
        if (GitCli.succeeds(scene.remote, "cat-file", "-e", sha + ":images/staging/tags.json")) {
            var matcher = TAG.matcher(scene.git("show", sha + ":images/staging/tags.json"));
            while (matcher.find()) {
                tags.put(matcher.group(1), matcher.group(2));
            }
        }
        return tags;
    }

    private boolean isAtRest() {
        return controllers.stream().allMatch(Controller::isUp)
                && builds.values().stream().allMatch(Build::hasEnded)
                && scene.main().equals(scene.auto());
    }

    private static Footprint footprint() {
        System.gc();
        System.gc();
        return new Footprint(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / (double) (1 << 20),
                (int) Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> !name.startsWith(GitHttpServer.THREADS) && !name.startsWith(FakeForge.THREADS))
                        .count());
    }

    // ---- what has to be true afterwards -------------------------------------------------------------------------

    /** Checks from git alone, and from what builds were told. */
    void check() {
        assertThat(builds.values()).allSatisfy(build -> {
            assertThat(build.told)
                    .as("%s ends once", build.change.trailers().order().orElseThrow())
                    .hasSizeLessThanOrEqualTo(1);
            // A bad one is merged where a later build of its app has made it good again before CI looked.
            assertThat(build.told)
                    .as("%s %s", build.change.trailers().order().orElseThrow(), build.version)
                    .doesNotContain(Outcome.LOST)
                    .doesNotContain(build.isBad() ? Outcome.LOST : Outcome.EVICTED);
        });
        checkMain();
        checkEnds();
        checkImages();
    }

    private void checkMain() {
        List<String> line = lines("rev-list", "--reverse", MAIN);
        assertThat(lines("rev-list", "--reverse", "--first-parent", MAIN))
                .as("main is a straight line")
                .isEqualTo(line);
        List<String> moves = new ArrayList<>(lines("reflog", "show", "--format=%H", MAIN));
        Collections.reverse(moves);
        int at = -1;
        for (String to : moves) {
            assertThat(line.indexOf(to)).as("main only moves forward").isGreaterThan(at);
            at = line.indexOf(to);
            assertThat(green.contains(to) || pushedByPeople.contains(to))
                    .as("%s was tested before main moved to it", to)
                    .isTrue();
        }
        assertThat(line).as("nothing red is on main").noneMatch(red::contains);
        assertThat(ids()).doesNotHaveDuplicates();
    }

    private List<String> lines(String... arguments) {
        return scene.git(arguments).lines().toList();
    }

    private List<String> ids() {
        return lines("log", "--format=%(trailers:key=Autocommit-Id,valueonly,separator=)", MAIN).stream()
                .filter(id -> !id.isBlank())
                .toList();
    }

    private void checkEnds() {
        Set<String> onMain = new HashSet<>(ids());
        Map<String, String> ends = new HashMap<>();
        for (String path : lines("ls-tree", "-r", "--name-only", STATE, "changes/")) {
            String id = path.replaceAll(".*/(.*)\\.json", "$1");
            assertThat(ends.put(id, path)).as("%s ends once", id).isNull();
        }
        assertThat(lines("log", "--format=", "--name-status", STATE, "--", "changes/"))
                .as("ends are written once")
                .allMatch(change -> change.isEmpty() || change.startsWith("A"));
        for (Build build : builds.values()) {
            String id = build.change.id();
            boolean merged = build.told.contains(Outcome.MERGED);
            assertThat(onMain.contains(id))
                    .as("%s %s", build.change.trailers().order().orElseThrow(), build.told)
                    .isEqualTo(merged);
            if (build.appended.changed()) {
                assertThat(ends)
                        .as("%s %s", build.change.trailers().order().orElseThrow(), build.told)
                        .containsKey(id);
            }
        }
    }

    private void checkImages() {
        var newest = new HashMap<String, Integer>();
        for (Build build : builds.values()) {
            if (!build.isBad()) {
                build.change
                        .images()
                        .images()
                        .keySet()
                        .forEach(service -> newest.merge(service, build.number, Math::max));
            }
        }
        Map<String, String> tags = tags(MAIN);
        newest.forEach((service, number) -> assertThat(tags).containsEntry(service, String.valueOf(number)));
    }

    List<Footprint> footprints() {
        return footprints;
    }

    @Override
    public String toString() {
        var outcomes = new LinkedHashMap<String, Integer>();
        builds.values()
                .forEach(build -> outcomes.merge(
                        build.appended == null
                                ? "unanswered"
                                : build.told.isEmpty()
                                        ? (build.hasEnded() ? "nothing to do" : "waiting")
                                        : build.told.toString(),
                        1,
                        Integer::sum));
        return builds.size() + " announcements of " + numbers.length + " apps in " + ticks * TICK.toSeconds() / 60
                + " min of their time " + outcomes + ", " + pushedByPeople.size() + " pushes by people, " + hooksLost
                + " lost hooks, " + outages + " outages of the forge, " + gitFaults + " of git, " + restarts
                + " restarts, " + tested.size() + " commits tested, " + server.pushes() + " pushes; heap and threads "
                + footprints;
    }

    @Override
    public void close() throws Exception {
        for (Controller controller : controllers) {
            if (controller.isUp()) {
                controller.stop(false);
            }
        }
        scene.close();
        forgeTimer.shutdownNow();
        gitHub.close();
        server.close();
    }
}
