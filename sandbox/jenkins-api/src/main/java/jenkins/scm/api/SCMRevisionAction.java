package jenkins.scm.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.InvisibleAction;

/** Living: which revision a build built. */
public class SCMRevisionAction extends InvisibleAction {
    @NonNull
    private final SCMRevision revision;

    public SCMRevisionAction(@NonNull SCMRevision rev) {
        this.revision = rev;
    }

    @NonNull
    public SCMRevision getRevision() {
        return revision;
    }
}
