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
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Verdicts of Gitea or Forgejo: commit statuses. */
@Restricted(NoExternalUse.class)
public final class GiteaCheckSource extends ForgeCheckSource {

    @CheckForNull
    private final String url;

    @CheckForNull
    private final String repository;

    /**
     * Says where the repository is.
     *
     * @param url of the server
     * @param repository owner and name
     */
    @DataBoundConstructor
    public GiteaCheckSource(String url, String repository) {
        this.url = Util.fixEmptyAndTrim(url);
        this.repository = Util.fixEmptyAndTrim(repository);
    }

    @CheckForNull
    public String getUrl() {
        return url;
    }

    @CheckForNull
    public String getRepository() {
        return repository;
    }

    @Override
    ForgeSettings.Kind kind() {
        return ForgeSettings.Kind.GITEA;
    }

    @Override
    @CheckForNull
    String address() {
        return url;
    }

    @Override
    @CheckForNull
    String named() {
        return repository;
    }

    /** Offers this source in forms and YAML. */
    @Extension
    @Symbol("gitea")
    public static final class DescriptorImpl extends ForgeDescriptor {

        /** The form of Gitea. */
        public DescriptorImpl() {
            super(ForgeSettings.Kind.GITEA);
        }

        @Override
        public String getDisplayName() {
            return Messages.GiteaChecks_DisplayName();
        }

        /** Says in the form whether the address can be used. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
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
                @QueryParameter String url,
                @QueryParameter String repository,
                @QueryParameter String credentialsId,
                @QueryParameter boolean allowInsecure)
                throws InterruptedException {
            GiteaCheckSource given = new GiteaCheckSource(url, repository);
            given.setCredentialsId(credentialsId);
            given.setAllowInsecure(allowInsecure);
            return test(given);
        }
    }
}
