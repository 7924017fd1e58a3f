package io.jenkins.plugins.gitops.steps;

import hudson.Extension;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** The step {@code awaitArgoSync} by a name that fits Flux as well. */
@Restricted(NoExternalUse.class)
public final class AwaitRolloutStep extends AwaitArgoSyncStep {

    private static final String FUNCTION = "awaitRollout";

    /**
     * Names the wave.
     *
     * @param wave whose targets are to run the commit
     */
    @DataBoundConstructor
    public AwaitRolloutStep(String wave) {
        super(wave);
    }

    @Override
    String functionName() {
        return FUNCTION;
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return FUNCTION;
        }

        @Override
        public String getDisplayName() {
            return Messages.AwaitRolloutStep_DisplayName();
        }
    }
}
