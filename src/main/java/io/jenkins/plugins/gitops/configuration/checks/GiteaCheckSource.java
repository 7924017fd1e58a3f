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
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Verdicts of Gitea or Forgejo: commit statuses. */
@Restricted(NoExternalUse.class)
public final class GiteaCheckSource extends ServerCheckSource {

    @CheckForNull
    private final String repository;

    /**
     * Creates the source of a repository.
     *
     * @param url of the server's pages
     * @param repository owner and name
     */
    @DataBoundConstructor
    public GiteaCheckSource(String url, String repository) {
        super(url);
        this.repository = Util.fixEmptyAndTrim(repository);
    }

    @CheckForNull
    public String getRepository() {
        return repository;
    }

    @Override
    ForgeSettings.ForgeKind kind() {
        return ForgeSettings.ForgeKind.GITEA;
    }

    @Override
    Optional<String> repositoryPath() {
        return Optional.ofNullable(repository);
    }

    /** Offers this source in forms and YAML. */
    @Extension
    @Symbol("gitea")
    public static final class DescriptorImpl extends ServerDescriptor {

        /** Creates the descriptor of {@link GiteaCheckSource}. */
        public DescriptorImpl() {
            super(ForgeSettings.ForgeKind.GITEA);
        }

        @Override
        public String getDisplayName() {
            return Messages.GiteaCheckSource_DisplayName();
        }

        /** Checks that this can be owner and name of a repository. */
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
            return testConnection(new GiteaCheckSource(url, repository), credentialsId, allowInsecure);
        }
    }
}
