package io.jenkins.plugins.gitops.steps.gates;

import hudson.AbortException;
import hudson.Extension;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.base.ImageDigestsStep;
import io.jenkins.plugins.gitops.steps.base.StateCommandExecution;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** Takes the rejection of images back. */
@Restricted(NoExternalUse.class)
public final class AcceptImagesStep extends ImageDigestsStep {

    /**
     * Takes the required argument.
     *
     * @param reason why the images are accepted, for people
     */
    @DataBoundConstructor
    public AcceptImagesStep(String reason) {
        super(reason);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new StateCommandExecution(
                context,
                this,
                (configured, by, now) -> SavedGateCommand.accept(named(), requiredReason("acceptImages"), by, now));
    }

    private List<String> named() throws AbortException {
        if (getDigests() == null) {
            throw new AbortException("acceptImages needs digests:, those of the images that were rejected.");
        }
        return namedDigests();
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return "acceptImages";
        }

        @Override
        public String getDisplayName() {
            return Messages.AcceptImagesStep_DisplayName();
        }
    }
}
