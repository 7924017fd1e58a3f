package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.gitops.steps.base.BodyStep;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Promotes the image set that one wave runs to the next wave, or rolls a wave back. */
@Restricted(NoExternalUse.class)
public final class PromoteWaveStep extends BodyStep {

    @CheckForNull
    private String from;

    @CheckForNull
    private String to;

    @CheckForNull
    private String revision;

    @CheckForNull
    private String message;

    @CheckForNull
    private String require;

    private boolean wait;
    private boolean dryRun;
    private boolean rollback;
    private boolean redeliver;

    /** Has no required argument: one of the waves has to be named, and the configuration gives the other one. */
    @DataBoundConstructor
    public PromoteWaveStep() {}

    @CheckForNull
    public String getFrom() {
        return from;
    }

    @DataBoundSetter
    public void setFrom(@CheckForNull String from) {
        this.from = Util.fixEmptyAndTrim(from);
    }

    @CheckForNull
    public String getTo() {
        return to;
    }

    @DataBoundSetter
    public void setTo(@CheckForNull String to) {
        this.to = Util.fixEmptyAndTrim(to);
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
    public String getMessage() {
        return message;
    }

    @DataBoundSetter
    public void setMessage(@CheckForNull String message) {
        this.message = Util.fixEmptyAndTrim(message);
    }

    public boolean isWait() {
        return wait;
    }

    @DataBoundSetter
    public void setWait(boolean wait) {
        this.wait = wait;
    }

    public boolean isDryRun() {
        return dryRun;
    }

    @DataBoundSetter
    public void setDryRun(boolean dryRun) {
        this.dryRun = dryRun;
    }

    public boolean isRollback() {
        return rollback;
    }

    @DataBoundSetter
    public void setRollback(boolean rollback) {
        this.rollback = rollback;
    }

    public boolean isRedeliver() {
        return redeliver;
    }

    @DataBoundSetter
    public void setRedeliver(boolean redeliver) {
        this.redeliver = redeliver;
    }

    @CheckForNull
    public String getRequire() {
        return require;
    }

    @DataBoundSetter
    public void setRequire(@CheckForNull String require) {
        this.require = Util.fixEmptyAndTrim(require);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new PromoteWaveExecution(context, this);
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return "promoteWave";
        }

        @Override
        public String getDisplayName() {
            return Messages.PromoteWaveStep_DisplayName();
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return acceptsOptionalBlock();
        }
    }
}
