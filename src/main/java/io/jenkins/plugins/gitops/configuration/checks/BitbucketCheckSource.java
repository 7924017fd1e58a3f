package io.jenkins.plugins.gitops.configuration.checks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
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

/** Verdicts of Bitbucket Cloud or Bitbucket Data Center: build statuses, and the pipelines of Cloud. */
@Restricted(NoExternalUse.class)
public final class BitbucketCheckSource extends ForgeCheckSource {

    /** The address of the pages of Bitbucket Cloud. */
    static final String CLOUD = "https://bitbucket.org";

    private static final String CLOUD_API = "https://api.bitbucket.org";

    @CheckForNull
    private final String repository;

    private String url = CLOUD;

    /**
     * Creates the source of a repository of Bitbucket Cloud; see {@link #setUrl} for Data Center.
     *
     * @param repository workspace and name; for Data Center the key of the project, or a tilde and a user, and the name
     */
    @DataBoundConstructor
    public BitbucketCheckSource(String repository) {
        this.repository = Util.fixEmptyAndTrim(repository);
    }

    @CheckForNull
    public String getRepository() {
        return repository;
    }

    public String getUrl() {
        return url;
    }

    /** Sets the address of the pages of the server; that of Bitbucket Cloud if it is blank. */
    @DataBoundSetter
    public void setUrl(@CheckForNull String url) {
        String given = Util.fixEmptyAndTrim(url);
        this.url = given == null ? CLOUD : given;
    }

    private static boolean isCloud(String url) {
        return url.strip().replaceAll("/+$", "").equalsIgnoreCase(CLOUD);
    }

    private static String requestedAddress(String url) {
        return isCloud(url) ? CLOUD_API : url;
    }

    @Override
    ForgeSettings.ForgeKind kind() {
        return isCloud(url) ? ForgeSettings.ForgeKind.BITBUCKET_CLOUD : ForgeSettings.ForgeKind.BITBUCKET_DATA_CENTER;
    }

    @Override
    Optional<String> address() {
        return Optional.of(requestedAddress(url));
    }

    @Override
    Optional<String> repositoryPath() {
        return Optional.ofNullable(repository);
    }

    /** Offers this source in forms and YAML. */
    @Extension
    @Symbol("bitbucket")
    public static final class DescriptorImpl extends ForgeDescriptor {

        /** Creates the descriptor of {@link BitbucketCheckSource}. */
        public DescriptorImpl() {
            super(ForgeSettings.ForgeKind.BITBUCKET_DATA_CENTER);
        }

        @Override
        public String getDisplayName() {
            return Messages.BitbucketCheckSource_DisplayName();
        }

        @Override
        @CheckForNull
        String requestedAddress(@Nullable String url) {
            String given = Util.fixEmptyAndTrim(url);
            return BitbucketCheckSource.requestedAddress(given == null ? CLOUD : given);
        }

        /** Checks that the address can be used. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
            return checkAddress(value, allowInsecure);
        }

        /** Checks that this can be the path of a repository. */
        @POST
        public FormValidation doCheckRepository(@QueryParameter String value) {
            return checkRepositoryPath(value);
        }

        /** Tests whether the repository can be seen there, for the button of the form. */
        @POST
        public FormValidation doTestConnection(
                @QueryParameter String url,
                @QueryParameter String repository,
                @QueryParameter String credentialsId,
                @QueryParameter boolean allowInsecure)
                throws InterruptedException {
            var given = new BitbucketCheckSource(repository);
            given.setUrl(url);
            return testConnection(given, credentialsId, allowInsecure);
        }
    }
}
