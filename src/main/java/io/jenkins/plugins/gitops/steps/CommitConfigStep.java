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

/** Writes images into a wave of a config repository and queues the change. */
@Restricted(NoExternalUse.class)
public final class CommitConfigStep extends BodyStep {

    @CheckForNull
    private String wave;

    @CheckForNull
    private Object images;

    @CheckForNull
    private String appSha;

    @CheckForNull
    private String message;

    private boolean replace;
    private boolean redeliver;
    private boolean dryRun;

    /** Every option has a default. */
    @DataBoundConstructor
    public CommitConfigStep() {}

    @CheckForNull
    public String getWave() {
        return wave;
    }

    @DataBoundSetter
    public void setWave(@CheckForNull String wave) {
        this.wave = Util.fixEmptyAndTrim(wave);
    }

    /** The images in the form of announcements, as a map or as JSON text. */
    @CheckForNull
    public Object getImages() {
        return images;
    }

    @DataBoundSetter
    public void setImages(@CheckForNull Object images) {
        this.images = images instanceof String text ? Util.fixEmptyAndTrim(text) : images;
    }

    @CheckForNull
    public String getAppSha() {
        return appSha;
    }

    @DataBoundSetter
    public void setAppSha(@CheckForNull String appSha) {
        this.appSha = Util.fixEmptyAndTrim(appSha);
    }

    @CheckForNull
    public String getMessage() {
        return message;
    }

    @DataBoundSetter
    public void setMessage(@CheckForNull String message) {
        this.message = Util.fixEmptyAndTrim(message);
    }

    public boolean isReplace() {
        return replace;
    }

    @DataBoundSetter
    public void setReplace(boolean replace) {
        this.replace = replace;
    }

    public boolean isRedeliver() {
        return redeliver;
    }

    @DataBoundSetter
    public void setRedeliver(boolean redeliver) {
        this.redeliver = redeliver;
    }

    public boolean isDryRun() {
        return dryRun;
    }

    @DataBoundSetter
    public void setDryRun(boolean dryRun) {
        this.dryRun = dryRun;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new CommitConfigExecution(context, this);
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return "commitConfig";
        }

        @Override
        public String getDisplayName() {
            return Messages.CommitConfigStep_DisplayName();
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return acceptsOptionalBlock();
        }
    }
}
