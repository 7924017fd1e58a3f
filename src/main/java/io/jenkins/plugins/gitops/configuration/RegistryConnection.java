package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.registry.RegistrySettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** An image registry of which there is more to know than its name. {@link #toSettings()} says what is wrong with it. */
@Restricted(NoExternalUse.class)
public final class RegistryConnection implements Describable<RegistryConnection> {

    @CheckForNull
    private final String url;

    private List<String> tokenHosts = new ArrayList<>();
    private boolean allowInsecure;

    /**
     * Says where the registry is.
     *
     * @param url scheme, host and port
     */
    @DataBoundConstructor
    public RegistryConnection(String url) {
        this.url = Util.fixEmptyAndTrim(url);
    }

    @CheckForNull
    public String getUrl() {
        return url;
    }

    public List<String> getTokenHosts() {
        return Collections.unmodifiableList(tokenHosts);
    }

    @DataBoundSetter
    public void setTokenHosts(@CheckForNull List<String> tokenHosts) {
        this.tokenHosts = JobPatterns.lines(tokenHosts);
    }

    /** One host a line, for the form. */
    public String getTokenHostsAsText() { // jelly access only
        return String.join("\n", tokenHosts);
    }

    public boolean isAllowInsecure() {
        return allowInsecure;
    }

    @DataBoundSetter
    public void setAllowInsecure(boolean allowInsecure) {
        this.allowInsecure = allowInsecure;
    }

    /**
     * The registry as the engine knows it.
     *
     * @throws IllegalArgumentException with a sentence that names the field and what to do
     */
    public RegistrySettings toSettings() {
        if (url == null) {
            throw new IllegalArgumentException(
                    "Image registry: url is missing; give its address, such as https://docker.example.com.");
        }
        return new RegistrySettings(url, Set.copyOf(tokenHosts), allowInsecure);
    }

    /** The form of one registry. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<RegistryConnection> {

        @Override
        public String getDisplayName() {
            return Messages.RegistryConnection_DisplayName();
        }

        /** Says in the form whether the address can be used. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
            String given = Util.fixEmptyAndTrim(value);
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.ok();
            }
            if (given == null) {
                return FormValidation.validateRequired(value);
            }
            String problem = RegistrySettings.urlProblem(given, allowInsecure);
            return problem == null ? FormValidation.ok() : FormValidation.error("This field " + problem);
        }
    }
}
