package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.base.ImageSetStep;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Waits until a change is merged or evicted, or several. */
@Restricted(NoExternalUse.class)
public final class WaitForCiAndMergeStep extends ImageSetStep {

    private static final String DEFAULT_TIMEOUT = "6h";

    @CheckForNull
    private Object commit;

    private String timeout = DEFAULT_TIMEOUT;
    private boolean evictOnAbort;

    /** Every option has a default. */
    @DataBoundConstructor
    public WaitForCiAndMergeStep() {}

    @CheckForNull
    public Object getCommit() {
        return commit;
    }

    /** The id of a change or the SHA of its commit, or a list of these. */
    @DataBoundSetter
    public void setCommit(@CheckForNull Object commit) {
        this.commit = commit instanceof CharSequence text ? Util.fixEmptyAndTrim(text.toString()) : commit;
    }

    public String getTimeout() {
        return timeout;
    }

    @DataBoundSetter
    public void setTimeout(@CheckForNull String timeout) {
        String given = Util.fixEmptyAndTrim(timeout);
        this.timeout = given == null ? DEFAULT_TIMEOUT : given;
    }

    public boolean isEvictOnAbort() {
        return evictOnAbort;
    }

    @DataBoundSetter
    public void setEvictOnAbort(boolean evictOnAbort) {
        this.evictOnAbort = evictOnAbort;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new WaitForCiAndMergeExecution(context, this);
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return "waitForCiAndMerge";
        }

        @Override
        public String getDisplayName() {
            return Messages.WaitForCiAndMergeStep_DisplayName();
        }
    }
}
