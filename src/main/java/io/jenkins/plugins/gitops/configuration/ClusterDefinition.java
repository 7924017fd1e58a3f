package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.configuration.base.ClusterCredentials;
import io.jenkins.plugins.gitops.configuration.base.ConnectionTest;
import io.jenkins.plugins.gitops.configuration.base.CredentialTypes;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.NamedSystemDefinition;
import io.jenkins.plugins.gitops.configuration.base.PrivilegedSetting;
import io.jenkins.plugins.gitops.configuration.base.SharedSecret;
import io.jenkins.plugins.gitops.flux.ClusterSettings;
import io.jenkins.plugins.gitops.flux.ClusterUnavailable;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A Kubernetes cluster with Flux, as configured. {@link #toSettings()} validates all fields together. */
@Restricted(NoExternalUse.class)
public final class ClusterDefinition extends NamedSystemDefinition implements Describable<ClusterDefinition> {

    @CheckForNull
    private String namespace;

    @CheckForNull
    private String caCertificate;

    /**
     * Creates a definition with defaults for everything else.
     *
     * @param name by which waves refer to the cluster
     * @param url of its API server; may be left out where the credentials are a kubeconfig
     */
    @DataBoundConstructor
    public ClusterDefinition(String name, String url) {
        super(name, url);
    }

    @CheckForNull
    public String getNamespace() {
        return namespace;
    }

    @DataBoundSetter
    public void setNamespace(@CheckForNull String namespace) {
        this.namespace = Util.fixEmptyAndTrim(namespace);
    }

    @CheckForNull
    public String getCaCertificate() {
        return caCertificate;
    }

    @DataBoundSetter
    public void setCaCertificate(@CheckForNull String caCertificate) {
        this.caCertificate = Util.fixEmptyAndTrim(caCertificate);
    }

    /**
     * Converts the definition to the settings of a client.
     *
     * @throws IllegalArgumentException with a sentence that names the cluster, the field, and what to do
     */
    public ClusterSettings toSettings() {
        String name = getName();
        String url = getUrl();
        if (name == null) {
            throw new IllegalArgumentException("A cluster of GitOps Waves has no name; give it one.");
        }
        if (url == null && getCredentialsId() == null) {
            throw new IllegalArgumentException("Cluster " + name
                    + ": url is missing; give the address of its API server, such as"
                    + " https://cluster.example.com:6443, or a kubeconfig as credentialsId.");
        }
        return new ClusterSettings(
                name,
                Util.fixNull(url),
                Util.fixNull(namespace),
                Optional.ofNullable(caCertificate),
                isAllowInsecure());
    }

    /** A sentence if this controller does not have the stored login that the definition names, or cannot use it. */
    Stream<String> missingCredentials() {
        return Stream.ofNullable(getCredentialsId())
                .flatMap(id -> FormAccess.credentialsExist(id, getUrl(), CredentialTypes.CLUSTER)
                        ? login().flatMap(ClusterCredentials::problem).stream()
                        : Stream.of(Messages.GitOpsWavesConfiguration_NoCredentials(
                                "Cluster " + getName(), "credentialsId \"" + id + "\"")));
    }

    /** The stored login; empty where the definition cannot be used. */
    private Optional<ClusterCredentials> login() {
        try {
            return Optional.of(new ClusterCredentials(toSettings(), getCredentialsId()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What the cluster is sent. */
    List<SharedSecret> sentSecrets() {
        return login().flatMap(ClusterDefinition::token).map(SharedSecret::sent).stream()
                .toList();
    }

    private static Optional<String> token(ClusterCredentials login) {
        try {
            return login.get().token();
        } catch (ClusterUnavailable e) {
            return Optional.empty();
        }
    }

    /** The part that only administrators may add. */
    Stream<PrivilegedSetting> privilegedSettings() {
        return Stream.of(PrivilegedSetting.of(
                "address, credentials, certificate and namespace of the cluster " + getName(),
                getUrl(),
                getCredentialsId(),
                isAllowInsecure(),
                caCertificate,
                namespace));
    }

    /** The form of one cluster. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<ClusterDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.ClusterDefinition_DisplayName();
        }

        /** Offers tokens and secret files to administrators, and to all other users only the present value. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item item, @QueryParameter String credentialsId, @QueryParameter String url) {
            return FormAccess.credentialsItems(item, credentialsId, url, CredentialTypes.CLUSTER);
        }

        /** Checks that the stored token or kubeconfig can be found. */
        @POST
        public FormValidation doCheckCredentialsId(@QueryParameter String value, @QueryParameter String url) {
            return FormAccess.checkCredentials(
                    value, url, CredentialTypes.CLUSTER, Messages::ClusterDefinition_NoCredentials);
        }

        /** Checks that the address can be used. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
            return FormAccess.checkRequired(value, given -> ClusterSettings.urlProblem(given, allowInsecure));
        }

        /** Checks that the name can be used. */
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FormAccess.checkRequired(value, given -> ClusterSettings.nameProblem(given));
        }

        /** Checks that this can be the name of a namespace. */
        @POST
        public FormValidation doCheckNamespace(@QueryParameter String value) {
            return checkAlone(cluster -> cluster.setNamespace(value));
        }

        /** Checks that this is a certificate. */
        @POST
        public FormValidation doCheckCaCertificate(@QueryParameter String value) {
            return checkAlone(cluster -> cluster.setCaCertificate(value));
        }

        private static FormValidation checkAlone(Consumer<ClusterDefinition> change) {
            var cluster = new ClusterDefinition("this", "https://cluster.example.com");
            change.accept(cluster);
            return FormAccess.checkConversion(
                    cluster::toSettings, sentence -> sentence.replaceFirst("^Cluster this: ", ""));
        }

        /** Counts the objects of Flux that the token may see, for the button of the form. */
        @POST
        public FormValidation doTestConnection(
                @QueryParameter String name,
                @QueryParameter String url,
                @QueryParameter String credentialsId,
                @QueryParameter String namespace,
                @QueryParameter String caCertificate,
                @QueryParameter boolean allowInsecure)
                throws InterruptedException {
            var given = new ClusterDefinition(name, url);
            given.setCredentialsId(credentialsId);
            given.setNamespace(namespace);
            given.setCaCertificate(caCertificate);
            given.setAllowInsecure(allowInsecure);
            return ConnectionTest.answer(
                    "Flux in the cluster " + name,
                    given.privilegedSettings(),
                    given.missingCredentials(),
                    () -> FormBackend.get()
                            .countFluxObjects(given)
                            .thenApply(counts -> FormValidation.ok(
                                    Messages.ClusterDefinition_Seen(counts.get(0), counts.get(1), counts.get(2)))));
        }
    }
}
