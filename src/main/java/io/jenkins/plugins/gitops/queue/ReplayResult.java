package io.jenkins.plugins.gitops.queue;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The auto branch after its commits were replayed.
 *
 * @param kept those that stay, in their new place
 * @param dropped those that ended on the way
 */
public record ReplayResult(ObjectId tip, List<QueuedCommit> kept, List<Dropped> dropped) {

    /**
     * A change that ended by a replay.
     *
     * @param reason a sentence
     * @param by the commit or change that has its content or took its place, if there is one
     */
    public record Dropped(
            QueuedCommit commit,
            Outcome outcome,
            String reason,
            @CheckForNull String by) {

        public Dropped(QueuedCommit commit, Outcome outcome, String reason, @Nullable String by) {
            this.commit = commit;
            this.outcome = outcome;
            this.reason = reason;
            this.by = by;
        }
    }

    public ReplayResult {
        kept = List.copyOf(kept);
        dropped = List.copyOf(dropped);
    }
}
