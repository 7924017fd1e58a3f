package jenkins.scm.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Actionable;
import hudson.model.InvisibleAction;

/** Living: which revision a build built, if it says so. */
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

    @CheckForNull
    public static SCMRevision getRevision(@NonNull Actionable actionable) {
        SCMRevisionAction action = actionable.getAction(SCMRevisionAction.class);
        return action == null ? null : action.getRevision();
    }
}
