package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.git.RefSnapshot;

/** A look may be torn, since a server tells refs one by one: what is strange is believed when two looks find the same. */
final class TornReadGuard {

    @CheckForNull
    private RefSnapshot strange;

    /** Whether something strange that a look found was found by the one before it, too. */
    boolean confirms(RefSnapshot view) {
        if (view.equals(strange)) {
            return true;
        }
        strange = view;
        return false;
    }
}
