package io.jenkins.plugins.gitops.configuration;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.ci.ForgeSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Verdicts that a forge is asked for. {@link #toSettings()} says what is wrong with it. */
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

    abstract ForgeSettings.Kind kind();

    /** Where its API is, or for some where it is itself; null if nobody said so. */
    @CheckForNull
    abstract String address();

    /** The repository, as it is called there; null if nobody said so. */
    @CheckForNull
    abstract String named();

    @Override
    public final String name() {
        return kind().source();
    }

    @Override
    void check() {
        toSettings();
    }

    /**
     * The forge as the engine knows it.
     *
     * @throws IllegalArgumentException with a sentence that names the field, and what to do
     */
    public ForgeSettings toSettings() {
        return new ForgeSettings(
                kind(), Util.fixNull(address()), Util.fixNull(named()), isAllowInsecure(), isWriteStatus());
    }

    @Override
    Object asConfigured() {
        return new Configured(toSettings(), Optional.ofNullable(credentialsId));
    }

    @Override
    Stream<String> missingCredentials() {
        return credentialsId == null || FormAccess.isThere(credentialsId, address(), ForgeDescriptor.TOKENS)
                ? Stream.empty()
                : Stream.of("credentialsId \"" + credentialsId + "\" of the checks of " + name());
    }

    @Override
    Stream<PrivilegedSetting> reach() {
        return PrivilegedSetting.of(name(), Arrays.asList(address(), named()), credentialsId, allowInsecure);
    }

    private record Configured(ForgeSettings settings, Optional<String> credentialsId) {}

    /** The form of a forge. */
    public abstract static class ForgeDescriptor extends Descriptor<CheckSource> {

        private static final List<Class<? extends StandardCredentials>> TOKENS =
                List.of(StandardUsernamePasswordCredentials.class, StringCredentials.class);

        private final ForgeSettings.Kind kind;

        ForgeDescriptor(ForgeSettings.Kind kind) {
            this.kind = kind;
        }

        /** Offers tokens to those who may configure, and to everyone else only what is set already. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item item,
                @QueryParameter String credentialsId,
                @QueryParameter String apiUrl,
                @QueryParameter String url) {
            return FormAccess.credentials(item, credentialsId, Util.fixEmptyAndTrim(apiUrl) == null ? url : apiUrl, TOKENS);
        }

        /** Says in the form whether the stored credentials can be found. */
        @POST
        public FormValidation doCheckCredentialsId(
                @QueryParameter String value, @QueryParameter String apiUrl, @QueryParameter String url) {
            return FormAccess.found(
                    value,
                    Util.fixEmptyAndTrim(apiUrl) == null ? url : apiUrl,
                    TOKENS,
                    Messages::ForgeChecks_NoCredentials);
        }

        FormValidation checkAddress(@CheckForNull String value, boolean allowInsecure) {
            return FormAccess.required(value, given -> ForgeSettings.urlProblem(given, allowInsecure));
        }

        FormValidation checkRepository(@CheckForNull String value) {
            return FormAccess.required(value, given -> ForgeSettings.repositoryProblem(kind, given));
        }

        /** Asks the forge for the repository. */
        static FormValidation test(ForgeCheckSource given) throws InterruptedException {
            String id = Util.fixNull(given.getCredentialsId());
            return ConnectionTest.answer(
                    given.name(),
                    given.reach(),
                    given.missingCredentials().map(field -> Messages.ForgeChecks_NoCredentials(id)),
                    () -> FormBackend.get()
                            .probeForge(given)
                            .thenApply(seen ->
                                    FormValidation.ok(Messages.ForgeChecks_Connected(Util.fixNull(given.named())))));
        }
    }
}
