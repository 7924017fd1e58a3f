package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Living: nothing to be seen. */
public abstract class InvisibleAction implements Action {
    @Override
    @CheckForNull
    public final String getIconFileName() {
        return null;
    }

    @Override
    @CheckForNull
    public final String getDisplayName() {
        return null;
    }

    @Override
    @CheckForNull
    public String getUrlName() {
        return null;
    }
}
