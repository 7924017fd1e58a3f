package io.jenkins.plugins.gitops.generation;

import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import io.jenkins.plugins.gitops.worktree.ConfigTree;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;

/**
 * The work of a generator on one tree: it is given all files but the generated ones, and what it makes is compared with
 * the generated files of before, so that only those that differ are read.
 */
public final class GenerationTask {

    /** Why a tree is generated. */
    enum Kind {
        FIRST,

        /** It was generated before, and the results are compared. */
        CHECK,

        /** It was taken before a restart. */
        RESUMED
    }

    private final Repository git;
    private final GeneratedTrees answers;
    private final GenerationRequest wanted;
    private final ObjectId before;
    private final boolean hadFiles;
    private final ConfigTree tree;
    private final Kind kind;

    private GenerationTask(
            Repository git,
            GeneratedTrees answers,
            GenerationRequest wanted,
            ObjectId before,
            boolean hadFiles,
            ConfigTree tree,
            Kind kind) {
        this.git = git;
        this.answers = answers;
        this.wanted = wanted;
        this.before = before;
        this.hadFiles = hadFiles;
        this.tree = tree;
        this.kind = kind;
    }

    /**
     * Reads the files of a wanted tree.
     *
     * @throws RequestRefused if the tree cannot be laid out
     */
    static GenerationTask of(Repository git, GeneratedTrees answers, GenerationRequest wanted, Kind kind)
            throws IOException, RequestRefused {
        SortedMap<String, Optional<TreeEdit.Entry>> files;
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader()) {
            files = answers.inputs(reader, inserter).generated(wanted.outdated());
        }
        ObjectId before = withFiles(git, wanted, files);
        var tree = new ConfigTree(git, wanted.input(), before, Set.of());
        if (files.keySet().retainAll(tree.files().keySet())) {
            // Submodules, and names that no workspace can have: no generator makes them, so they must not stay.
            before = withFiles(git, wanted, files);
            tree = new ConfigTree(git, wanted.input(), before, Set.of());
        }
        return new GenerationTask(git, answers, wanted, before, !files.isEmpty(), tree, kind);
    }

    private static ObjectId withFiles(
            Repository git, GenerationRequest wanted, SortedMap<String, Optional<TreeEdit.Entry>> files)
            throws IOException {
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader()) {
            ObjectId tree = new TreeEdit(reader, inserter).applyEntries(wanted.input(), files);
            inserter.flush();
            return tree;
        }
    }

    /** The id of the tree without generated files, by which the task is known. */
    public String input() {
        return wanted.input().name();
    }

    /** The id of the tree with the generated files of before. */
    public String outdated() {
        return wanted.outdated().name();
    }

    /** The purpose of the tree, such as {@code commit 3 of 5}. */
    public String purpose() {
        return kind == Kind.CHECK ? wanted.purpose() + ", again, to compare the results" : wanted.purpose();
    }

    /** The patterns of the generated files. */
    public PathPatterns paths() {
        return answers.paths();
    }

    /** The input tree with the generated files of before, which are not laid out. */
    public ConfigTree tree() {
        return tree;
    }

    Kind kind() {
        return kind;
    }

    boolean isOf(GeneratedTrees others) {
        return answers == others;
    }

    GenerationRequest wanted() {
        return wanted;
    }

    /**
     * Writes the tree with what was generated; returns its id.
     *
     * @throws RequestRefused if it cannot be what a generator makes of the input tree
     */
    ObjectId write(BodyChanges changes) throws IOException, RequestRefused {
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader()) {
            ObjectId complete = new TreeEdit(reader, inserter).applyBody(before, changes);
            InputTrees inputs = answers.inputs(reader, inserter);
            if (!inputs.of(complete).equals(wanted.input())) {
                throw new RequestRefused("what it made takes the place of other files");
            }
            if (hadFiles && inputs.generated(complete).isEmpty()) {
                throw new RequestRefused("it left no file in "
                        + String.join(", ", answers.paths().patterns()));
            }
            inserter.flush();
            return complete;
        }
    }
}
