package io.jenkins.plugins.gitops.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import org.eclipse.jgit.transport.CredentialsProvider;

/** Provides the credentials of a config repository; called before each connection. */
@FunctionalInterface
public interface CredentialsSource {

    /**
     * The present credentials, or null if none are configured.
     *
     * @throws RepoUnavailable if credentials are configured but missing
     */
    @CheckForNull
    CredentialsProvider get() throws RepoUnavailable;

    /**
     * The present key or password for ssh, or null if none is configured.
     *
     * @throws RepoUnavailable if credentials are configured but missing or unusable
     */
    @CheckForNull
    default SshAccess ssh() throws RepoUnavailable {
        return null;
    }

    /**
     * Returns the signer of the commits of the repository at the moment.
     *
     * @throws RepoUnavailable if a key is configured but missing or unusable
     */
    default CommitSigner signer() throws RepoUnavailable {
        return CommitSigner.NONE;
    }
}
