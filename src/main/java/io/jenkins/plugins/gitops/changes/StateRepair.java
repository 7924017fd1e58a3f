package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.signing.TrustedSigners;
import io.jenkins.plugins.gitops.waves.RejectedImages;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Finds the files and folders of the state ref that cannot be used, and repairs the state: each of them is replaced by
 * the last usable version in the history of the state, or removed if there is none. The replaced versions stay in the
 * history.
 *
 * <p>Used by one thread at a time.
 */
public final class StateRepair {

    private static final List<String> FOLDERS = List.of(StateRef.CHANGES, StateRef.WAVES, RejectionStore.FOLDER);
    private static final String ENDING = ".json";

    private final Repository git;
    private final CommitSigner signer;
    private final StateRef stateRef;
    private final DecisionHistory history;
    private ObjectId checked = ObjectId.zeroId();
    private List<StateFileProblem> found = List.of();

    public StateRepair(Repository git, CommitSigner signer, StateRef stateRef, DecisionHistory history) {
        this.git = git;
        this.signer = signer;
        this.stateRef = stateRef;
        this.history = history;
    }

    /**
     * The files and folders of the state that cannot be used.
     *
     * @param decisions the number of latest decisions whose files are read
     */
    public List<StateFileProblem> problems(ObjectId state, int decisions) throws IOException {
        if (!state.equals(checked)) {
            found = ofFolders(state);
            checked = state.copy();
        }
        var all = new ArrayList<>(found);
        if (decisions > 0) {
            history.newest(state, decisions);
            all.addAll(history.problems());
        }
        return all;
    }

    private List<StateFileProblem> ofFolders(ObjectId state) throws IOException {
        var problems = new ArrayList<StateFileProblem>();
        try (ObjectReader reader = git.newObjectReader()) {
            ObjectId tree = StateRef.tree(git, state);
            for (String folder : FOLDERS) {
                TreeEdit.Entry entry = TreeEdit.find(reader, tree, folder);
                if (entry != null && !entry.isTree()) {
                    problems.add(new StateFileProblem(folder, "is not a folder"));
                } else if (entry != null && folder.equals(StateRef.WAVES)) {
                    checkWaves(reader, entry.id(), folder + "/", problems);
                } else if (entry != null && folder.equals(StateRef.CHANGES)) {
                    checkDays(reader, entry.id(), folder + "/", problems);
                }
            }
            TreeEdit.Entry main = TreeEdit.find(reader, tree, StateRef.MAIN);
            if (main != null) {
                problem(reader, main, StateRef.MAIN).ifPresent(problems::add);
            }
        }
        stateRef.rejections()
                .problem(state)
                .filter(known -> !problems.contains(known))
                .ifPresent(problems::add);
        return List.copyOf(problems);
    }

    private static void checkWaves(ObjectReader reader, ObjectId folder, String path, List<StateFileProblem> problems)
            throws IOException {
        for (var entry : TreeEdit.read(reader, folder).entrySet()) {
            String name = path + entry.getKey();
            if (name.endsWith(ENDING) || name.endsWith(ENDING + "/")) {
                String file = name.replaceFirst("/$", "");
                problem(reader, entry.getValue(), file).ifPresent(problems::add);
            } else if (entry.getValue().isTree()) {
                checkWaves(reader, entry.getValue().id(), name, problems);
            } else {
                problems.add(new StateFileProblem(name, "is not a folder"));
            }
        }
    }

    private static void checkDays(ObjectReader reader, ObjectId folder, String path, List<StateFileProblem> problems)
            throws IOException {
        TreeEdit.read(reader, folder).forEach((name, entry) -> {
            if (!entry.isTree()) {
                problems.add(new StateFileProblem(path + name, "is not a folder"));
            }
        });
    }

    private static Optional<StateFileProblem> problem(ObjectReader reader, TreeEdit.Entry entry, String path)
            throws IOException {
        try {
            if (path.startsWith(StateRef.CHANGES + "/")) {
                DecidedChange.parse(TreeEdit.readJson(reader, entry));
            } else if (path.startsWith(StateRef.WAVES + "/")) {
                WaveState.read(Optional.of(TreeEdit.readJson(reader, entry)));
            } else if (path.equals(StateRef.MAIN)) {
                StateRef.readMain(TreeEdit.readJson(reader, entry));
            } else {
                RejectedImages.read(TreeEdit.readJson(reader, entry));
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(new StateFileProblem(path, e.getMessage()));
        }
    }

    /**
     * Creates a commit on the state in which all files can be used.
     *
     * @param problems the result of {@link #problems}
     * @param by who requested the repair, for the commit message
     * @return the new tip of the state
     */
    public ObjectId repair(ObjectId state, List<StateFileProblem> problems, String by, PersonIdent who)
            throws IOException {
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader()) {
            var message = new StringBuilder("The state is repaired\n\n");
            ObjectId tree = StateRef.tree(git, state);
            for (StateFileProblem problem : problems) {
                Optional<Earlier> earlier = lastUsable(reader, state, problem.path());
                tree = new TreeEdit(reader, inserter).replace(tree, problem.path(), earlier.map(Earlier::entry));
                message.append(problem.clause())
                        .append(earlier.map(found -> ": it is again as in " + found.commit())
                                .orElse(": removed"))
                        .append('\n');
            }
            return commit(inserter, state, tree, message.toString(), by, who);
        }
    }

    private ObjectId commit(
            ObjectInserter inserter, ObjectId state, ObjectId tree, String message, String by, PersonIdent who)
            throws IOException {
        var commit = new CommitBuilder();
        commit.setTreeId(tree);
        commit.setParentId(state);
        commit.setAuthor(who);
        commit.setCommitter(who);
        commit.setMessage(
                message + "\nWhat was there stays in " + state.name() + ".\nBy: " + SingleLine.whole(by) + "\n");
        ObjectId tip = signer.insert(inserter, commit);
        inserter.flush();
        return tip;
    }

    /** The result of {@link #restoreTrusted}. */
    public record Restored(ObjectId tip, String sentence) {}

    /**
     * Creates a commit on a state whose last commit does not count: with the files of the last commit in its history
     * that does, or with those that are there if none does.
     *
     * @param by who requested that, for the commit message
     */
    public Restored restoreTrusted(ObjectId state, TrustedSigners trusted, String by, PersonIdent who)
            throws IOException {
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader();
                var walk = new RevWalk(reader)) {
            RevCommit present = walk.parseCommit(state);
            RevCommit commit = present;
            while (commit.getParentCount() > 0) {
                commit = walk.parseCommit(commit.getParent(0));
                if (trusted.refusal(reader, commit).isEmpty()) {
                    String sentence = "the state is again as in " + commit.name()
                            + ", the last commit of one of the trustedSigners";
                    String message = "Not trusted: " + sentence + "\n";
                    return new Restored(commit(inserter, state, commit.getTree(), message, by, who), sentence);
                }
            }
            String sentence = "the state is accepted as it is, since no commit of its history is of one of the"
                    + " trustedSigners";
            ObjectId tip = commit(inserter, state, present.getTree(), "Trusted: " + sentence + "\n", by, who);
            return new Restored(tip, sentence);
        }
    }

    /** An entry of the state's tree as it was in an earlier commit. */
    private record Earlier(TreeEdit.Entry entry, String commit) {}

    private static Optional<Earlier> lastUsable(ObjectReader reader, ObjectId state, String path) throws IOException {
        try (var walk = new RevWalk(reader)) {
            RevCommit commit = walk.parseCommit(state);
            TreeEdit.Entry unusable = TreeEdit.findBytes(reader, commit.getTree(), path);
            while (commit.getParentCount() > 0) {
                commit = walk.parseCommit(commit.getParent(0));
                TreeEdit.Entry entry = TreeEdit.findBytes(reader, commit.getTree(), path);
                if (entry != null && !entry.equals(unusable)) {
                    if (isUsable(reader, entry, path)) {
                        return Optional.of(new Earlier(entry, commit.name()));
                    }
                    unusable = entry;
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isUsable(ObjectReader reader, TreeEdit.Entry entry, String path) throws IOException {
        return isFile(path) ? problem(reader, entry, path).isEmpty() : entry.isTree();
    }

    /** Whether a file belongs at a path, whatever its name is, and not a folder. */
    private static boolean isFile(String path) {
        String decisions = StateRef.CHANGES + "/";
        return path.startsWith(decisions)
                ? path.indexOf('/', decisions.length()) >= 0
                : path.endsWith(ENDING) && !path.startsWith(RejectionStore.FOLDER + "/");
    }
}
