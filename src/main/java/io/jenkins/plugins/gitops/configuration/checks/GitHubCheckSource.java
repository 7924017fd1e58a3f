package io.jenkins.plugins.gitops.configuration.checks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.ci.forges.ForgeSettings;
import java.util.Optional;
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
     * Creates the source of a repository on GitHub; see {@link #setApiUrl} for GitHub Enterprise.
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
    ForgeSettings.ForgeKind kind() {
        return ForgeSettings.ForgeKind.GITHUB;
    }

    @Override
    Optional<String> address() {
        return Optional.of(apiUrl);
    }

    @Override
    Optional<String> repositoryPath() {
        return Optional.ofNullable(repository);
    }

    /** Offers this source in forms and YAML. */
    @Extension
    @Symbol("github")
    public static final class DescriptorImpl extends ForgeDescriptor {

        /** Creates the descriptor of {@link GitHubCheckSource}. */
        public DescriptorImpl() {
            super(ForgeSettings.ForgeKind.GITHUB);
        }

        @Override
        public String getDisplayName() {
            return Messages.GitHubCheckSource_DisplayName();
        }

        /** Checks that the address can be used. */
        @POST
        public FormValidation doCheckApiUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
            return checkAddress(value, allowInsecure);
        }

        /** Checks that this can be owner and name of a repository. */
        @POST
        public FormValidation doCheckRepository(@QueryParameter String value) {
            return checkRepositoryPath(value);
        }

        /** Tests whether the repository can be seen there, for the button of the form. */
        @POST
        public FormValidation doTestConnection(
                @QueryParameter String apiUrl,
                @QueryParameter String repository,
                @QueryParameter String credentialsId,
                @QueryParameter boolean allowInsecure)
                throws InterruptedException {
            var given = new GitHubCheckSource(repository);
            given.setApiUrl(apiUrl);
            return testConnection(given, credentialsId, allowInsecure);
        }
    }
}
