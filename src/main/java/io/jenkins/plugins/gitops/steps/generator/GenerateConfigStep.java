package io.jenkins.plugins.gitops.steps.generator;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Makes the generated files of all commits of a config repository that wait for them, with its body. */
@Restricted(NoExternalUse.class)
public final class GenerateConfigStep extends Step {

    @CheckForNull
    private String repo;

    /** Every option has a default. */
    @DataBoundConstructor
    public GenerateConfigStep() {}

    @CheckForNull
    public String getRepo() {
        return repo;
    }

    @DataBoundSetter
    public void setRepo(@CheckForNull String repo) {
        this.repo = Util.fixEmptyAndTrim(repo);
    }

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
