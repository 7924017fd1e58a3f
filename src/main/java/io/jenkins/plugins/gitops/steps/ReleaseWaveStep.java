package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.base.RequestingStep;
import io.jenkins.plugins.gitops.steps.base.StateCommandExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** Ends the hold of a wave. */
@Restricted(NoExternalUse.class)
public final class ReleaseWaveStep extends RequestingStep {

    @CheckForNull
    private final String wave;

    /** Takes the required argument. */
    @DataBoundConstructor
    public ReleaseWaveStep(String wave) {
        this.wave = Util.fixEmptyAndTrim(wave);
    }

    @CheckForNull
    public String getWave() {
        return wave;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new StateCommandExecution(context, this, (configured, by, now) -> {
            String name = StepArguments.required(wave, "releaseWave", "wave");
            StepArguments.wave(configured, name);
            return SavedStateCommand.release(name, by, now);
        });
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return "releaseWave";
        }

        @Override
        public String getDisplayName() {
            return Messages.ReleaseWaveStep_DisplayName();
        }
    }
}
