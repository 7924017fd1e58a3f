package io.jenkins.plugins.gitops.generation;

import io.jenkins.plugins.gitops.common.HexDigest;
import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;

/**
 * The answers of the generator of a repository, by input tree. The newest {@value #MAX_KEPT} complete trees are kept
 * in the clone, across restarts, and never leave it; failures are kept by this process alone. Another generator, or one
 * that makes other files, begins without answers. Thread-safe.
 */
public final class GeneratedTrees {

    private static final int MAX_KEPT = 5000;

    /**
     * A ref of the clone that is never pushed. Its tree has one entry for each answer, oldest first by name, and an empty
     * one that says which generator has given them.
     */
    private static final String REF = "refs/generated-trees";

    /** The result of generating. */
    public sealed interface Answer {

        /** The input tree with its generated files. */
        record Complete(ObjectId tree) implements Answer {}

        /**
         * The generator failed.
         *
         * @param reason a part of a sentence, with the build that says more
         */
        record Failed(String reason, Instant at) implements Answer {}
    }

    private final Repository git;
    private final PathPatterns paths;
    private final Optional<GeneratorSettings> generator;

    /** Oldest first. */
    private final Map<ObjectId, ObjectId> complete = new LinkedHashMap<>();

    private final Map<ObjectId, Answer.Failed> failed = new LinkedHashMap<>();
    private boolean loaded;
    private boolean changed;

    /**
     * Creates the answers of a clone.
     *
     * @param paths the generated files
     * @param generator makes them; without one trees are not divided, and nothing is wanted
     */
    public GeneratedTrees(Repository git, PathPatterns paths, Optional<GeneratorSettings> generator) {
        this.git = git;
        this.paths = paths;
        this.generator = generator;
    }

    /** The patterns of the generated files. */
    public PathPatterns paths() {
        return paths;
    }

    public boolean hasGenerator() {
        return generator.isPresent();
    }

    /** Divides trees; without a generator everything is input. */
    public InputTrees inputs(ObjectReader reader, ObjectInserter inserter) {
        return new InputTrees(reader, inserter, hasGenerator() ? paths : PathPatterns.NONE);
    }

    /** The answer for an input tree. */
    public synchronized Optional<Answer> find(ObjectId input) throws IOException {
        load();
        ObjectId tree = complete.get(input);
        return tree != null ? Optional.of(new Answer.Complete(tree)) : Optional.ofNullable(failed.get(input));
    }

    /** Records a complete tree, which the clone has. */
    synchronized void complete(ObjectId input, ObjectId tree) throws IOException {
        load();
        failed.remove(input);
        complete.remove(input);
        complete.put(input, tree);
        removeOldest(complete);
        changed = true;
    }

    synchronized void failed(ObjectId input, Answer.Failed answer) {
        failed.put(input, answer);
        removeOldest(failed);
    }

    /** Forgets a failure, so that the tree is generated again. */
    synchronized void forget(ObjectId input) {
        failed.remove(input);
    }

    /** Forgets all answers, so that whatever is wanted from now on is generated again. */
    public synchronized void forgetAll() throws IOException {
        load();
        complete.clear();
        failed.clear();
        changed = true;
    }

    private static void removeOldest(Map<ObjectId, ?> answers) {
        if (answers.size() > MAX_KEPT) {
            answers.remove(answers.keySet().iterator().next());
        }
    }

    private void load() throws IOException {
        if (loaded) {
            return;
        }
        loaded = true;
        Ref ref = git.exactRef(REF);
        if (ref == null) {
            return;
        }
        try (ObjectReader reader = git.newObjectReader()) {
            TreeMap<String, TreeEdit.Entry> entries = TreeEdit.read(reader, ref.getObjectId());
            if (entries.remove(origin()) == null) {
                return;
            }
            for (Map.Entry<String, TreeEdit.Entry> each : entries.entrySet()) {
                String name = each.getKey();
                complete.put(
                        ObjectId.fromString(name.substring(name.indexOf('-') + 1, name.length() - 1)),
                        each.getValue().id());
            }
        }
    }

    /** The name of the entry for the generator: its job, and the files that it makes. */
    private String origin() {
        String job = generator.map(GeneratorSettings::job).orElse("");
        return "of-" + HexDigest.sha256(job + "\n" + String.join("\n", paths.patterns())) + "/";
    }

    /** Writes the complete trees to the clone, if there are new ones. */
    public synchronized void save() throws IOException {
        if (!changed) {
            return;
        }
        var entries = new TreeMap<String, TreeEdit.Entry>();
        complete.forEach((input, tree) -> entries.put(
                "%06d-%s/".formatted(entries.size(), input.name()), new TreeEdit.Entry(FileMode.TREE, tree)));
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader()) {
            var edit = new TreeEdit(reader, inserter);
            entries.put(origin(), new TreeEdit.Entry(FileMode.TREE, edit.write(new TreeMap<>())));
            ObjectId kept = edit.write(entries);
            inserter.flush();
            RefUpdate update = git.updateRef(REF);
            update.setForceUpdate(true);
            update.setNewObjectId(kept);
            update.forceUpdate();
        }
        changed = false;
    }
}
