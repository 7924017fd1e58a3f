package io.jenkins.plugins.gitops.configuration;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.ci.Forge;
import io.jenkins.plugins.gitops.ci.ForgeSettings;
import io.jenkins.plugins.gitops.ci.StatusSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Verdicts that a forge is asked for. {@link #toSettings()} says what is wrong with it. */
@Restricted(NoExternalUse.class)
public abstract class ForgeChecks extends CheckSource {

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
    final String name() {
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

    private record Configured(ForgeSettings settings, Optional<String> credentialsId) {}

    @Override
    StatusSource open(List<String> checks) {
        return Forges.get().open(toSettings(), credentialsId);
    }

    /** The form of a forge. */
    public abstract static class ForgeDescriptor extends Descriptor<CheckSource> {

        private static final int SECONDS_TO_ANSWER = 30;

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
            StandardListBoxModel offered = new StandardListBoxModel();
            if (item != null || !Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return offered.includeCurrentValue(Util.fixNull(credentialsId));
            }
            var domain = URIRequirementBuilder.fromUri(Util.fixEmptyAndTrim(apiUrl) == null ? url : apiUrl)
                    .build();
            return offered.includeEmptyValue()
                    .includeMatchingAs(
                            ACL.SYSTEM2,
                            Jenkins.get(),
                            StandardUsernamePasswordCredentials.class,
                            domain,
                            CredentialsMatchers.always())
                    .includeMatchingAs(
                            ACL.SYSTEM2, Jenkins.get(), StringCredentials.class, domain, CredentialsMatchers.always())
                    .includeCurrentValue(Util.fixNull(credentialsId));
        }

        FormValidation checkAddress(@CheckForNull String value, boolean allowInsecure) {
            String given = Util.fixEmptyAndTrim(value);
            return check(given == null ? null : ForgeSettings.urlProblem(given, allowInsecure));
        }

        FormValidation checkRepository(@CheckForNull String value) {
            String given = Util.fixEmptyAndTrim(value);
            return check(given == null ? null : ForgeSettings.repositoryProblem(kind, given));
        }

        private static FormValidation check(@CheckForNull String problem) {
            return problem == null || !Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    ? FormValidation.ok()
                    : FormValidation.error("This field " + problem);
        }

        /** Asks the forge for the repository; only administrators may have Jenkins connect to where they say. */
        static FormValidation test(ForgeChecks given) throws InterruptedException {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            try (Forge forge = Forges.get().open(given.toSettings(), given.getCredentialsId())) {
                forge.look().get(SECONDS_TO_ANSWER, TimeUnit.SECONDS);
                return FormValidation.ok(Messages.ForgeChecks_Connected(given.named()));
            } catch (IllegalArgumentException e) {
                return FormValidation.error(e.getMessage());
            } catch (ExecutionException e) {
                return FormValidation.error(e.getCause().getMessage());
            } catch (TimeoutException | CancellationException e) {
                return FormValidation.error(Messages.ForgeChecks_NoAnswer());
            }
        }
    }
}
