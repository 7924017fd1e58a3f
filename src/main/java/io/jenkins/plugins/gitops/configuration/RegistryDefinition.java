package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.configuration.base.ConnectionTest;
import io.jenkins.plugins.gitops.configuration.base.CredentialTypes;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.JobPatterns;
import io.jenkins.plugins.gitops.configuration.base.PrivilegedSetting;
import io.jenkins.plugins.gitops.configuration.base.RemoteSystemDefinition;
import io.jenkins.plugins.gitops.registry.AuthDiscovery;
import io.jenkins.plugins.gitops.registry.RegistrySettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** An image registry that needs more than defaults. {@link #toSettings()} validates all fields together. */
@Restricted(NoExternalUse.class)
public final class RegistryDefinition extends RemoteSystemDefinition implements Describable<RegistryDefinition> {

    @CheckForNull
    private final String url;

    private List<String> tokenHosts = new ArrayList<>();
    /** Missing in what was saved before signatures were read. */
    @CheckForNull
    private List<String> blobHosts;

    /** Never {@code TRUE}, the default, so that a form that was not changed saves what was there. */
    @CheckForNull
    private Boolean verify;

    /**
     * Creates a definition with defaults for everything else.
     *
     * @param url scheme, host and port
     */
    @DataBoundConstructor
    public RegistryDefinition(String url) {
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

    public List<String> getBlobHosts() {
        return Collections.unmodifiableList(Util.fixNull(blobHosts));
    }

    @DataBoundSetter
    public void setBlobHosts(@CheckForNull List<String> blobHosts) {
        List<String> given = JobPatterns.lines(blobHosts);
        this.blobHosts = given.isEmpty() ? null : given;
    }

    /** One host a line, for the form. */
    public String getBlobHostsAsText() { // jelly access only
        return String.join("\n", getBlobHosts());
    }

    /** The credentials with which signatures are read, where no build asks. */
    public boolean isVerify() {
        return verify == null;
    }

    /** Whether the registry is asked for images whose digest is known already. */
    @DataBoundSetter
    public void setVerify(boolean verify) {
        this.verify = verify ? null : Boolean.FALSE;
    }

    /**
     * Converts the definition to the settings of a client.
     *
     * @throws IllegalArgumentException with a sentence that names the field and what to do
     */
    public RegistrySettings toSettings() {
        if (url == null) {
            throw new IllegalArgumentException(
                    "Image registry: url is missing; give its address, such as https://docker.example.com.");
        }
        return new RegistrySettings(url, Set.copyOf(tokenHosts), Set.copyOf(getBlobHosts()), isAllowInsecure());
    }

    /** A sentence if the credentials that it names are not there. */
    Stream<String> missingCredentials() {
        return Stream.ofNullable(getCredentialsId())
                .filter(id -> !FormAccess.credentialsExist(id, url, CredentialTypes.PASSWORD))
                .map(id -> Messages.GitOpsWavesConfiguration_NoCredentials(
                        "image registry " + url, "credentialsId \"" + id + "\""));
    }

    /** The part that only administrators may add: credentials, and hosts that receive them or are asked for blobs. */
    Stream<PrivilegedSetting> privilegedSettings() {
        Stream<PrivilegedSetting> tested =
                tokenHosts.isEmpty() && !isAllowInsecure() ? Stream.empty() : testedSettings();
        return getCredentialsId() == null && getBlobHosts().isEmpty()
                ? tested
                : Stream.concat(
                        tested,
                        Stream.of(PrivilegedSetting.of(
                                "credentialsId and blobHosts of the registry " + url,
                                Util.fixNull(getCredentialsId()),
                                getBlobHosts(),
                                tokenHosts,
                                isAllowInsecure())));
    }

    /** The values that a connection test uses. */
    private Stream<PrivilegedSetting> testedSettings() {
        return Stream.of(PrivilegedSetting.of(
                "tokenHosts and allowInsecure of the registry " + url, tokenHosts, isAllowInsecure()));
    }

    /** The form of one registry. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<RegistryDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.RegistryDefinition_DisplayName();
        }

        /** Checks that the address can be used. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
            return FormAccess.checkRequired(value, given -> RegistrySettings.urlProblem(given, allowInsecure));
        }

        /** Offers user names with passwords to administrators, and to all other users only the present value. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item item, @QueryParameter String credentialsId, @QueryParameter String url) {
            return FormAccess.credentialsItems(item, credentialsId, url, CredentialTypes.PASSWORD);
        }

        /** Checks that the stored credentials can be found. */
        @POST
        public FormValidation doCheckCredentialsId(@QueryParameter String value, @QueryParameter String url) {
            return FormAccess.checkCredentials(
                    value, url, CredentialTypes.PASSWORD, Messages::RegistryDefinition_NoCredentials);
        }

        /** Checks that these are names of hosts, one a line. */
        @POST
        public FormValidation doCheckTokenHosts(@QueryParameter String value) {
            return checkHosts(given -> given.setTokenHosts(List.of(Util.fixNull(value))));
        }

        /** Checks that these are names of hosts, one a line. */
        @POST
        public FormValidation doCheckBlobHosts(@QueryParameter String value) {
            return checkHosts(given -> given.setBlobHosts(List.of(Util.fixNull(value))));
        }

        private static FormValidation checkHosts(Consumer<RegistryDefinition> change) {
            var given = new RegistryDefinition("https://docker.example.com");
            change.accept(given);
            return FormAccess.checkConversion(given::toSettings);
        }

        /** Tests whether a registry answers, and tells which token service it uses, for the button of the form. */
        @POST
        public FormValidation doTestConnection(
                @QueryParameter String url, @QueryParameter String tokenHosts, @QueryParameter boolean allowInsecure)
                throws InterruptedException {
            var given = new RegistryDefinition(url);
            given.setTokenHosts(Util.fixEmptyAndTrim(tokenHosts) == null ? null : List.of(tokenHosts));
            given.setAllowInsecure(allowInsecure);
            return ConnectionTest.answer(
                    "an image registry",
                    given.testedSettings(),
                    Stream.empty(),
                    () -> FormBackend.get().probeRegistry(given.toSettings()).thenApply(DescriptorImpl::result));
        }

        private static FormValidation result(AuthDiscovery greeting) {
            if (greeting.tokenService().isEmpty()) {
                return FormValidation.ok(Messages.RegistryDefinition_Connected());
            }
            String service = greeting.tokenService().get();
            return greeting.trusted()
                    ? FormValidation.ok(Messages.RegistryDefinition_TokenService(service))
                    : FormValidation.warning(Messages.RegistryDefinition_Untrusted(service));
        }
    }
}
