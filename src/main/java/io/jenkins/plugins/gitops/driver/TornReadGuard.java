package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.git.RefSnapshot;

/**
 * Guards against torn reads: a server lists refs one by one, so that a snapshot may show one ref before and another
 * after a push. A surprising snapshot is trusted when the look right after it finds it again; what an earlier look
 * found confirms nothing.
 */
final class TornReadGuard {

    /** The surprising snapshot of the last look, and that of the present one. */
    @CheckForNull
    private RefSnapshot last;

    @CheckForNull
    private RefSnapshot present;

    /** Begins the next look. */
    void beginLook() {
        last = present;
        present = null;
    }

    /**
     * Records a surprising snapshot; returns whether the last look found it too, so that it can be trusted.
     */
    boolean recordAndConfirm(RefSnapshot snapshot) {
        present = snapshot;
        return snapshot.equals(last);
    }
}
