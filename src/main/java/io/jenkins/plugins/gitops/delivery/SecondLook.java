package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.repo.View;

/** A look may be torn, since a server tells refs one by one: what is strange is believed when two looks find the same. */
final class SecondLook {

    @CheckForNull
    private View strange;

    /** Whether something strange that a look found was found by the one before it, too. */
    boolean finds(View view) {
        if (view.equals(strange)) {
            return true;
        }
        strange = view;
        return false;
    }
}
