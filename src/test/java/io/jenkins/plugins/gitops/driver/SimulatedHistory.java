package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.driver.MemoryTransport.Move;
import io.jenkins.plugins.gitops.driver.SimulationLedger.End;
import io.jenkins.plugins.gitops.driver.SimulationLedger.Seen;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;

/**
 * One history of a config repository, from a seed: drivers, builds, a CI, people and a server take turns at random, one
 * action of one of them at a time, on a clock of its own. Everything that can go wrong does. At the end faults stop,
 * and it must come to rest. The same seed gives the same history.
 */
final class SimulatedHistory implements AutoCloseable {

    /** What can go wrong. Each history leaves some of it out, so that one trouble does not hide what another shows. */
    enum Fault {
        STOPS,
        FRESH_CLONES,
        LOST_PUSHES,
        LOST_ANSWERS,
        SLOW_PUSHES,
        NETWORK,
        TORN_READS,
        MAIN_REFUSED,
        FLAKES,
        LOST_HOOKS,
        REPEATED_WORDS,
        BAD_IMAGES,
        ABORTS,
        REPLACES,
        OUT_OF_ORDER,
        NEW_NUMBERS,
        WRONG_CLOCKS,
        COMMITS_TO_MAIN,
        MERGES_TO_MAIN,
        AUTO_TO_MAIN,
        PICKS_TO_MAIN,
        COMMITS_TO_AUTO,
        MERGES_TO_AUTO,
        RESETS_OF_AUTO,
        DELETIONS_OF_AUTO
    }

    /** The announcement of a build, and what became of it. */
    static final class Build {
        final String job;
        final long rank;
        final NewChange change;
        final Map<String, String> values = new TreeMap<>();
        final SimulatedProcess at;

        @CheckForNull
        CompletableFuture<SubmittedChange> answer;

        @CheckForNull
        SubmittedChange appended;

        @CheckForNull
        Outcome outcome;

        boolean refused;
        boolean aborted;

        Build(String job, long rank, NewChange change, SimulatedProcess at) {
            this.job = job;
            this.rank = rank;
            this.change = change;
            this.at = at;
            change.images()
                    .images()
                    .forEach((service, image) ->
                            values.put(service, image.tagReference() + " " + image.digestReference()));
        }

        boolean isAnswered() {
            return appended != null || refused;
        }

        /** The change it waits for. */
        String followed() {
            return appended.id();
        }

        String order() {
            return change.trailers().order().orElseThrow().toString();
        }

        @Override
        public String toString() {
            return order() + " " + change.operation() + " " + change.wavePath() + " "
                    + (values.size() > FEW_SERVICES.size() ? values.size() + " services" : values.keySet());
        }
    }

    /** What takes the queue away, so that little else happens; left out more often than the rest. */
    private static final Set<Fault> ROUGH = Set.of(
            Fault.AUTO_TO_MAIN,
            Fault.MERGES_TO_AUTO,
            Fault.RESETS_OF_AUTO,
            Fault.DELETIONS_OF_AUTO,
            Fault.PICKS_TO_MAIN);

    static final Duration GRACE = Duration.ofSeconds(60);
    private static final int MAX_UNDECIDED = 12;
    private static final int MAX_REST = 400;
    private static final List<String> FEW_SERVICES = List.of("api", "web", "db");

    /** A world with many services takes as long as others, and fewer steps; so many for one service. */
    private static final int MOST_WORK = 30_000;

    private static final int FEWEST_STEPS = 100;

    final Random random;
    final ManualClock clock = new ManualClock();
    final MemoryServer server = new MemoryServer();
    final SimulationLedger ledger = new SimulationLedger(this, server.repository());
    final SimulatedCi ci = new SimulatedCi(this);
    final Map<String, Build> builds = new LinkedHashMap<>();
    final List<ObjectId> autoHasBeen = new ArrayList<>();
    boolean calm;

    private final Set<Fault> faults;
    private final List<String> services;
    private final SimulatedPeople people = new SimulatedPeople(this);
    private final List<SimulatedProcess> processes = new ArrayList<>();
    private final List<String> versions = new ArrayList<>(List.of("by-hand"));
    private final long[] numbers = new long[3];
    private final long[] ranks = new long[3];
    private final List<String> trace = new ArrayList<>();
    private final int chaos;
    private boolean mainRefused;

    /** The process that cannot reach the server. */
    @CheckForNull
    SimulatedProcess offline;

    private boolean garbage;
    private int step;

    /**
     * Makes a history.
     *
     * @param without what shall not go wrong, besides what the seed leaves out
     */
    SimulatedHistory(long seed, Set<Fault> without) throws RepoUnavailable {
        random = random(seed);
        faults = EnumSet.allOf(Fault.class);
        faults.removeIf(fault -> random.nextInt(3) < (ROUGH.contains(fault) ? 2 : 1));
        faults.removeAll(without);
        chaos = any(List.of(1, 1, 2, 6));
        services = services();
        server.set(SimulationLedger.MAIN, people.begin());
        ledger.movedByPeople(Map.of(), refs());
        int drivers = 2 + random.nextInt(2);
        for (int i = 0; i < drivers; i++) {
            processes.add(new SimulatedProcess(this, "p" + i));
        }
    }

    /** Few services, or in some worlds up to 2,000 with names of 100 characters. */
    private List<String> services() {
        var all = new ArrayList<>(FEW_SERVICES);
        int count = random.nextInt(40) == 0 ? any(List.of(100, 400, 2000)) : all.size();
        while (all.size() < count) {
            all.add(String.format("service-%04d-", all.size()) + "x".repeat(87));
        }
        return List.copyOf(all);
    }

    /** What comes first differs between neighbouring seeds too, which it would hardly do with {@link Random} alone. */
    static Random random(long seed) {
        return new Random(new SplittableRandom(seed).nextLong());
    }

    // ---- the course of things ---------------------------------------------------------------------------------

    private record Action(int weight, Runnable happens) {}

    /**
     * Lets so many steps happen, or fewer in a world with many services, then has it come to rest, and checks how
     * everything ended.
     */
    void run(int steps) {
        int most = Math.max(FEWEST_STEPS, MOST_WORK / services.size());
        while (step < Math.min(steps, most)) {
            step();
        }
        rest();
        checkEnds();
    }

    private void step() {
        step++;
        List<Action> possible = possible();
        int at = random.nextInt(possible.stream().mapToInt(Action::weight).sum());
        for (Action action : possible) {
            at -= action.weight();
            if (at < 0) {
                action.happens().run();
                break;
            }
        }
        hear();
    }

    private List<Action> possible() {
        var possible = new ArrayList<Action>();
        for (SimulatedProcess process : processes) {
            if (!process.isUp()) {
                add(possible, 30, true, () -> start(process));
            } else {
                add(possible, process.isBusy() ? 200 : process.isDue() ? 80 : 30, true, process::goOn);
            }
        }
        add(possible, 20, undecided() < MAX_UNDECIDED, this::build);
        add(possible, 50, !asking().isEmpty(), () -> ask(any(asking())));
        add(possible, 60, ci.canStart(), ci::start);
        add(possible, 60, ci.canFinish(), ci::finish);
        add(possible, 100, ci.canDeliver(), ci::deliver);
        add(possible, 30, true, () -> clock.turn(Duration.ofSeconds(1 + random.nextInt(40))));
        add(possible, 10, true, () -> clock.turn(Duration.ofMinutes(1 + random.nextInt(12))));
        add(possible, 15, true, ci::runAgain);
        add(possible, 20, !ci.isGood(refs().get(SimulationLedger.MAIN)), people::repairMain);
        add(possible, 20, offline != null, () -> offline = null);
        add(possible, 20, mainRefused, () -> mainRefused = false);
        boolean auto = refs().containsKey(SimulationLedger.AUTO);
        boolean queued = people.seeAStraightQueue();
        fault(possible, Fault.REPEATED_WORDS, 2, ci.canRepeat(), ci::repeat);
        fault(possible, Fault.STOPS, 2, !up().isEmpty(), this::stop);
        fault(possible, Fault.NETWORK, 1, offline == null, () -> offline = any(processes));
        fault(possible, Fault.MAIN_REFUSED, 1, !mainRefused, () -> mainRefused = true);
        fault(possible, Fault.ABORTS, 1, !abortable().isEmpty(), this::abort);
        fault(possible, Fault.NEW_NUMBERS, 1, !finishedJobs().isEmpty(), this::beginNumbersAnew);
        fault(possible, Fault.COMMITS_TO_MAIN, 4, true, people::commitToMain);
        fault(possible, Fault.MERGES_TO_MAIN, 2, true, people::mergeToMain);
        fault(possible, Fault.AUTO_TO_MAIN, 1, queued, people::moveMainToAuto);
        fault(possible, Fault.AUTO_TO_MAIN, 1, queued, people::mergeAutoToMain);
        fault(possible, Fault.PICKS_TO_MAIN, 1, queued, people::pickToMain);
        fault(possible, Fault.COMMITS_TO_AUTO, 3, auto, people::commitToAuto);
        fault(possible, Fault.MERGES_TO_AUTO, 1, auto, people::mergeToAuto);
        fault(possible, Fault.RESETS_OF_AUTO, 1, true, people::resetAuto);
        fault(possible, Fault.DELETIONS_OF_AUTO, 1, auto, people::deleteAuto);
        return possible;
    }

    private void fault(List<Action> possible, Fault fault, int weight, boolean can, Runnable happens) {
        add(possible, weight * chaos, can && faults.contains(fault), happens);
    }

    private static void add(List<Action> possible, int weight, boolean can, Runnable happens) {
        if (can) {
            possible.add(new Action(weight, happens));
        }
    }

    /** Builds hear what was answered. */
    private void hear() {
        for (Build build : builds.values()) {
            CompletableFuture<SubmittedChange> answer = build.answer;
            if (build.isAnswered() || answer == null || !answer.isDone()) {
                continue;
            }
            if (answer.isCompletedExceptionally()) {
                Throwable failure = answer.handle((appended, e) -> e).join();
                build.answer = null;
                if (failure instanceof RequestRefused) {
                    trace(build.at.name, "refuses " + build + ": " + failure.getMessage());
                    build.refused = true;
                    check(garbage, build + " was refused: " + failure.getMessage());
                }
            } else {
                build.appended = answer.join();
            }
        }
    }

    private void rest() {
        calm = true;
        offline = null;
        mainRefused = false;
        trace("world", "faults stop");
        for (int i = 0; i < MAX_REST; i++) {
            Map<String, ObjectId> before = refs();
            people.repairMain();
            for (SimulatedProcess process : processes) {
                if (!process.isUp()) {
                    start(process);
                }
            }
            asking().forEach(this::ask);
            ci.answerAll();
            for (SimulatedProcess process : processes) {
                do {
                    step++;
                    process.goOn();
                } while (process.isBusy());
                hear();
            }
            clock.turn(Duration.ofMinutes(11));
            boolean quiet = refs().get(SimulationLedger.MAIN).equals(refs().get(SimulationLedger.AUTO))
                    && builds.values().stream().allMatch(Build::isAnswered)
                    && refs() == before;
            if (quiet) {
                return;
            }
        }
        throw violated("it does not come to rest: " + processes.get(0).queue());
    }

    private void checkEnds() {
        for (Build build : builds.values()) {
            if (build.refused || !build.appended.changed()) {
                continue;
            }
            String id = build.followed();
            Optional<End> end = ledger.end(id);
            boolean mayBeForgotten = ledger.wasRemovedByPeople(id) && mayHappen(Fault.FRESH_CLONES);
            check(end.isPresent() || ledger.isOnMain(id) || mayBeForgotten, build + " (" + id + ") never ended");
            end.ifPresent(ended -> check(
                    ledger.isOnMain(id) == ended.outcome().equals("merged") || ledger.wasMovedToMainByPeople(id),
                    build + " ended as " + ended + ", and main has it: " + ledger.isOnMain(id)));
            for (SimulatedProcess process : processes) {
                String said = process.status(id)
                        .flatMap(ChangeStatus::outcome)
                        .map(Outcome::toString)
                        .orElse("unknown");
                String is = end.map(End::outcome).orElse(ledger.isOnMain(id) ? "merged" : "unknown");
                check(said.equals(is), process + " says " + said + " of " + build + " (" + id + "), which is " + is);
            }
        }
    }

    /** A driver answers a build, from what it has just read. */
    void answered(SimulatedProcess process, Build build, Seen seen, SubmittedChange appended) {
        trace(process.name, "answers " + build + ": " + appended);
        ledger.answered(seen, build, appended);
    }

    /** A driver tells a build where its change is. */
    void told(SimulatedProcess process, Build build, ChangeStatus status) {
        if (!status.ended()) {
            return;
        }
        Outcome outcome = status.outcome().orElseThrow();
        check(
                build.outcome == null || build.outcome == outcome,
                process + " says " + outcome + " of " + build + " that was " + build.outcome);
        build.outcome = outcome;
    }

    // ---- builds -----------------------------------------------------------------------------------------------

    private long undecided() {
        return builds.values().stream().filter(this::isUndecided).count();
    }

    private boolean isUndecided(Build build) {
        if (!build.isAnswered()) {
            return true;
        }
        return !build.refused
                && build.appended.changed()
                && ledger.end(build.followed()).isEmpty()
                && !ledger.isOnMain(build.followed())
                && !ledger.wasRemovedByPeople(build.followed());
    }

    private void build() {
        int job = random.nextInt(numbers.length);
        long number = ++numbers[job];
        long rank = ++ranks[job];
        String name = "job" + job;
        boolean again = versions.size() > 1 && random.nextInt(4) == 0;
        String version = again ? recentVersion() : name + "-" + rank + quality();
        versions.add(version);
        var images = new TreeMap<String, ImageRef>();
        int oneIn = services.size() == FEW_SERVICES.size() ? 2 : any(List.of(1, 2, 50));
        for (String service : services) {
            if (random.nextInt(oneIn) == 0) {
                images.put(service, RepositoryScene.image(service, version));
            }
        }
        if (images.isEmpty()) {
            images.put("api", RepositoryScene.image("api", version));
        }
        boolean replace = faults.contains(Fault.REPLACES) && random.nextInt(5) == 0;
        ChangeTrailers trailers = ChangeTrailers.builder(
                        String.format("change%06d", builds.size()),
                        replace ? ChangeOperation.REPLACE : ChangeOperation.ANNOUNCE,
                        WavePath.of(random.nextInt(3) > 0 ? "staging" : "preview"))
                .appSha("7d1043473d55bfa90e8530d35801d4e381bc69f0")
                .order(Optional.of(new BuildSequence(name, number)))
                .reason("new images published")
                .build();
        NewChange change = new NewChange(trailers, ImageSet.of(images)).startedAt(clock.instant());
        var build = new Build(name, rank, change, processes.get(job % processes.size()));
        builds.put(change.id(), build);
        trace(build.toString(), "begins with " + version + " (" + change.id() + ")");
        if (!faults.contains(Fault.OUT_OF_ORDER) && build.at.isUp()) {
            ask(build);
        }
    }

    /** A version that others wrote too, so that they may want the same. */
    private String recentVersion() {
        return any(versions.subList(Math.max(0, versions.size() - 4), versions.size()));
    }

    private String quality() {
        int which = faults.contains(Fault.BAD_IMAGES) ? random.nextInt(10) : 9;
        return which < 2 ? "-bad" : which < 5 ? "-odd" : "";
    }

    /** Builds that have not asked yet, or were not answered and ask again. */
    private List<Build> asking() {
        return builds.values().stream()
                .filter(build -> build.answer == null && !build.isAnswered() && build.at.isUp())
                .toList();
    }

    private void ask(Build build) {
        trace(build.toString(), "asks " + build.at);
        build.answer = build.at.append(build);
    }

    private List<Build> abortable() {
        return builds.values().stream()
                .filter(build -> build.appended != null
                        && build.appended.changed()
                        && build.outcome == null
                        && build.at.isUp()
                        && build.followed().equals(build.change.id()))
                .toList();
    }

    private void abort() {
        Build build = any(abortable());
        trace(build.toString(), "is aborted");
        build.aborted = true;
        build.at.evict(build);
    }

    /** Jobs all of whose changes have ended. What somebody took off auto may come back, and has not. */
    private List<Integer> finishedJobs() {
        var finished = new ArrayList<>(List.of(0, 1, 2));
        for (Build build : builds.values()) {
            if (isUndecided(build) || ledger.wasRemovedByPeople(build.change.id())) {
                finished.removeIf(job -> build.job.equals("job" + job));
            }
        }
        return finished;
    }

    /** A job is deleted and made again. */
    private void beginNumbersAnew() {
        int job = any(finishedJobs());
        trace("job" + job, "begins its numbers anew");
        clock.turn(Duration.ofSeconds(1));
        numbers[job] = 0;
    }

    // ---- processes --------------------------------------------------------------------------------------------

    List<SimulatedProcess> up() {
        return processes.stream().filter(SimulatedProcess::isUp).toList();
    }

    private void stop() {
        SimulatedProcess process = any(up());
        trace(process.name, "stops");
        process.stop();
        // Its builds are resumed with it, and ask again.
        builds.values().stream()
                .filter(build -> build.at == process && !build.isAnswered())
                .filter(build -> build.answer != null && !build.answer.isDone())
                .forEach(build -> build.answer = null);
    }

    private void start(SimulatedProcess process) {
        boolean fresh = happens(Fault.FRESH_CLONES, 0.5);
        trace(process.name, fresh ? "starts with a fresh clone" : "starts");
        try {
            process.start(fresh);
        } catch (RepoUnavailable e) {
            throw new AssertionError(e);
        }
    }

    // ---- the server -------------------------------------------------------------------------------------------

    /** The refs now; what is returned does not change. */
    Map<String, ObjectId> refs() {
        return server.refs();
    }

    /** The commits of auto that main does not have. */
    List<ObjectId> queued() {
        ObjectId auto = refs().get(SimulationLedger.AUTO);
        return auto == null
                ? List.of()
                : ledger.queued(refs().get(SimulationLedger.MAIN), auto).stream()
                        .map(SimulationLedger.Facts::sha)
                        .toList();
    }

    Collection<String> changed(Map<String, ObjectId> before, Map<String, ObjectId> after) {
        var all = new TreeSet<>(before.keySet());
        all.addAll(after.keySet());
        all.removeIf(ref -> Objects.equals(before.get(ref), after.get(ref)));
        return all;
    }

    /** A process pushes, all or nothing; the answer says why not, by ref. */
    Map<String, String> push(SimulatedProcess process, Seen seen, Map<String, Move> moves) throws TransportException {
        Map<String, ObjectId> before = refs();
        Map<String, String> refusals = mainRefused && moves.containsKey(SimulationLedger.MAIN)
                ? Map.of(SimulationLedger.MAIN, "protected branch hook declined")
                : server.update(moves);
        if (!refusals.isEmpty()) {
            trace(process.name, "is refused " + refusals);
            return refusals;
        }
        trace(process.name, "pushes " + shown(moves));
        ledger.movedByProcess(seen.told(process.told()), moves, refs());
        tell(before);
        return Map.of();
    }

    void pushByPeople(String what, String ref, ObjectId to) {
        Map<String, ObjectId> before = refs();
        server.set(ref, to);
        trace("people", what);
        garbage |= !to.equals(ObjectId.zeroId())
                && ledger.images(ledger.facts(to).tree()).size() < SimulationLedger.WAVES.size();
        ledger.movedByPeople(before, refs());
        tell(before);
    }

    private void tell(Map<String, ObjectId> before) {
        for (String ref : changed(before, refs())) {
            ObjectId tip = refs().get(ref);
            if (ref.startsWith("refs/heads/") && tip != null) {
                ci.hear(tip);
                if (ref.equals(SimulationLedger.AUTO)) {
                    autoHasBeen.add(tip);
                }
            }
        }
    }

    // ---- chance -----------------------------------------------------------------------------------------------

    boolean mayHappen(Fault fault) {
        return faults.contains(fault);
    }

    /** Whether a fault happens now. */
    boolean happens(Fault fault, double probability) {
        return !calm && faults.contains(fault) && random.nextDouble() < probability;
    }

    <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    <T> T takeAny(List<T> list) {
        return list.remove(random.nextInt(list.size()));
    }

    ImageSet someImages() {
        String service = any(services);
        return ImageSet.of(new TreeMap<>(Map.of(service, RepositoryScene.image(service, recentVersion()))));
    }

    /** The images of a wave in a commit, none if they cannot be read. */
    ImageSet images(ObjectId commit, String wave) {
        var images = new TreeMap<String, ImageRef>();
        ledger.images(ledger.facts(commit).tree())
                .getOrDefault(wave, Map.of())
                .forEach((service, image) -> images.put(
                        service, RepositoryScene.image(service, image.replaceFirst("^[^ ]*:([^: ]*) .*", "$1"))));
        return ImageSet.of(images);
    }

    // ---- what is said of it -----------------------------------------------------------------------------------

    int steps() {
        return step;
    }

    /** What happened, a line each. */
    List<String> trace() {
        return trace;
    }

    void trace(String who, String what) {
        trace.add("step " + step + ": " + who + " " + what);
    }

    String shown(ObjectId commit) {
        return commit.name().substring(0, 8) + " " + ledger.facts(commit).key();
    }

    private String shown(Map<String, Move> moves) {
        var shown = new ArrayList<String>();
        moves.forEach((ref, move) -> {
            String to = move.to().equals(ObjectId.zeroId()) ? "nothing" : shown(move.to());
            shown.add(ref.replaceFirst("^refs/(heads|gitops-waves/main)/", "") + " to " + to);
        });
        return String.join(", ", shown);
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            throw violated(what);
        }
    }

    /** An invariant does not hold. */
    AssertionError violated(String what) {
        trace("world", "VIOLATED: " + what);
        return new AssertionError("at step " + step + ": " + what);
    }

    @Override
    public void close() {
        processes.forEach(SimulatedProcess::close);
    }
}
