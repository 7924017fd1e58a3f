package io.jenkins.plugins.gitops.configuration.checks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.ComboBoxModel;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.configuration.base.FieldRules;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.JobPatterns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A CI context that must succeed on a commit before main may move to it. */
@Restricted(NoExternalUse.class)
public final class RequiredCheckDefinition implements Describable<RequiredCheckDefinition> {

    @CheckForNull
    private final String name;

    @CheckForNull
    private String source;

    private long appId;

    @CheckForNull
    private String workflow;

    private boolean acceptSkipped;
    private List<String> reporters = new ArrayList<>();

    /**
     * Creates a definition with defaults for everything else.
     *
     * @param name the exact name of the CI context
     */
    @DataBoundConstructor
    public RequiredCheckDefinition(String name) {
        this.name = Util.fixEmptyAndTrim(name);
    }

    @CheckForNull
    public String getName() {
        return name;
    }

    @CheckForNull
    public String getSource() {
        return source;
    }

    @DataBoundSetter
    public void setSource(@CheckForNull String source) {
        this.source = Util.fixEmptyAndTrim(source);
    }

    public long getAppId() {
        return appId;
    }

    @DataBoundSetter
    public void setAppId(long appId) {
        this.appId = appId;
    }

    @CheckForNull
    public String getWorkflow() {
        return workflow;
    }

    @DataBoundSetter
    public void setWorkflow(@CheckForNull String workflow) {
        this.workflow = Util.fixEmptyAndTrim(workflow);
    }

    public boolean isAcceptSkipped() {
        return acceptSkipped;
    }

    @DataBoundSetter
    public void setAcceptSkipped(boolean acceptSkipped) {
        this.acceptSkipped = acceptSkipped;
    }

    public List<String> getReporters() {
        return Collections.unmodifiableList(reporters);
    }

    @DataBoundSetter
    public void setReporters(@CheckForNull List<String> reporters) {
        this.reporters = JobPatterns.lines(reporters);
    }

    /** All fields, for comparison, whether or not they can be used; elements may be null. */
    public List<Object> identity() {
        return Arrays.asList(name, source, appId, workflow, acceptSkipped, reporters);
    }

    /** One pattern a line, for the form. */
    public String getReportersAsText() { // jelly access only
        return String.join("\n", reporters);
    }

    /** The form of one required check. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<RequiredCheckDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.RequiredCheckDefinition_DisplayName();
        }

        /** Checks that the name can be used. */
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FormAccess.checkRequired(value, FieldRules::checkName);
        }

        /** Offers the names of all kinds of sources. */
        @POST
        public ComboBoxModel doFillSourceItems() {
            return new ComboBoxModel(CheckSource.NAMES);
        }

        /** Checks that there is such a kind of source; that the repository has it is checked when the form is saved. */
        @POST
        public FormValidation doCheckSource(@QueryParameter String value) {
            String given = Util.fixEmptyAndTrim(value);
            return FormAccess.checkField(() -> given == null || CheckSource.NAMES.contains(given)
                    ? Optional.empty()
                    : Optional.of("\"" + given + "\" is not a source; use one of: "
                            + String.join(", ", CheckSource.NAMES) + "."));
        }

        /** Checks that this can be the id of an app. */
        @POST
        public FormValidation doCheckAppId(@QueryParameter String value) {
            return FormAccess.checkField(() -> Util.fixNull(value).strip().matches("\\d{0,18}")
                    ? Optional.empty()
                    : Optional.of("takes the number of an app of GitHub, or 0 for whoever says so."));
        }

        /** Checks that these can be patterns of jobs, and warns of one that names no branch. */
        @POST
        public FormValidation doCheckReporters(@QueryParameter String value) {
            return JobPatterns.checkReporters(value);
        }
    }
}
