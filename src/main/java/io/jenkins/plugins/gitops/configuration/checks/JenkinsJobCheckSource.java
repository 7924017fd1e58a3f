package io.jenkins.plugins.gitops.configuration.checks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.configuration.base.FieldRules;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.VisibleItems;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Verdicts of a multibranch job of this controller that builds the auto branch and {@code auto-ci/*}: the results of
 * its builds, by the revision that each has built.
 */
@Restricted(NoExternalUse.class)
public final class JenkinsJobCheckSource extends CheckSource {

    public static final String NAME = "jenkinsJob";

    @CheckForNull
    private final String job;

    /** Null means yes: files of the first version do not have it. */
    @CheckForNull
    private Boolean restartBroken;

    /**
     * Creates the source of a job.
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

    public boolean isRestartBroken() {
        return !Boolean.FALSE.equals(restartBroken);
    }

    @DataBoundSetter
    public void setRestartBroken(boolean restartBroken) {
        // The default is not saved, so that a form that was not changed saves what was there.
        this.restartBroken = restartBroken ? null : Boolean.FALSE;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void validate() {
        if (job == null) {
            throw new IllegalArgumentException("job is missing; give it the full name of a multibranch job.");
        }
        FieldRules.fullName("job", job);
    }

    @Override
    public List<Object> identity() {
        return Arrays.asList(NAME, job, isRestartBroken());
    }

    @Override
    public Object configurationKey() {
        return identity();
    }

    /** Whether builds of a job are verdicts of this source: the job is a branch of the multibranch job. */
    public boolean covers(Job<?, ?> branch) {
        return branch.getParent().getFullName().equals(job);
    }

    /** Offers this source in forms and YAML. */
    @Extension
    @Symbol(NAME)
    public static final class DescriptorImpl extends Descriptor<CheckSource> {

        @Override
        public String getDisplayName() {
            return Messages.JenkinsJobCheckSource_DisplayName();
        }

        /** Warns if there is no such job. */
        @POST
        public FormValidation doCheckJob(@QueryParameter String value) {
            String name = Util.fixEmptyAndTrim(value);
            if (name == null || !FormAccess.mayConfigure()) {
                return FormAccess.checkRequired(value, given -> Optional.empty());
            }
            return VisibleItems.find(name, ItemGroup.class).isPresent()
                    ? FormValidation.ok()
                    : FormAccess.warning(Messages.JenkinsJobCheckSource_NoJob(name));
        }
    }
}
