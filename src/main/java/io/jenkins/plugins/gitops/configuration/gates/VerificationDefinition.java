package io.jenkins.plugins.gitops.configuration.gates;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Job;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.configuration.base.FieldRules;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.VisibleItems;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import java.time.Duration;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A verification of what a wave runs, as configured. */
@Restricted(NoExternalUse.class)
public final class VerificationDefinition implements Describable<VerificationDefinition> {

    private static final String DEFAULT_TIMEOUT = "30m";

    @CheckForNull
    private final String name;

    @CheckForNull
    private String job;

    /** Null for the default. */
    @CheckForNull
    private String timeout;

    private int retries;

    @CheckForNull
    private String onFailure;

    /**
     * Names the verification.
     *
     * @param name how pages, Jenkinsfiles and reports call it
     */
    @DataBoundConstructor
    public VerificationDefinition(String name) {
        this.name = Util.fixEmptyAndTrim(name);
    }

    @CheckForNull
    public String getName() {
        return name;
    }

    @CheckForNull
    public String getJob() {
        return job;
    }

    @DataBoundSetter
    public void setJob(@CheckForNull String job) {
        this.job = Util.fixEmptyAndTrim(job);
    }

    public String getTimeout() {
        return FieldRules.orDefault(timeout, DEFAULT_TIMEOUT);
    }

    @DataBoundSetter
    public void setTimeout(@CheckForNull String timeout) {
        String given = Util.fixEmptyAndTrim(timeout);
        this.timeout = DEFAULT_TIMEOUT.equals(given) ? null : given;
    }

    public int getRetries() {
        return retries;
    }

    @DataBoundSetter
    public void setRetries(int retries) {
        this.retries = retries;
    }

    @CheckForNull
    public String getOnFailure() {
        return onFailure;
    }

    @DataBoundSetter
    public void setOnFailure(@CheckForNull String onFailure) {
        this.onFailure = Util.fixEmptyAndTrim(onFailure);
    }

    /**
     * Converts the definition.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong and what to do
     */
    public VerificationRule toRule() {
        if (name == null) {
            throw new IllegalArgumentException("one has no name; give it one, such as smoke.");
        }
        Optional<String> problem = FieldRules.name(name);
        if (problem.isPresent()) {
            throw new IllegalArgumentException("the name " + problem.get());
        }
        if (retries < 0 || retries > VerificationRule.MAX_RETRIES) {
            throw new IllegalArgumentException("retries of " + name + " is " + retries + "; give a number from 0 to "
                    + VerificationRule.MAX_RETRIES + ".");
        }
        Duration limit = FieldRules.duration("timeout of " + name, getTimeout());
        if (limit.isZero()) {
            throw new IllegalArgumentException("timeout of " + name + " is " + getTimeout()
                    + ", in which no build can end; give a longer one, such as " + DEFAULT_TIMEOUT + ".");
        }
        return new VerificationRule(
                name,
                FieldRules.fullName("job of " + name, job),
                limit,
                retries,
                onFailure == null ? VerificationRule.OnFailure.NONE : VerificationRule.OnFailure.parse(onFailure));
    }

    /** The form of one verification. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<VerificationDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.VerificationDefinition_DisplayName();
        }

        /** Offers what may follow from a failure. */
        @POST
        public ListBoxModel doFillOnFailureItems() {
            return new ListBoxModel(
                    new ListBoxModel.Option(Messages.VerificationDefinition_None(), ""),
                    new ListBoxModel.Option(Messages.VerificationDefinition_Hold(), "hold"),
                    new ListBoxModel.Option(Messages.VerificationDefinition_Reject(), "reject"),
                    new ListBoxModel.Option(Messages.VerificationDefinition_Rollback(), "rollback"));
        }

        /** Checks that the name can be used. */
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FormAccess.checkRequired(value, FieldRules::name);
        }

        /** Warns if there is no such job, or it is disabled. */
        @POST
        public FormValidation doCheckJob(@QueryParameter String value) {
            String given = Util.fixEmptyAndTrim(value);
            if (given == null || !FormAccess.mayConfigure()) {
                return FormValidation.ok();
            }
            Optional<Job> job = VisibleItems.find(given, Job.class);
            if (job.isEmpty()) {
                return FormAccess.warning(Messages.VerificationDefinition_NoJob(given));
            }
            return job.get().isBuildable()
                    ? FormValidation.ok()
                    : FormAccess.warning(Messages.VerificationDefinition_Disabled(given));
        }

        /** Checks that this is a duration. */
        @POST
        public FormValidation doCheckTimeout(@QueryParameter String value) {
            return FormAccess.checkRequired(value, FieldRules::duration);
        }

        /** Checks that this is a number that makes sense. */
        @POST
        public FormValidation doCheckRetries(@QueryParameter String value) {
            String given = Util.fixEmptyAndTrim(value);
            return FormAccess.checkField(() -> given == null
                            || given.matches("\\d{1,2}") && Integer.parseInt(given) <= VerificationRule.MAX_RETRIES
                    ? Optional.empty()
                    : Optional.of("is not a number from 0 to " + VerificationRule.MAX_RETRIES + "."));
        }
    }
}
