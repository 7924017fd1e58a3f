package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.argocd.ArgoCdSettings;
import io.jenkins.plugins.gitops.configuration.base.CredentialTypes;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.NamedSystemDefinition;
import io.jenkins.plugins.gitops.configuration.base.PrivilegedSetting;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** An Argo CD server, as configured. {@link #toSettings()} validates all fields together. */
@Restricted(NoExternalUse.class)
public final class ArgoCdServerDefinition extends NamedSystemDefinition implements Describable<ArgoCdServerDefinition> {

    @CheckForNull
    private String project;

    private boolean watch = true;
    /**
     * Creates a definition with defaults for everything else.
     *
     * @param name by which waves refer to the server
     * @param url of its API and its pages
     */
    @DataBoundConstructor
    public ArgoCdServerDefinition(String name, String url) {
        super(name, url);
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

    /**
     * Converts the definition to the settings of a client.
     *
     * @throws IllegalArgumentException with a sentence that names the server, the field, and what to do
     */
    public ArgoCdSettings toSettings() {
        String name = getName();
        String url = getUrl();
        if (name == null) {
            throw new IllegalArgumentException("An Argo CD server of GitOps Waves has no name; give it one.");
        }
        if (url == null) {
            throw new IllegalArgumentException("Argo CD server " + name
                    + ": url is missing; give the address that its pages have, such as https://argocd.example.com.");
        }
        return new ArgoCdSettings(name, url, Util.fixNull(project), watch, isAllowInsecure());
    }

    /** A sentence if this controller does not have the stored token that the definition names. */
    Stream<String> missingCredentials() {
        return Stream.ofNullable(getCredentialsId())
                .filter(id -> !FormAccess.credentialsExist(id, getUrl(), CredentialTypes.SECRET_TEXT))
                .map(id -> Messages.GitOpsWavesConfiguration_NoCredentials(
                        "Argo CD server " + getName(), "credentialsId \"" + id + "\""));
    }

    /** The part that only administrators may add. */
    Stream<PrivilegedSetting> privilegedSettings() {
        return Stream.of(PrivilegedSetting.of(
                "address, credentials and project of the Argo CD server " + getName(),
                getUrl(),
                getCredentialsId(),
                isAllowInsecure(),
                project));
    }

    /** The form of one Argo CD server. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<ArgoCdServerDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.ArgoCdServerDefinition_DisplayName();
        }

        /** Offers tokens to administrators, and to all other users only the present value. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item item, @QueryParameter String credentialsId, @QueryParameter String url) {
            return FormAccess.credentialsItems(item, credentialsId, url, CredentialTypes.SECRET_TEXT);
        }

        /** Checks that the stored token can be found. */
        @POST
        public FormValidation doCheckCredentialsId(@QueryParameter String value, @QueryParameter String url) {
            return FormAccess.checkCredentials(
                    value, url, CredentialTypes.SECRET_TEXT, Messages::RepositoryDefinition_NoSecret);
        }

        /** Checks that the address can be used. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
            return FormAccess.checkRequired(value, given -> ArgoCdSettings.urlProblem(given, allowInsecure));
        }

        /** Checks that the name can be used. */
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FormAccess.checkRequired(value, given -> ArgoCdSettings.nameProblem(given));
        }

        /**
         * Lists the applications, and tells which of them are targets of the saved waves, for the button of the form.
         */
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
            return new ArgoCdConnectionTest(given).testServer();
        }
    }
}
