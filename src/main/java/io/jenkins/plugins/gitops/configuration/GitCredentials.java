package io.jenkins.plugins.gitops.configuration;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.errors.RepoUnavailable;
import io.jenkins.plugins.gitops.repo.CredentialsSource;
import jenkins.model.Jenkins;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/**
 * Looks the credentials of a config repository up at each use, so that a changed password or the fresh token of a
 * GitHub App is used at once, and nothing secret is kept.
 */
final class GitCredentials implements CredentialsSource {

    private final String repository;
    private final String url;

    @CheckForNull
    private final String id;

    GitCredentials(String repository, String url, @CheckForNull String id) {
        this.repository = repository;
        this.url = url;
        this.id = id;
    }

    /** Those credentials, or null where the repository is used without any. */
    @Override
    @CheckForNull
    public org.eclipse.jgit.transport.CredentialsProvider get() throws RepoUnavailable {
        if (id == null) {
            return null;
        }
        StandardUsernamePasswordCredentials found = CredentialsProvider.findCredentialByIdInItemGroup(
                id,
                StandardUsernamePasswordCredentials.class,
                Jenkins.get(),
                ACL.SYSTEM2,
                URIRequirementBuilder.fromUri(url).build());
        if (found == null) {
            throw new RepoUnavailable("Repository " + repository + ": there are no credentials \"" + id
                    + "\" with user and password; an administrator adds them under that id, or corrects "
                    + "credentialsId.");
        }
        return new UsernamePasswordCredentialsProvider(
                found.getUsername(), found.getPassword().getPlainText());
    }
}
