package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.util.FormValidation;
import java.util.Arrays;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Verdicts of a multibranch job of this controller that builds the auto branch and {@code auto-ci/*}: those of its runs,
 * by the revision that each has built.
 */
@Restricted(NoExternalUse.class)
public final class JenkinsJobCheckSource extends CheckSource {

    public static final String NAME = "jenkinsJob";

    @CheckForNull
    private final String job;

    /**
     * Names the job.
     *
     * @param job the full name of the multibranch job
     */
    @DataBoundConstructor
    public JenkinsJobCheckSource(String job) {
        this.job = Util.fixEmptyAndTrim(job);
    }

    @CheckForNull
    public String getJob() {
        return job;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    void check() {
        if (job == null) {
            throw new IllegalArgumentException("job is missing; give it the full name of a multibranch job.");
        }
    }

    @Override
    Object asConfigured() {
        return Arrays.asList(NAME, job);
    }

    /** Whether runs of a job decide: it is a branch of this one. */
    public boolean covers(Job<?, ?> branch) {
        return branch.getParent().getFullName().equals(job);
    }

    /** Offers this source in forms and YAML. */
    @Extension
    @Symbol(NAME)
    public static final class DescriptorImpl extends Descriptor<CheckSource> {

        @Override
        public String getDisplayName() {
            return Messages.JenkinsJobChecks_DisplayName();
        }

        /** Says in the form whether there is such a job. */
        @POST
        public FormValidation doCheckJob(@QueryParameter String value) {
            String name = Util.fixEmptyAndTrim(value);
            if (name == null || !FormAccess.mayConfigure()) {
                return FormAccess.required(value, given -> null);
            }
            return Jenkins.get().getItemByFullName(name) instanceof ItemGroup
                    ? FormValidation.ok()
                    : FormAccess.warning(Messages.JenkinsJobChecks_NoJob(name));
        }
    }
}
