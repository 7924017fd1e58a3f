package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.driver.SimulatedHistory.Fault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;

/**
 * A CI that tests the tips of pushes only. Its hooks get lost and come in any order; its runs are slow and sometimes
 * fail for no reason; each of its words may come late, twice, or for a commit that is gone.
 */
final class SimulatedCi {

    /** What a run says of a commit. */
    record Word(String sha, long run, CheckState state, Instant at) {}

    private record Run(ObjectId sha, long number) {}

    /** It gives up on pushes that others came after. */
    private static final int MAX_WAITING = 4;

    private final SimulatedHistory world;
    private final List<ObjectId> hooks = new ArrayList<>();
    private final List<Run> running = new ArrayList<>();
    private final List<Word> underWay = new ArrayList<>();
    private final List<Word> sent = new ArrayList<>();
    private final Set<String> said = new HashSet<>();
    private final Set<ObjectId> succeeded = new HashSet<>();
    private long runs;

    SimulatedCi(SimulatedHistory world) {
        this.world = world;
    }

    /** The forge tells of a push. */
    void hear(ObjectId tip) {
        if (!world.happens(Fault.LOST_HOOKS, 0.1)) {
            hooks.add(tip);
            if (hooks.size() > MAX_WAITING) {
                hooks.remove(0);
            }
        }
    }

    boolean canStart() {
        return !hooks.isEmpty();
    }

    void start() {
        start(world.takeAny(hooks));
    }

    private void start(ObjectId tip) {
        var run = new Run(tip, ++runs);
        running.add(run);
        world.trace("ci", "begins run " + run.number() + " on " + world.shown(tip));
        if (world.random.nextInt(4) == 0) {
            say(run, CheckState.PENDING);
        }
    }

    boolean canFinish() {
        return !running.isEmpty();
    }

    void finish() {
        Run run = world.takeAny(running);
        if (world.happens(Fault.LOST_HOOKS, 0.03)) {
            world.trace("ci", "run " + run.number() + " ends without a word");
            return;
        }
        boolean good = isGood(run.sha()) && !world.happens(Fault.FLAKES, 0.1);
        say(run, good ? CheckState.SUCCESS : world.random.nextBoolean() ? CheckState.FAILURE : CheckState.ERROR);
    }

    private void say(Run run, CheckState state) {
        var word = new Word(run.sha().name(), run.number(), state, world.clock.instant());
        underWay.add(word);
        said.add(run.sha().name() + " " + run.number() + " " + state);
        if (state == CheckState.SUCCESS) {
            succeeded.add(run.sha());
        }
        world.trace("ci", "run " + run.number() + " says " + state + " of " + world.shown(run.sha()));
    }

    boolean canDeliver() {
        return !underWay.isEmpty() && !world.up().isEmpty();
    }

    void deliver() {
        Word word = world.takeAny(underWay);
        sent.add(word);
        deliver(word);
    }

    boolean canRepeat() {
        return !sent.isEmpty() && !world.up().isEmpty();
    }

    /** An old word comes again. */
    void repeat() {
        deliver(world.any(sent));
    }

    private void deliver(Word word) {
        SimulatedProcess to = world.any(world.up());
        world.trace("ci", "run " + word.run() + " tells " + to + " " + word.state());
        to.report(word);
    }

    /** Whoever was told cannot have kept it. */
    void unanswered(Word word) {
        if (!world.happens(Fault.LOST_HOOKS, 0.3)) {
            underWay.add(word);
        }
    }

    /** Somebody asks for another run. */
    void runAgain() {
        hooks.add(world.any(tips()));
    }

    private List<ObjectId> tips() {
        return world.refs().entrySet().stream()
                .filter(ref -> ref.getKey().startsWith("refs/heads/"))
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
    }

    /** Tests what it was asked to test and git knows no true verdict of, and answers all at once. */
    void answerAll() {
        hooks.clear();
        List<ObjectId> tips = tips();
        var asked = new LinkedHashSet<>(tips);
        asked.addAll(world.queued());
        for (ObjectId commit : asked) {
            String known = world.ledger.reported(world.refs(), commit);
            boolean silent = known.isEmpty() && tips.contains(commit);
            boolean wrong = known.equals("failure") && isGood(commit);
            if (silent || known.equals("pending") || known.equals("error") || wrong) {
                start(commit);
            }
        }
        while (canFinish()) {
            finish();
        }
        while (canDeliver()) {
            deliver();
        }
    }

    /** Two images may be good and yet not together; a file may be broken; image files may be unreadable. */
    boolean isGood(ObjectId commit) {
        ObjectId tree = world.ledger.facts(commit).tree();
        Map<String, Map<String, String>> images = world.ledger.images(tree);
        boolean readable = images.keySet().containsAll(SimulationLedger.WAVES);
        boolean bad = images.values().stream()
                .flatMap(wave -> wave.values().stream())
                .anyMatch(image -> image.contains("-bad"));
        boolean clash = images.values().stream()
                .anyMatch(wave -> wave.getOrDefault("api", "").contains("-odd")
                        && wave.getOrDefault("web", "").contains("-odd"));
        boolean broken = world.ledger.file(tree, "health.md").orElse("").contains("broken");
        return readable && !bad && !clash && !broken;
    }

    /** Whether a run ever said this. */
    boolean said(String sha, long run, String state) {
        return said.contains(sha + " " + run + " " + state);
    }

    boolean succeeded(ObjectId sha) {
        return succeeded.contains(sha);
    }
}
