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

/** Verdicts of GitLab: commit statuses, jobs and pipelines. */
@Restricted(NoExternalUse.class)
public final class GitLabCheckSource extends ForgeCheckSource {

    @CheckForNull
    private final String url;

    @CheckForNull
    private final String project;

    /**
     * Says where the project is.
     *
     * @param url of the server
     * @param project with all its groups, or its number
     */
    @DataBoundConstructor
    public GitLabCheckSource(String url, String project) {
        this.url = Util.fixEmptyAndTrim(url);
        this.project = Util.fixEmptyAndTrim(project);
    }

    @CheckForNull
    public String getUrl() {
        return url;
    }

    @CheckForNull
    public String getProject() {
        return project;
    }

    @Override
    ForgeSettings.Kind kind() {
        return ForgeSettings.Kind.GITLAB;
    }

    @Override
    @CheckForNull
    String address() {
        return url;
    }

    @Override
    @CheckForNull
    String named() {
        return project;
    }

    /** Offers this source in forms and YAML. */
    @Extension
    @Symbol("gitlab")
    public static final class DescriptorImpl extends ForgeDescriptor {

        /** The form of GitLab. */
        public DescriptorImpl() {
            super(ForgeSettings.Kind.GITLAB);
        }

        @Override
        public String getDisplayName() {
            return Messages.GitLabChecks_DisplayName();
        }

        /** Says in the form whether the address can be used. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
            return checkAddress(value, allowInsecure);
        }

        /** Says in the form whether this is the name of a repository. */
        @POST
        public FormValidation doCheckProject(@QueryParameter String value) {
            return checkRepository(value);
        }

        /** Looks whether the repository can be seen there, for the button of the form. */
        @POST
        public FormValidation doTestConnection(
                @QueryParameter String url,
                @QueryParameter String project,
                @QueryParameter String credentialsId,
                @QueryParameter boolean allowInsecure)
                throws InterruptedException {
            GitLabCheckSource given = new GitLabCheckSource(url, project);
            given.setCredentialsId(credentialsId);
            given.setAllowInsecure(allowInsecure);
            return test(given);
        }
    }
}
