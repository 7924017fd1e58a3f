package sandbox.chaos;

import io.jenkins.plugins.gitops.world.CascFile;
import io.jenkins.plugins.gitops.world.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import sandbox.runner.AcceptMainCommand;

/**
 * One run: it starts two controllers, injects random events for some minutes, waits until the queue is empty and no
 * build runs, and checks the repository.
 */
final class ChaosRun implements AutoCloseable {
    /** How long nothing may move before all is at rest. A machine that is busy takes long, but it moves. */
    private static final Duration STANDSTILL = Duration.ofMinutes(4);

    private static final Duration LONGEST_SETTLING = Duration.ofMinutes(30);

    private final Path folder;
    private final Random random;
    private final ChaosRepository repository;
    private final List<ServeProcess> controllers;
    private final ChaosPeople people;
    private final ChaosCi ci;
    private final ChaosAnnouncer announcer;
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<Exception> failures = new ArrayList<>();
    private volatile boolean announcing = true;
    private volatile boolean over;

    ChaosRun(Path folder, long seed) throws IOException {
        this.folder = folder;
        random = new Random(seed);
        repository = new ChaosRepository(folder);
        Files.writeString(
                folder.resolve("casc.yaml"),
                CascFile.of(
                        repository.url(),
                        List.of("images", "reporters"),
                        "pollInterval: 5s",
                        "redGrace: 3s",
                        "missingChecksAfter: 1m",
                        "waves: [{name: staging}]"));
        Files.writeString(folder.resolve("Jenkinsfile"), "commitConfig()\nwaitForCiAndMerge()\n");
        controllers = List.of(new ServeProcess(folder, "one"), new ServeProcess(folder, "two"));
        people = new ChaosPeople(folder, repository, seed + 1);
        ci = new ChaosCi(repository, controllers, seed + 2);
        announcer = new ChaosAnnouncer(controllers, seed + 3);
    }

    /** Runs for some time; returns a sentence for each rule that was broken. */
    List<String> run(Duration duration) throws Exception {
        for (ServeProcess controller : controllers) {
            controller.start();
        }
        for (ServeProcess controller : controllers) {
            while (controller.isRunning() && controller.state().isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
        List<Thread> others = List.of(repeated("ci", 200, ci::step), repeated("announcer", 700, () -> {
            if (announcing) {
                announcer.announce();
            }
            announcer.step();
        }));
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            happen();
            TimeUnit.MILLISECONDS.sleep(500);
        }
        announcing = false;
        settle();
        boolean atRest = awaitRest();
        over = true;
        for (Thread other : others) {
            other.join();
        }
        var check = new ChaosCheck(repository, people, ci.green(), ci.red());
        List<String> broken = new ArrayList<>(check.broken());
        broken.addAll(check.announcements(announcer.accepted(), controllers));
        if (!atRest) {
            broken.add("it did not come to rest: nothing moved for " + STANDSTILL.toMinutes() + " minutes, or it took "
                    + LONGEST_SETTLING.toMinutes() + ": " + controllers.get(0).state());
        }
        failures.forEach(failure -> broken.add("the run itself failed: " + failure));
        report(check);
        return broken;
    }

    private void happen() throws Exception {
        switch (random.nextInt(60)) {
            case 0, 1, 2 -> kill();
            case 3, 4, 5, 6 -> count("push to main", people.push("main"));
            case 7 -> count("push to auto", people.push("auto"));
            case 8 -> count("reset of auto", people.resetAuto());
            case 9 -> {
                if (random.nextInt(3) == 0 && people.rewindMain()) {
                    count("rewind of main", true);
                    TimeUnit.SECONDS.sleep(3);
                    acceptMain();
                }
            }
            case 10, 11 -> fault("answers 503", () -> repository.server().answerUnavailable(1 + random.nextInt(4)));
            case 12, 13 -> fault("dropped requests", () -> repository.server().dropRequests(1 + random.nextInt(4)));
            case 14, 15 -> fault("lost pushes", () -> repository.server().losePushes(1));
            case 16, 17 ->
                fault("lost answers to pushes", () -> repository.server().losePushAnswers(1));
            case 18 -> fault("slow answers", () -> repository.server().delay(Duration.ofMillis(150)));
            case 19 -> repository.server().delay(Duration.ZERO);
            default -> {
                // Most steps inject nothing.
            }
        }
    }

    private void fault(String name, Runnable order) {
        order.run();
        count("fault: " + name, true);
    }

    private void count(String what, boolean done) {
        if (done) {
            counts.merge(what, 1, Integer::sum);
        }
    }

    private void kill() throws Exception {
        ServeProcess controller = controllers.get(random.nextInt(controllers.size()));
        int seconds = random.nextInt(4);
        boolean damaged = random.nextInt(3) == 0;
        controller.kill();
        count("kill", true);
        if (damaged) {
            String damage = CloneVandal.damage(controller.home(), random);
            count("damaged clone", !damage.isEmpty());
            Files.writeString(
                    folder.resolve(controller.home().getFileName() + ".log"),
                    "Chaos: " + damage + "\n",
                    StandardOpenOption.APPEND);
        }
        TimeUnit.SECONDS.sleep(seconds);
        controller.start();
    }

    /**
     * Accepts the rewritten main on each controller with the command {@code accept-main}, since each controller
     * remembers main in its own clone.
     */
    private void acceptMain() throws Exception {
        for (ServeProcess controller : controllers) {
            controller.kill();
        }
        calm();
        for (ServeProcess controller : controllers) {
            Process process = JavaProcess.of(
                            AcceptMainCommand.class,
                            List.of(
                                    "--casc",
                                    folder.resolve("casc.yaml").toString(),
                                    "--home",
                                    controller.home().toString()))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve(controller.home().getFileName() + ".log")
                                    .toFile()))
                    .start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                failures.add(new IOException("accept-main did not end within two minutes."));
            } else if (process.exitValue() != 0) {
                failures.add(new IOException("accept-main ended with exit code " + process.exitValue() + "."));
            }
            controller.start();
        }
    }

    private void calm() {
        repository.server().answerUnavailable(0);
        repository.server().dropRequests(0);
        repository.server().losePushes(0);
        repository.server().losePushAnswers(0);
        repository.server().delay(Duration.ZERO);
    }

    private void settle() throws IOException {
        calm();
        ci.hurry();
        for (ServeProcess controller : controllers) {
            controller.start();
        }
    }

    /**
     * Waits until all announcements are sent, no build runs and nothing is queued; returns false if neither a branch
     * nor the number of builds that run changes for {@link #STANDSTILL}, or at the end of {@link #LONGEST_SETTLING}.
     */
    private boolean awaitRest() throws Exception {
        long end = System.nanoTime() + LONGEST_SETTLING.toNanos();
        long moved = System.nanoTime();
        var last = new Remaining("", "", -1);
        while (System.nanoTime() < end && System.nanoTime() - moved < STANDSTILL.toNanos()) {
            var now = new Remaining(
                    repository.tip(ChaosRepository.MAIN), repository.tip(ChaosRepository.AUTO), running());
            if (announcer.isIdle() && now.isNothing()) {
                return true;
            }
            if (!now.equals(last)) {
                last = now;
                moved = System.nanoTime();
            }
            TimeUnit.SECONDS.sleep(1);
        }
        return false;
    }

    /** What is left to be done, by the tips of both branches (empty without a branch) and the builds that run. */
    private record Remaining(String main, String auto, long builds) {
        boolean isNothing() {
            return builds == 0 && (auto.isEmpty() || auto.equals(main));
        }
    }

    private long running() throws IOException {
        long running = 0;
        for (ServeProcess controller : controllers) {
            running += controller.builds().stream()
                    .filter(build -> !ChaosCheck.hasEnded(build))
                    .count();
        }
        return running;
    }

    /** A task that is repeated in its own thread. */
    private interface Repeated {
        void step() throws Exception;
    }

    private Thread repeated(String name, long milliseconds, Repeated repeated) {
        Thread thread = new Thread(
                () -> {
                    while (!over) {
                        try {
                            repeated.step();
                            TimeUnit.MILLISECONDS.sleep(milliseconds);
                        } catch (Exception e) {
                            synchronized (failures) {
                                failures.add(e);
                            }
                            return;
                        }
                    }
                },
                "chaos-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void report(ChaosCheck check) {
        counts.forEach((what, count) -> System.out.println("  " + what + ": " + count));
        new TreeMap<>(ci.told()).forEach((what, count) -> System.out.println("  verdict " + what + ": " + count));
        System.out.println(
                "  announcements accepted: " + announcer.accepted().size() + ", refused: " + announcer.refused());
        System.out.println("  moves of main: " + check.moves() + ", by people: " + check.movesByPeople());
        System.out.println("  changes that were on auto: " + check.changes() + ", how they ended: " + check.ends());
    }

    @Override
    public void close() {
        over = true;
        controllers.forEach(ServeProcess::close);
        repository.close();
    }
}
