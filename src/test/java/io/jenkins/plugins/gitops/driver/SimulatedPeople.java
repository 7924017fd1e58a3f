package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.driver.SimulatedHistory.Fault;
import io.jenkins.plugins.gitops.driver.SimulationLedger.Facts;
import io.jenkins.plugins.gitops.git.GitObjects;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.ImageSetLayout;
import io.jenkins.plugins.gitops.images.ImageSetLayout.Layout;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;

/** People with git, who push to main and to auto what they like; they never rewrite main. */
final class SimulatedPeople {

    private final SimulatedHistory world;
    private final GitObjects git;
    private int commits;

    SimulatedPeople(SimulatedHistory world) {
        this.world = world;
        git = new GitObjects(world.server.repository());
    }

    ObjectId begin() {
        return commit(List.of(), edited(Map.of()), "Begin");
    }

    private Map<String, ObjectId> edited(Map<String, ObjectId> files) {
        var edited = new TreeMap<>(files);
        edited.put("README.md", git.blob("1\n2\n3\n4\n5\n6\n7\n8\n9\n"));
        edited.put("health.md", git.blob("well\n"));
        return edited;
    }

    // ---- main -------------------------------------------------------------------------------------------------

    /** Somebody commits to main. */
    void commitToMain() {
        ObjectId main = world.refs().get(SimulationLedger.MAIN);
        push("edits main", SimulationLedger.MAIN, edit(main));
    }

    /** Somebody merges a branch that began some commits ago. */
    void mergeToMain() {
        ObjectId main = world.refs().get(SimulationLedger.MAIN);
        ObjectId base = main;
        for (int i = world.random.nextInt(3);
                i > 0 && !world.ledger.facts(base).parents().isEmpty();
                i--) {
            base = world.ledger.facts(base).parents().get(0);
        }
        String file = "feature" + ++commits + ".md";
        var onBranch = git.files(base);
        onBranch.put(file, git.blob("new\n"));
        ObjectId branch = commit(List.of(base), onBranch, "Feature");
        var merged = git.files(main);
        merged.put(file, git.blob("new\n"));
        push("merges to main", SimulationLedger.MAIN, commit(List.of(main, branch), merged, "Merge"));
    }

    /** Somebody moves main to a commit of auto that CI may not have tested. */
    void moveMainToAuto() {
        push("moves main to auto", SimulationLedger.MAIN, world.any(queued()).sha());
    }

    /** Somebody merges auto into main. */
    void mergeAutoToMain() {
        ObjectId main = world.refs().get(SimulationLedger.MAIN);
        ObjectId auto = world.refs().get(SimulationLedger.AUTO);
        push("merges auto to main", SimulationLedger.MAIN, commit(List.of(main, auto), git.files(auto), "Merge auto"));
    }

    /** Somebody copies a commit of auto to main. */
    void pickToMain() {
        Facts picked = world.any(queued());
        ObjectId main = world.refs().get(SimulationLedger.MAIN);
        var files = git.files(main);
        Map<String, ObjectId> before = git.files(picked.parents().get(0));
        git.files(picked.sha()).forEach((path, blob) -> {
            if (!blob.equals(before.get(path))) {
                files.put(path, blob);
            }
        });
        push(
                "picks " + picked.key(),
                SimulationLedger.MAIN,
                git.commit(List.of(main), files, picked.message(), picked.author()));
    }

    /** Somebody makes main good again. */
    void repairMain() {
        ObjectId main = world.refs().get(SimulationLedger.MAIN);
        if (!world.ci.isGood(main)) {
            var files = edited(git.files(main));
            for (String wave : SimulationLedger.WAVES) {
                files.keySet().removeIf(path -> path.startsWith("images/" + wave + "/"));
            }
            push("repairs main", SimulationLedger.MAIN, commit(List.of(main), files, "Repair"));
        }
    }

    // ---- auto -------------------------------------------------------------------------------------------------

    /** Somebody commits to auto. */
    void commitToAuto() {
        push("edits auto", SimulationLedger.AUTO, edit(world.refs().get(SimulationLedger.AUTO)));
    }

    /** Somebody merges main, or a branch of theirs, into auto. */
    void mergeToAuto() {
        ObjectId auto = world.refs().get(SimulationLedger.AUTO);
        ObjectId main = world.refs().get(SimulationLedger.MAIN);
        var files = git.files(auto);
        git.files(main).forEach(files::putIfAbsent);
        boolean ours = world.random.nextInt(4) > 0;
        List<ObjectId> parents = ours ? List.of(auto, main) : List.of(main, auto);
        push("merges main into auto", SimulationLedger.AUTO, commit(parents, files, "Merge main"));
    }

    void deleteAuto() {
        world.pushByPeople("deletes auto", SimulationLedger.AUTO, ObjectId.zeroId());
    }

    /** Somebody sets auto back: to main, or to what it was. */
    void resetAuto() {
        List<ObjectId> been = world.autoHasBeen;
        ObjectId to = been.isEmpty() || world.random.nextBoolean()
                ? world.refs().get(SimulationLedger.MAIN)
                : world.any(been);
        push("resets auto", SimulationLedger.AUTO, to);
    }

    private List<Facts> queued() {
        ObjectId auto = world.refs().get(SimulationLedger.AUTO);
        return auto == null ? List.of() : world.ledger.queued(world.refs().get(SimulationLedger.MAIN), auto);
    }

    /** Whether auto has commits, in a straight line on main, so that no merge can conflict. */
    boolean seeAStraightQueue() {
        List<Facts> queued = queued();
        return !queued.isEmpty()
                && queued.get(0).parents().get(0).equals(world.refs().get(SimulationLedger.MAIN))
                && queued.stream().allMatch(commit -> commit.parents().size() == 1);
    }

    // ---- with git ---------------------------------------------------------------------------------------------

    private void push(String what, String ref, ObjectId commit) {
        world.pushByPeople(what + ": " + world.shown(commit), ref, commit);
    }

    private ObjectId edit(ObjectId parent) {
        var files = git.files(parent);
        String subject =
                switch (world.random.nextInt(8)) {
                    case 0, 1 -> {
                        // Two such edits conflict if they are of the same line or of neighbours.
                        String[] lines = git.text(files.get("README.md")).split("\n");
                        lines[world.random.nextInt(lines.length)] = "edit " + commits;
                        files.put("README.md", git.blob(String.join("\n", lines) + "\n"));
                        yield "Edit";
                    }
                    case 2, 3 -> {
                        files.put("new" + commits + ".md", git.blob("new\n"));
                        yield "Add";
                    }
                    case 4 -> {
                        boolean broken =
                                git.text(files.get("health.md")).contains("broken") || world.random.nextBoolean();
                        files.put("health.md", git.blob(broken ? "well\n" : "broken\n"));
                        yield broken ? "Repair" : "Break";
                    }
                    case 5, 6 -> {
                        String wave = world.any(SimulationLedger.WAVES);
                        ImageSet set = world.images(parent, wave).mergedWith(world.someImages());
                        ImageSetLayout.write(set, Layout.TAGS_AND_DIGESTS)
                                .forEach((name, bytes) -> files.put("images/" + wave + "/" + name, git.blob(bytes)));
                        yield "Set images";
                    }
                    default -> {
                        String file = "images/" + world.any(SimulationLedger.WAVES) + "/tags.json";
                        String tags = files.containsKey(file) ? git.text(files.get(file)) : "{}";
                        // The same in another form, or garbage.
                        files.put(
                                file,
                                git.blob(world.random.nextInt(4) > 0 ? tags.replace("\n", " ") + "\n" : "{garbage"));
                        yield "Format";
                    }
                };
        return commit(List.of(parent), files, subject);
    }

    private ObjectId commit(List<ObjectId> parents, Map<String, ObjectId> files, String subject) {
        Instant now = world.clock.instant();
        boolean wrong = world.happens(Fault.WRONG_CLOCKS, 0.2);
        Instant when = wrong ? now.plusSeconds(world.random.nextInt(200_000) - 100_000) : now;
        var ada = new PersonIdent("Ada", "ada@example.com", when, ZoneOffset.UTC);
        return git.commit(parents, files, subject + " (h" + ++commits + ")\n", ada);
    }
}
