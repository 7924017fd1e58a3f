package io.jenkins.plugins.gitops.configuration;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.argocd.ArgoCdSettings;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** An Argo CD server as configured. {@link #toSettings()} says what is wrong with it. */
@Restricted(NoExternalUse.class)
public final class ArgoCdConnection implements Describable<ArgoCdConnection> {

    @CheckForNull
    private final String name;

    @CheckForNull
    private final String url;

    @CheckForNull
    private String credentialsId;

    @CheckForNull
    private String project;

    private boolean watch = true;
    private boolean allowInsecure;

    /**
     * Names the server and says where it is.
     *
     * @param name how waves call it
     * @param url where its API and its pages are
     */
    @DataBoundConstructor
    public ArgoCdConnection(String name, String url) {
        this.name = Util.fixEmptyAndTrim(name);
        this.url = Util.fixEmptyAndTrim(url);
    }

    @CheckForNull
    public String getName() {
        return name;
    }

    @CheckForNull
    public String getUrl() {
        return url;
    }

    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    @CheckForNull
    public String getProject() {
        return project;
    }

    @DataBoundSetter
    public void setProject(@CheckForNull String project) {
        this.project = Util.fixEmptyAndTrim(project);
    }

    public boolean isWatch() {
        return watch;
    }

    @DataBoundSetter
    public void setWatch(boolean watch) {
        this.watch = watch;
    }

    public boolean isAllowInsecure() {
        return allowInsecure;
    }

    @DataBoundSetter
    public void setAllowInsecure(boolean allowInsecure) {
        this.allowInsecure = allowInsecure;
    }

    /**
     * The server as the engine knows it.
     *
     * @throws IllegalArgumentException with a sentence that names the server, the field, and what to do
     */
    public ArgoCdSettings toSettings() {
        if (name == null) {
            throw new IllegalArgumentException("An Argo CD server of GitOps Waves has no name; give it one.");
        }
        if (url == null) {
            throw new IllegalArgumentException("Argo CD server " + name
                    + ": url is missing; give the address that its pages have, such as https://argocd.example.com.");
        }
        return new ArgoCdSettings(name, url, Util.fixNull(project), watch, allowInsecure);
    }

    /** The form of one Argo CD server. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<ArgoCdConnection> {

        @Override
        public String getDisplayName() {
            return Messages.ArgoCdConnection_DisplayName();
        }

        /** Offers tokens to those who may configure, and to everyone else only what is set already. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item item, @QueryParameter String credentialsId, @QueryParameter String url) {
            StandardListBoxModel offered = new StandardListBoxModel();
            if (item != null || !Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return offered.includeCurrentValue(Util.fixNull(credentialsId));
            }
            return offered.includeEmptyValue()
                    .includeMatchingAs(
                            ACL.SYSTEM2,
                            Jenkins.get(),
                            StringCredentials.class,
                            URIRequirementBuilder.fromUri(url).build(),
                            CredentialsMatchers.always())
                    .includeCurrentValue(Util.fixNull(credentialsId));
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
            String problem = ArgoCdSettings.urlProblem(given, allowInsecure);
            return problem == null ? FormValidation.ok() : FormValidation.error("This field " + problem);
        }

        /** Says in the form that a name is needed. */
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    ? FormValidation.validateRequired(value)
                    : FormValidation.ok();
        }
    }
}
