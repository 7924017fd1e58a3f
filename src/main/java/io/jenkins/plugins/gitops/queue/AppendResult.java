package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import org.eclipse.jgit.lib.ObjectId;

/** What becomes of a change that is to be appended. */
public sealed interface AppendResult {

    /** It becomes a commit of its own on the tip. */
    record Commit(QueuedCommit commit) implements AppendResult {}

    /** Main has its content already, and nothing queued would take it away. */
    record Unchanged(ObjectId main) implements AppendResult {}

    /** A queued change brings everything of it that main lacks. */
    record Attached(QueuedCommit to) implements AppendResult {}

    /** What was generated for it does not fit on what the branch has become meanwhile. */
    record Conflict(String reason) implements AppendResult {}

    /** A later build of the same job has written all of it already. */
    record Superseded(String by) implements AppendResult {}
}
