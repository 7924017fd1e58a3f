package jenkins.scm.api;

import hudson.model.InvisibleAction;

/** Implemented: the revision of a build. */
public class SCMRevisionAction extends InvisibleAction {
    private final SCMRevision revision;

    public SCMRevisionAction(SCMRevision rev) {
        this.revision = rev;
    }

    public SCMRevision getRevision() {
        return revision;
    }
}
