package io.jenkins.plugins.gitops.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import org.eclipse.jgit.transport.CredentialsProvider;

/** Supplies the credentials of a config repository, anew for each connection. */
@FunctionalInterface
public interface CredentialsSource {

    /**
     * Those to use now, or null where there are to be none.
     *
     * @throws RepoUnavailable if there should be some and are not
     */
    @CheckForNull
    CredentialsProvider get() throws RepoUnavailable;

    /**
     * What to connect with over ssh now, or null where there is nothing.
     *
     * @throws RepoUnavailable as above
     */
    @CheckForNull
    default SshAccess ssh() throws RepoUnavailable {
        return null;
    }
}
