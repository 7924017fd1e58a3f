package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.generation.GeneratedTrees;
import io.jenkins.plugins.gitops.generation.InputTrees;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;

/**
 * The files that bodies of steps can read: all but generated files. Where no generator makes these again, a replayed
 * change keeps what its body made of other files than those that lie beside it then, and may fail its checks for that.
 */
final class BodyInputs {

    private final Repository git;
    private final GeneratedTrees generated;

    BodyInputs(Repository git, GeneratedTrees generated) {
        this.git = git;
        this.generated = generated;
    }

    /** The trailers of a change whose body made a tree, with what that body could read. */
    ChangeTrailers record(ChangeTrailers change, ObjectId made, ObjectReader reader) throws IOException {
        return generated.hasGenerator() ? change : change.withBodyInputs(of(made, reader));
    }

    /** Whether a commit has files of a body that could read other files than those that the commit has. */
    boolean haveChanged(QueuedCommit commit) throws IOException {
        Optional<String> known = commit.trailers().flatMap(ChangeTrailers::bodyInputs);
        if (generated.hasGenerator() || known.isEmpty()) {
            return false;
        }
        try (ObjectReader reader = git.newObjectReader()) {
            return !known.get().equals(of(commit.tree(), reader));
        }
    }

    private String of(ObjectId tree, ObjectReader reader) throws IOException {
        return new InputTrees(reader, new IdsOnly(), generated.paths()).of(tree).name();
    }
}
