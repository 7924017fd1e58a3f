package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import org.eclipse.jgit.lib.ObjectId;

/** What a change becomes that is to be appended to the auto branch. */
public sealed interface AppendResult {

    /** It becomes a commit on the tip. */
    record Commit(QueuedCommit commit) implements AppendResult {}

    /** What was generated for it does not fit on what the branch has become meanwhile. */
    record Conflict(String reason) implements AppendResult {}

    /** It needs no commit. */
    sealed interface NotNeeded extends AppendResult {}

    /** Main has its content already, and nothing queued would take it away. */
    record Unchanged(ObjectId main) implements NotNeeded {}

    /** A queued change brings everything of it that main lacks. */
    record Attached(QueuedCommit to) implements NotNeeded {}

    /** Something newer took its place: a later build of the same job has written all of it, or a newer set waits. */
    record Superseded() implements NotNeeded {}
}
