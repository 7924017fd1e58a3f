package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.base.ImageDigestsStep;
import io.jenkins.plugins.gitops.steps.base.StateCommandExecution;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Rejects images, which are then never promoted. */
@Restricted(NoExternalUse.class)
public final class RejectImagesStep extends ImageDigestsStep {

    @CheckForNull
    private String revision;

    /**
     * Takes the required argument.
     *
     * @param reason why the images are rejected, for people
     */
    @DataBoundConstructor
    public RejectImagesStep(String reason) {
        super(reason);
    }

    @CheckForNull
    public String getRevision() {
        return revision;
    }

    @DataBoundSetter
    public void setRevision(@CheckForNull String revision) {
        this.revision = Util.fixEmptyAndTrim(revision);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new StateCommandExecution(
                context,
                this,
                (configured, by, now) ->
                        SavedStateCommand.reject(named(), revision, requiredReason("rejectImages"), by, now));
    }

    private List<String> named() throws AbortException {
        if ((getDigests() == null) == (revision == null)) {
            throw new AbortException(
                    "rejectImages needs either digests:, or revision: to reject what a commit brought.");
        }
        return getDigests() == null ? List.of() : namedDigests();
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return "rejectImages";
        }

        @Override
        public String getDisplayName() {
            return Messages.RejectImagesStep_DisplayName();
        }
    }
}
