package io.jenkins.plugins.gitops.steps.gates;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.base.ImageSetRequestingStep;
import io.jenkins.plugins.gitops.steps.base.StateCommandExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import io.jenkins.plugins.gitops.waves.WavePath;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Has verifications of what a wave runs done again. */
@Restricted(NoExternalUse.class)
public final class VerifyWaveStep extends ImageSetRequestingStep {

    @CheckForNull
    private final String wave;

    @CheckForNull
    private String name;

    /** Takes the required argument. */
    @DataBoundConstructor
    public VerifyWaveStep(String wave) {
        this.wave = Util.fixEmptyAndTrim(wave);
    }

    @CheckForNull
    public String getWave() {
        return wave;
    }

    @CheckForNull
    public String getName() {
        return name;
    }

    @DataBoundSetter
    public void setName(@CheckForNull String name) {
        this.name = Util.fixEmptyAndTrim(name);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new StateCommandExecution(context, this, (configured, by, now) -> {
            String named = StepArguments.required(wave, "verifyWave", "wave");
            StepArguments.wave(configured, named);
            return SavedGateCommand.repeat(
                    WavePath.of(named, StepArguments.set(configured, getSet()).orElse(null)), name, by, now);
        });
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return "verifyWave";
        }

        @Override
        public String getDisplayName() {
            return Messages.VerifyWaveStep_DisplayName();
        }
    }
}
