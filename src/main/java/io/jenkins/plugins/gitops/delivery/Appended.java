package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.repo.Appending;
import io.jenkins.plugins.gitops.repo.QueuedCommit;
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
public record Appended(
        String id,
        String sha,
        boolean changed,
        boolean superseded,
        @CheckForNull String attachedTo) {

    public Appended(String id, String sha, boolean changed, boolean superseded, @Nullable String attachedTo) {
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
    static Appended of(String id, Appending appending, ObjectId main) {
        if (appending instanceof Appending.Unchanged unchanged) {
            return new Appended(id, unchanged.main().name(), false, false, null);
        }
        if (appending instanceof Appending.Attached attached) {
            QueuedCommit to = attached.to();
            return new Appended(to.id(), to.sha().name(), true, false, to.id());
        }
        return new Appended(id, main.name(), false, true, null);
    }
}
