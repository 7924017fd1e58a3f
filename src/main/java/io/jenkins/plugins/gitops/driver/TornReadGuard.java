package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.git.RefSnapshot;

/**
 * Guards against torn reads: a server lists refs one by one, so that a snapshot may show one ref before and another
 * after a push. A surprising snapshot is trusted when the next one is equal.
 */
final class TornReadGuard {

    @CheckForNull
    private RefSnapshot surprising;

    /**
     * Records a surprising snapshot; returns whether the previous surprising one was equal, so that it can be trusted.
     */
    boolean recordAndConfirm(RefSnapshot snapshot) {
        if (snapshot.equals(surprising)) {
            return true;
        }
        surprising = snapshot;
        return false;
    }
}
