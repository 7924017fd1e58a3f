package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.registry.AuthDiscovery;
import io.jenkins.plugins.gitops.registry.RegistrySettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** An image registry of which there is more to know than its name. {@link #toSettings()} says what is wrong with it. */
@Restricted(NoExternalUse.class)
public final class RegistryDefinition implements Describable<RegistryDefinition> {

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

    /** What only administrators may have it reach: hosts that are given the credentials of builds. */
    Stream<PrivilegedSetting> reach() {
        return tokenHosts.isEmpty() && !allowInsecure ? Stream.empty() : tested();
    }

    /** All that a test of it reaches. */
    private Stream<PrivilegedSetting> tested() {
        return Stream.of(new PrivilegedSetting(Arrays.asList("registry", url, tokenHosts, allowInsecure)));
    }

    /** The form of one registry. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<RegistryDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.RegistryConnection_DisplayName();
        }

        /** Says in the form whether the address can be used. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
            return FormAccess.required(value, given -> RegistrySettings.urlProblem(given, allowInsecure));
        }

        /** Says in the form whether these are names of hosts. */
        @POST
        public FormValidation doCheckTokenHosts(@QueryParameter String value) {
            return FormAccess.validated(() -> {
                var given = new RegistryDefinition("https://docker.example.com");
                given.setTokenHosts(List.of(Util.fixNull(value)));
                try {
                    given.toSettings();
                    return null;
                } catch (IllegalArgumentException e) {
                    return e.getMessage();
                }
            });
        }

        /** Looks whether a registry is there, and which token service it sends to, for the button of the form. */
        @POST
        public FormValidation doTestConnection(
                @QueryParameter String url, @QueryParameter String tokenHosts, @QueryParameter boolean allowInsecure)
                throws InterruptedException {
            var given = new RegistryDefinition(url);
            given.setTokenHosts(Util.fixEmptyAndTrim(tokenHosts) == null ? null : List.of(tokenHosts));
            given.setAllowInsecure(allowInsecure);
            return ConnectionTest.answer(
                    "an image registry",
                    given.tested(),
                    Stream.empty(),
                    () -> FormBackend.get().probeRegistry(given.toSettings()).thenApply(DescriptorImpl::said));
        }

        private static FormValidation said(AuthDiscovery greeting) {
            String service = greeting.tokenService();
            if (service == null) {
                return FormValidation.ok(Messages.RegistryConnection_Connected());
            }
            return greeting.trusted()
                    ? FormValidation.ok(Messages.RegistryConnection_TokenService(service))
                    : FormValidation.warning(Messages.RegistryConnection_Untrusted(service));
        }
    }
}
