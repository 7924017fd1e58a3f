package io.jenkins.plugins.gitops.configuration;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.argocd.ArgoCdSettings;
import java.util.List;
import java.util.stream.Stream;
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
public final class ArgoCdServerDefinition implements Describable<ArgoCdServerDefinition> {

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
    public ArgoCdServerDefinition(String name, String url) {
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

    /** A sentence if the stored token that it names is not there. */
    Stream<String> missingCredentials() {
        return credentialsId == null || FormAccess.isThere(credentialsId, url, DescriptorImpl.TOKENS)
                ? Stream.empty()
                : Stream.of(Messages.GitOpsWaves_NoCredentials(
                        "Argo CD server " + name, "credentialsId \"" + credentialsId + "\""));
    }

    /** What only administrators may have it reach. */
    Stream<PrivilegedSetting> reach() {
        return PrivilegedSetting.of("argocd", url, credentialsId, allowInsecure);
    }

    /** The form of one Argo CD server. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<ArgoCdServerDefinition> {

        private static final List<Class<? extends StandardCredentials>> TOKENS = List.of(StringCredentials.class);

        @Override
        public String getDisplayName() {
            return Messages.ArgoCdConnection_DisplayName();
        }

        /** Offers tokens to those who may configure, and to everyone else only what is set already. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item item, @QueryParameter String credentialsId, @QueryParameter String url) {
            return FormAccess.credentials(item, credentialsId, url, TOKENS);
        }

        /** Says in the form whether the stored token can be found. */
        @POST
        public FormValidation doCheckCredentialsId(@QueryParameter String value, @QueryParameter String url) {
            return FormAccess.found(value, url, TOKENS, Messages::ConfigRepository_NoSecret);
        }

        /** Says in the form whether the address can be used. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
            return FormAccess.required(value, given -> ArgoCdSettings.urlProblem(given, allowInsecure));
        }

        /** Says in the form whether the name can be used. */
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FormAccess.required(value, ArgoCdSettings::nameProblem);
        }

        /** Asks for the applications, and says which of them the saved waves take, for the button of the form. */
        @POST
        public FormValidation doTestConnection(
                @QueryParameter String name,
                @QueryParameter String url,
                @QueryParameter String credentialsId,
                @QueryParameter String project,
                @QueryParameter boolean allowInsecure)
                throws InterruptedException {
            var given = new ArgoCdServerDefinition(name, url);
            given.setCredentialsId(credentialsId);
            given.setProject(project);
            given.setAllowInsecure(allowInsecure);
            return new ArgoCdConnectionTest(given).all();
        }
    }
}
