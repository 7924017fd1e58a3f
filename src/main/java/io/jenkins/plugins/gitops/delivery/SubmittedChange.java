package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.queue.AppendResult;
import org.eclipse.jgit.lib.ObjectId;

/**
 * What became of a change that was handed to the driver.
 *
 * @param id the change to wait for: its own id, or that of the change it attached to
 * @param sha that change's commit; where nothing changed, or it was superseded, the tip of main
 * @param changed whether anything is to be waited for
 * @param superseded whether a later build of the same job has written all of it already
 * @param attachedTo the id of the queued change that brings the same content, or null
 */
public record SubmittedChange(
        String id,
        String sha,
        boolean changed,
        boolean superseded,
        @CheckForNull String attachedTo) {

    public SubmittedChange(String id, String sha, boolean changed, boolean superseded, @Nullable String attachedTo) {
        this.id = id;
        this.sha = sha;
        this.changed = changed;
        this.superseded = superseded;
        this.attachedTo = attachedTo;
    }

    /**
     * What became of a change that was not committed.
     *
     * @param main the tip of main
     */
    public static SubmittedChange of(String id, AppendResult.NotNeeded result, ObjectId main) {
        if (result instanceof AppendResult.Unchanged unchanged) {
            return new SubmittedChange(id, unchanged.main().name(), false, false, null);
        }
        if (result instanceof AppendResult.Attached attached) {
            QueuedCommit to = attached.to();
            return new SubmittedChange(to.id(), to.sha().name(), true, false, to.id());
        }
        return new SubmittedChange(id, main.name(), false, true, null);
    }
}
