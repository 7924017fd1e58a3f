package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Job;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.configuration.base.FieldRules;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.VisibleItems;
import io.jenkins.plugins.gitops.generation.GeneratorSettings;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The job that makes the generated files of a config repository, as configured. */
@Restricted(NoExternalUse.class)
public final class GeneratorDefinition implements Describable<GeneratorDefinition> {

    private static final String DEFAULT_TIMEOUT = "15m";

    @CheckForNull
    private final String job;

    /** Null for the default. */
    @CheckForNull
    private String timeout;

    /**
     * Creates a definition.
     *
     * @param job the full name of a Pipeline job that runs {@code generateConfig}
     */
    @DataBoundConstructor
    public GeneratorDefinition(String job) {
        this.job = Util.fixEmptyAndTrim(job);
    }

    @CheckForNull
    public String getJob() {
        return job;
    }

    public String getTimeout() {
        return FieldRules.orDefault(timeout, DEFAULT_TIMEOUT);
    }

    @DataBoundSetter
    public void setTimeout(@CheckForNull String timeout) {
        String given = Util.fixEmptyAndTrim(timeout);
        this.timeout = DEFAULT_TIMEOUT.equals(given) ? null : given;
    }

    /**
     * Converts the definition.
     *
     * @throws IllegalArgumentException with a sentence, if the timeout is no duration
     */
    GeneratorSettings toSettings() {
        return new GeneratorSettings(FieldRules.fullName("job", job).orElse(""), Durations.parse(getTimeout()));
    }

    /** The form of a generator. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<GeneratorDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.GeneratorDefinition_DisplayName();
        }

        /** Warns if there is no such job. */
        @POST
        public FormValidation doCheckJob(@QueryParameter String value) {
            String given = Util.fixEmptyAndTrim(value);
            return given == null
                            || !FormAccess.mayConfigure()
                            || VisibleItems.find(given, Job.class).isPresent()
                    ? FormValidation.ok()
                    : FormAccess.warning(Messages.WaveDefinition_NoJob(given));
        }

        /** Checks that this is a duration. */
        @POST
        public FormValidation doCheckTimeout(@QueryParameter String value) {
            return FormAccess.checkRequired(value, FieldRules::duration);
        }
    }
}
