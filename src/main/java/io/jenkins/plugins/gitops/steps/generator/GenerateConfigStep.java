package io.jenkins.plugins.gitops.steps.generator;

import hudson.Extension;
import io.jenkins.plugins.gitops.steps.base.GitOpsStep;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** Makes the generated files of all commits of a config repository that wait for them, with its body. */
@Restricted(NoExternalUse.class)
public final class GenerateConfigStep extends GitOpsStep {

    /** Every option has a default. */
    @DataBoundConstructor
    public GenerateConfigStep() {}

    @Override
    public StepExecution start(StepContext context) {
        return new GenerateConfigExecution(context, this);
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return "generateConfig";
        }

        @Override
        public String getDisplayName() {
            return Messages.GenerateConfigStep_DisplayName();
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }
    }
}
