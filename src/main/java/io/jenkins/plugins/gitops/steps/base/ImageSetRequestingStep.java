package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;

/** A step that submits requests about one image set to the driver. */
@Restricted(NoExternalUse.class)
public abstract class ImageSetRequestingStep extends RequestingStep {

    @CheckForNull
    private String set;

    @CheckForNull
    public String getSet() {
        return set;
    }

    @DataBoundSetter
    public void setSet(@CheckForNull String set) {
        this.set = Util.fixEmptyAndTrim(set);
    }
}
