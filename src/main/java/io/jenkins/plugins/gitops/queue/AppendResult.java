package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.generation.GenerationRequest;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;

/** The result of appending a change to the auto branch. */
public sealed interface AppendResult {

    /** The change is a new commit on the tip. */
    record Commit(QueuedCommit commit) implements AppendResult {}

    /**
     * The change needs a commit for which the generator has to work first.
     *
     * @param provisional the commit without generated files, on which later changes may be tried
     * @param wanted the trees to generate, in this order
     */
    record Ungenerated(QueuedCommit provisional, List<GenerationRequest> wanted) implements AppendResult {}

    /** The generator fails for the change, and not for what is below it. */
    record Ungenerable(String reason) implements AppendResult {}

    /**
     * The wave had this commit of the application before, and something newer since.
     *
     * @param reason names both, and what to do
     */
    record Redelivered(String reason) implements AppendResult {}

    /** The files of the body conflict with changes that were appended meanwhile. */
    record Conflict(String reason) implements AppendResult {}

    /** The change needs no commit. */
    sealed interface NotNeeded extends AppendResult {}

    /** Main has the content of the change already, and no queued change removes it. */
    record Unchanged(ObjectId main) implements NotNeeded {}

    /** A queued change has all content of the change that main lacks. */
    record Attached(QueuedCommit to) implements NotNeeded {}

    /** A newer change replaces it: a later build of the same job has written all its services, or a newer set waits. */
    record Superseded() implements NotNeeded {}
}
