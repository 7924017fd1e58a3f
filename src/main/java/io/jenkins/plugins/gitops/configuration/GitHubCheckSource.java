package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.ci.ForgeSettings;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Verdicts of GitHub or GitHub Enterprise: commit statuses and check runs. */
@Restricted(NoExternalUse.class)
public final class GitHubCheckSource extends ForgeCheckSource {

    static final String DEFAULT_API_URL = "https://api.github.com";

    @CheckForNull
    private final String repository;

    private String apiUrl = DEFAULT_API_URL;

    /**
     * Names the repository.
     *
     * @param repository owner and name
     */
    @DataBoundConstructor
    public GitHubCheckSource(String repository) {
        this.repository = Util.fixEmptyAndTrim(repository);
    }

    @CheckForNull
    public String getRepository() {
        return repository;
    }

    public String getApiUrl() {
        return apiUrl;
    }

    @DataBoundSetter
    public void setApiUrl(@CheckForNull String apiUrl) {
        String given = Util.fixEmptyAndTrim(apiUrl);
        this.apiUrl = given == null ? DEFAULT_API_URL : given;
    }

    @Override
    ForgeSettings.Kind kind() {
        return ForgeSettings.Kind.GITHUB;
    }

    @Override
    String address() {
        return apiUrl;
    }

    @Override
    @CheckForNull
    String named() {
        return repository;
    }

    /** Offers this source in forms and YAML. */
    @Extension
    @Symbol("github")
    public static final class DescriptorImpl extends ForgeDescriptor {

        /** The form of GitHub. */
        public DescriptorImpl() {
            super(ForgeSettings.Kind.GITHUB);
        }

        @Override
        public String getDisplayName() {
            return Messages.GitHubChecks_DisplayName();
        }

        /** Says in the form whether the address can be used. */
        @POST
        public FormValidation doCheckApiUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
            return checkAddress(value, allowInsecure);
        }

        /** Says in the form whether this is the name of a repository. */
        @POST
        public FormValidation doCheckRepository(@QueryParameter String value) {
            return checkRepository(value);
        }

        /** Looks whether the repository can be seen there, for the button of the form. */
        @POST
        public FormValidation doTestConnection(
                @QueryParameter String apiUrl,
                @QueryParameter String repository,
                @QueryParameter String credentialsId,
                @QueryParameter boolean allowInsecure)
                throws InterruptedException {
            GitHubCheckSource given = new GitHubCheckSource(repository);
            given.setApiUrl(apiUrl);
            given.setCredentialsId(credentialsId);
            given.setAllowInsecure(allowInsecure);
            return test(given);
        }
    }
}
