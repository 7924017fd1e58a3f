package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;

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
}
