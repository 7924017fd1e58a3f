package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jenkins.model.Jenkins;
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
    private boolean acceptSkipped;
    private List<String> reporters = new ArrayList<>();

    /**
     * Names the check.
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

        /** Says in the form that a name is needed. */
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.ok();
            }
            return FormValidation.validateRequired(value);
        }
    }
}
