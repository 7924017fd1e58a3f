package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.base.RequestingStep;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Reports the result of a check of a config commit, from a job that is the CI of the config repository. */
@Restricted(NoExternalUse.class)
public final class ReportCiStatusStep extends RequestingStep {

    @CheckForNull
    private final String sha;

    @CheckForNull
    private final String context;

    @CheckForNull
    private final String state;

    @CheckForNull
    private String url;

    @CheckForNull
    private String description;

    /**
     * Takes the required arguments.
     *
     * @param sha the commit of the config repository
     * @param context the exact name of the check
     * @param state {@code pending}, {@code success}, {@code failure} or {@code error}
     */
    @DataBoundConstructor
    public ReportCiStatusStep(String sha, String context, String state) {
        this.sha = Util.fixEmptyAndTrim(sha);
        this.context = Util.fixEmptyAndTrim(context);
        this.state = Util.fixEmptyAndTrim(state);
    }

    @CheckForNull
    public String getSha() {
        return sha;
    }

    @CheckForNull
    public String getContext() {
        return context;
    }

    @CheckForNull
    public String getState() {
        return state;
    }

    @CheckForNull
    public String getUrl() {
        return url;
    }

    @DataBoundSetter
    public void setUrl(@CheckForNull String url) {
        this.url = Util.fixEmptyAndTrim(url);
    }

    @CheckForNull
    public String getDescription() {
        return description;
    }

    @DataBoundSetter
    public void setDescription(@CheckForNull String description) {
        this.description = Util.fixEmptyAndTrim(description);
    }

    @Override
    public StepExecution start(StepContext stepContext) {
        return new ReportCiStatusExecution(stepContext, this);
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return "reportCiStatus";
        }

        @Override
        public String getDisplayName() {
            return Messages.ReportCiStatusStep_DisplayName();
        }
    }
}
