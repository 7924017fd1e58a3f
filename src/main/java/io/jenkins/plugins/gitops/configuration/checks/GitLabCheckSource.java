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

/** Verdicts of GitLab: commit statuses, jobs and pipelines. */
@Restricted(NoExternalUse.class)
public final class GitLabCheckSource extends ServerCheckSource {

    @CheckForNull
    private final String project;

    /**
     * Creates the source of a project.
     *
     * @param url of the server's pages
     * @param project with all its groups, or its number
     */
    @DataBoundConstructor
    public GitLabCheckSource(String url, String project) {
        super(url);
        this.project = Util.fixEmptyAndTrim(project);
    }

    @CheckForNull
    public String getProject() {
        return project;
    }

    @Override
    ForgeSettings.ForgeKind kind() {
        return ForgeSettings.ForgeKind.GITLAB;
    }

    @Override
    Optional<String> repositoryPath() {
        return Optional.ofNullable(project);
    }

    /** Offers this source in forms and YAML. */
    @Extension
    @Symbol("gitlab")
    public static final class DescriptorImpl extends ServerDescriptor {

        /** Creates the descriptor of {@link GitLabCheckSource}. */
        public DescriptorImpl() {
            super(ForgeSettings.ForgeKind.GITLAB);
        }

        @Override
        public String getDisplayName() {
            return Messages.GitLabCheckSource_DisplayName();
        }

        /** Checks that this can be the path of a project, or its number. */
        @POST
        public FormValidation doCheckProject(@QueryParameter String value) {
            return checkRepositoryPath(value);
        }

        /** Tests whether the project can be seen there, for the button of the form. */
        @POST
        public FormValidation doTestConnection(
                @QueryParameter String url,
                @QueryParameter String project,
                @QueryParameter String credentialsId,
                @QueryParameter boolean allowInsecure)
                throws InterruptedException {
            return testConnection(new GitLabCheckSource(url, project), credentialsId, allowInsecure);
        }
    }
}
