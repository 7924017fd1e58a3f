package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.delivery.Ledger.Facts;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.ImageSetFiles;
import io.jenkins.plugins.gitops.images.ImageSetFiles.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.treewalk.TreeWalk;

/** People with git, who push to main and to auto what they like; they never rewrite main. */
final class SimulatedPeople {

    private final Simulation world;
    private int commits;

    SimulatedPeople(Simulation world) {
        this.world = world;
    }

    ObjectId begin() {
        return commit(List.of(), edited(Map.of()), "Begin");
    }

    private Map<String, ObjectId> edited(Map<String, ObjectId> files) {
        var edited = new TreeMap<>(files);
        edited.put("README.md", blob("1\n2\n3\n4\n5\n6\n7\n8\n9\n"));
        edited.put("health.md", blob("well\n"));
        return edited;
    }

    // ---- main -------------------------------------------------------------------------------------------------

    /** Somebody commits to main. */
    void commitToMain() {
        ObjectId main = world.refs().get(Ledger.MAIN);
        push("edits main", Ledger.MAIN, edit(main));
    }

    /** Somebody merges a branch that began some commits ago. */
    void mergeToMain() {
        ObjectId main = world.refs().get(Ledger.MAIN);
        ObjectId base = main;
        for (int i = world.random.nextInt(3);
                i > 0 && !world.ledger.facts(base).parents().isEmpty();
                i--) {
            base = world.ledger.facts(base).parents().get(0);
        }
        String file = "feature" + ++commits + ".md";
        var onBranch = files(base);
        onBranch.put(file, blob("new\n"));
        ObjectId branch = commit(List.of(base), onBranch, "Feature");
        var merged = files(main);
        merged.put(file, blob("new\n"));
        push("merges to main", Ledger.MAIN, commit(List.of(main, branch), merged, "Merge"));
    }

    /** Somebody moves main to a commit of auto that CI may not have tested. */
    void moveMainToAuto() {
        push("moves main to auto", Ledger.MAIN, world.any(queued()).sha());
    }

    /** Somebody merges auto into main. */
    void mergeAutoToMain() {
        ObjectId main = world.refs().get(Ledger.MAIN);
        ObjectId auto = world.refs().get(Ledger.AUTO);
        push("merges auto to main", Ledger.MAIN, commit(List.of(main, auto), files(auto), "Merge auto"));
    }

    /** Somebody copies a commit of auto to main. */
    void pickToMain() {
        Facts picked = world.any(queued());
        ObjectId main = world.refs().get(Ledger.MAIN);
        var files = files(main);
        Map<String, ObjectId> before = files(picked.parents().get(0));
        files(picked.sha()).forEach((path, blob) -> {
            if (!blob.equals(before.get(path))) {
                files.put(path, blob);
            }
        });
        push("picks " + picked.key(), Ledger.MAIN, commit(List.of(main), files, picked.message(), picked.author()));
    }

    /** Somebody makes main good again. */
    void repairMain() {
        ObjectId main = world.refs().get(Ledger.MAIN);
        if (!world.ci.isGood(main)) {
            var files = edited(files(main));
            for (String wave : Ledger.WAVES) {
                files.keySet().removeIf(path -> path.startsWith("images/" + wave + "/"));
            }
            push("repairs main", Ledger.MAIN, commit(List.of(main), files, "Repair"));
        }
    }

    // ---- auto -------------------------------------------------------------------------------------------------

    /** Somebody commits to auto. */
    void commitToAuto() {
        push("edits auto", Ledger.AUTO, edit(world.refs().get(Ledger.AUTO)));
    }

    /** Somebody merges main, or a branch of theirs, into auto. */
    void mergeToAuto() {
        ObjectId auto = world.refs().get(Ledger.AUTO);
        ObjectId main = world.refs().get(Ledger.MAIN);
        var files = files(auto);
        files(main).forEach(files::putIfAbsent);
        boolean ours = world.random.nextInt(4) > 0;
        List<ObjectId> parents = ours ? List.of(auto, main) : List.of(main, auto);
        push("merges main into auto", Ledger.AUTO, commit(parents, files, "Merge main"));
    }

    void deleteAuto() {
        world.pushByPeople("deletes auto", Ledger.AUTO, ObjectId.zeroId());
    }

    /** Somebody sets auto back: to main, or to what it was. */
    void resetAuto() {
        List<ObjectId> been = world.autoHasBeen;
        ObjectId to =
                been.isEmpty() || world.random.nextBoolean() ? world.refs().get(Ledger.MAIN) : world.any(been);
        push("resets auto", Ledger.AUTO, to);
    }

    private List<Facts> queued() {
        ObjectId auto = world.refs().get(Ledger.AUTO);
        return auto == null ? List.of() : world.ledger.queued(auto);
    }

    /** Whether auto has commits, in a straight line on main, so that no merge can conflict. */
    boolean seeAStraightQueue() {
        List<Facts> queued = queued();
        return !queued.isEmpty()
                && queued.get(0).parents().get(0).equals(world.refs().get(Ledger.MAIN))
                && queued.stream().allMatch(commit -> commit.parents().size() == 1);
    }

    // ---- with git ---------------------------------------------------------------------------------------------

    private void push(String what, String ref, ObjectId commit) {
        world.pushByPeople(what + ": " + world.shown(commit), ref, commit);
    }

    private ObjectId edit(ObjectId parent) {
        var files = files(parent);
        String subject =
                switch (world.random.nextInt(8)) {
                    case 0, 1 -> {
                        // Two such edits conflict if they are of the same line or of neighbours.
                        String[] lines = text(files, "README.md").split("\n");
                        lines[world.random.nextInt(lines.length)] = "edit " + commits;
                        files.put("README.md", blob(String.join("\n", lines) + "\n"));
                        yield "Edit";
                    }
                    case 2, 3 -> {
                        files.put("new" + commits + ".md", blob("new\n"));
                        yield "Add";
                    }
                    case 4 -> {
                        boolean broken = text(files, "health.md").contains("broken") || world.random.nextBoolean();
                        files.put("health.md", blob(broken ? "well\n" : "broken\n"));
                        yield broken ? "Repair" : "Break";
                    }
                    case 5, 6 -> {
                        String wave = world.any(Ledger.WAVES);
                        ImageSet set = world.images(parent, wave).mergedWith(world.someImages());
                        ImageSetFiles.write(set, Layout.TAGS_AND_DIGESTS)
                                .forEach((name, bytes) -> files.put("images/" + wave + "/" + name, blob(bytes)));
                        yield "Set images";
                    }
                    default -> {
                        String file = "images/" + world.any(Ledger.WAVES) + "/tags.json";
                        String tags = text(files, file);
                        // The same in another form, or garbage.
                        files.put(
                                file, blob(world.random.nextInt(4) > 0 ? tags.replace("\n", " ") + "\n" : "{garbage"));
                        yield "Format";
                    }
                };
        return commit(List.of(parent), files, subject);
    }

    private ObjectId commit(List<ObjectId> parents, Map<String, ObjectId> files, String subject) {
        var ada = new PersonIdent("Ada", "ada@example.com", world.clock.instant(), ZoneOffset.UTC);
        return commit(parents, files, subject + " (h" + ++commits + ")\n", ada);
    }

    private ObjectId commit(List<ObjectId> parents, Map<String, ObjectId> files, String message, PersonIdent author) {
        try (ObjectInserter inserter = world.server.repository().newObjectInserter()) {
            DirCache index = DirCache.newInCore();
            var entries = index.builder();
            files.forEach((path, blob) -> {
                var entry = new DirCacheEntry(path);
                entry.setFileMode(FileMode.REGULAR_FILE);
                entry.setObjectId(blob);
                entries.add(entry);
            });
            entries.finish();
            var commit = new CommitBuilder();
            commit.setTreeId(index.writeTree(inserter));
            commit.setParentIds(new ArrayList<>(parents));
            commit.setAuthor(author);
            commit.setCommitter(new PersonIdent(author, world.clock.instant()));
            commit.setMessage(message);
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectId blob(String text) {
        return blob(text.getBytes(StandardCharsets.UTF_8));
    }

    private ObjectId blob(byte[] bytes) {
        try (ObjectInserter inserter = world.server.repository().newObjectInserter()) {
            ObjectId id = inserter.insert(Constants.OBJ_BLOB, bytes);
            inserter.flush();
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text(Map<String, ObjectId> files, String path) {
        ObjectId blob = files.get(path);
        return blob == null
                ? "{}"
                : new String(world.server.repository().objects().get(blob).getCachedBytes(), StandardCharsets.UTF_8);
    }

    private TreeMap<String, ObjectId> files(ObjectId commit) {
        try (var reader = world.server.repository().newObjectReader();
                var walk = new TreeWalk(reader)) {
            walk.setRecursive(true);
            walk.addTree(world.ledger.facts(commit).tree());
            var files = new TreeMap<String, ObjectId>();
            while (walk.next()) {
                files.put(walk.getPathString(), walk.getObjectId(0));
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
