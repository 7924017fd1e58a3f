package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;

/** A step that submits requests to the driver. It waits up to a timeout while the git server cannot be reached. */
@Restricted(NoExternalUse.class)
public abstract class RequestingStep extends GitOpsStep {

    private String timeout = RequestingExecution.DEFAULT_TIMEOUT;

    public String getTimeout() {
        return timeout;
    }

    @DataBoundSetter
    public void setTimeout(@CheckForNull String timeout) {
        String given = Util.fixEmptyAndTrim(timeout);
        this.timeout = given == null ? RequestingExecution.DEFAULT_TIMEOUT : given;
    }
}
