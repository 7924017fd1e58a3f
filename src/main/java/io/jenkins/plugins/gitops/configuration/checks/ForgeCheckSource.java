package io.jenkins.plugins.gitops.configuration.checks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.ci.forges.ForgeSettings;
import io.jenkins.plugins.gitops.configuration.base.ConnectionTest;
import io.jenkins.plugins.gitops.configuration.base.CredentialTypes;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.PrivilegedSetting;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Verdicts that are read from the API of a forge. {@link #toSettings()} validates all fields together. */
@Restricted(NoExternalUse.class)
public abstract class ForgeCheckSource extends CheckSource {

    @CheckForNull
    private String credentialsId;

    private boolean allowInsecure;
    private boolean writeStatus;

    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    public boolean isAllowInsecure() {
        return allowInsecure;
    }

    @DataBoundSetter
    public void setAllowInsecure(boolean allowInsecure) {
        this.allowInsecure = allowInsecure;
    }

    public boolean isWriteStatus() {
        return writeStatus;
    }

    @DataBoundSetter
    public void setWriteStatus(boolean writeStatus) {
        this.writeStatus = writeStatus;
    }

    abstract ForgeSettings.ForgeKind kind();

    /** The address of the API, or of the server, from which the address of the API follows. */
    abstract Optional<String> address();

    /** The repository with its owner or groups, as the forge names it. */
    abstract Optional<String> repositoryPath();

    @Override
    public final String name() {
        return kind().source();
    }

    @Override
    public void validate() {
        toSettings();
    }

    /**
     * Converts the source to the settings of a client.
     *
     * @throws IllegalArgumentException with a sentence that names the field and what to do
     */
    public ForgeSettings toSettings() {
        return new ForgeSettings(kind(), address().orElse(""), repositoryPath().orElse(""), allowInsecure, writeStatus);
    }

    @Override
    public Object configurationKey() {
        return new Key(toSettings(), Optional.ofNullable(credentialsId));
    }

    private record Key(ForgeSettings settings, Optional<String> credentialsId) {}

    @Override
    public Stream<String> missingCredentials() {
        return credentialsId == null
                        || FormAccess.credentialsExist(credentialsId, address().orElse(null), CredentialTypes.FORGE)
                ? Stream.empty()
                : Stream.of("credentialsId \"" + credentialsId + "\" of the checks of " + name());
    }

    @Override
    public Stream<PrivilegedSetting> privilegedSettings() {
        return Stream.of(PrivilegedSetting.of(
                "address and credentials of the checks of " + name(),
                List.of(address(), repositoryPath()),
                credentialsId,
                allowInsecure));
    }

    @Override
    public List<Object> identity() {
        return Arrays.asList(name(), address(), repositoryPath(), credentialsId, allowInsecure, writeStatus);
    }

    /** The form of a forge. */
    public abstract static class ForgeDescriptor extends Descriptor<CheckSource> {

        private final ForgeSettings.ForgeKind kind;

        ForgeDescriptor(ForgeSettings.ForgeKind kind) {
            this.kind = kind;
        }

        /** Offers tokens to administrators, and to all other users only the present value. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item item,
                @QueryParameter String credentialsId,
                @QueryParameter String apiUrl,
                @QueryParameter String url) {
            return FormAccess.credentialsItems(item, credentialsId, addressOf(apiUrl, url), CredentialTypes.FORGE);
        }

        /** Checks that the stored credentials can be found. */
        @POST
        public FormValidation doCheckCredentialsId(
                @QueryParameter String value, @QueryParameter String apiUrl, @QueryParameter String url) {
            return FormAccess.checkCredentials(
                    value, addressOf(apiUrl, url), CredentialTypes.FORGE, Messages::ForgeCheckSource_NoCredentials);
        }

        /** The field for the address has one name for GitHub and another one for the others. */
        @CheckForNull
        private String addressOf(@Nullable String apiUrl, @Nullable String url) {
            return Util.fixEmptyAndTrim(apiUrl) == null ? requestedAddress(url) : apiUrl;
        }

        /** The address that the token is sent to, if that is another one than in the form. */
        @CheckForNull
        String requestedAddress(@Nullable String url) {
            return url;
        }

        final FormValidation checkAddress(@Nullable String value, boolean allowInsecure) {
            return FormAccess.checkRequired(value, given -> ForgeSettings.urlProblem(given, allowInsecure));
        }

        final FormValidation checkRepositoryPath(@Nullable String value) {
            return FormAccess.checkRequired(value, given -> ForgeSettings.repositoryProblem(kind, given));
        }

        /** Tests whether the repository can be seen at the forge with these credentials. */
        static FormValidation testConnection(
                ForgeCheckSource source, @Nullable String credentialsId, boolean allowInsecure)
                throws InterruptedException {
            source.setCredentialsId(credentialsId);
            source.setAllowInsecure(allowInsecure);
            String id = Util.fixNull(source.getCredentialsId());
            return ConnectionTest.answer(
                    source.name(),
                    source.privilegedSettings(),
                    source.missingCredentials().map(field -> Messages.ForgeCheckSource_NoCredentials(id)),
                    () -> ExtensionList.lookupSingleton(ForgeProbe.class)
                            .probe(source)
                            .thenApply(seen -> FormValidation.ok(Messages.ForgeCheckSource_Connected(
                                    source.repositoryPath().orElse("")))));
        }
    }
}
