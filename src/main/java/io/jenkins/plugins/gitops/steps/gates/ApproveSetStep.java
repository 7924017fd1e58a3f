package io.jenkins.plugins.gitops.steps.gates;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.base.ImageSetRequestingStep;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Approves a set for a wave, as the person who started the build. */
@Restricted(NoExternalUse.class)
public final class ApproveSetStep extends ImageSetRequestingStep {

    @CheckForNull
    private final String wave;

    @CheckForNull
    private String revision;

    @CheckForNull
    private String comment;

    private boolean withdraw;

    /**
     * Takes the required argument.
     *
     * @param wave the wave that the set may be promoted into
     */
    @DataBoundConstructor
    public ApproveSetStep(String wave) {
        this.wave = Util.fixEmptyAndTrim(wave);
    }

    @CheckForNull
    public String getWave() {
        return wave;
    }

    @CheckForNull
    public String getRevision() {
        return revision;
    }

    @DataBoundSetter
    public void setRevision(@CheckForNull String revision) {
        this.revision = Util.fixEmptyAndTrim(revision);
    }

    @CheckForNull
    public String getComment() {
        return comment;
    }

    @DataBoundSetter
    public void setComment(@CheckForNull String comment) {
        this.comment = Util.fixEmptyAndTrim(comment);
    }

    public boolean isWithdraw() {
        return withdraw;
    }

    @DataBoundSetter
    public void setWithdraw(boolean withdraw) {
        this.withdraw = withdraw;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new ApproveSetExecution(context, this);
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return "approveSet";
        }

        @Override
        public String getDisplayName() {
            return Messages.ApproveSetStep_DisplayName();
        }
    }
}
