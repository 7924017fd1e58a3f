package io.jenkins.plugins.gitops.runtime.clones;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.git.remote.SshAccess;
import io.jenkins.plugins.gitops.remote.SecretLookup;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jgit.transport.CredentialsProvider;

/**
 * Credentials that are looked up with a deadline: what stores them, or makes the token of a GitHub App, may be another
 * system that never answers, and a driver that waits for it would do nothing any more and say nothing.
 *
 * @param stored looks them up, which may block
 */
record BoundedCredentials(String repository, CredentialsSource stored, SecretLookup lookups)
        implements CredentialsSource {

    @Override
    @CheckForNull
    public CredentialsProvider get() throws RepoUnavailable {
        return within(stored::get, "credentials");
    }

    @Override
    @CheckForNull
    public SshAccess ssh() throws RepoUnavailable {
        return within(stored::ssh, "credentials");
    }

    @Override
    public CommitSigner signer() throws RepoUnavailable {
        return within(stored::signer, "signing key");
    }

    private <T> T within(Callable<T> lookUp, String what) throws RepoUnavailable {
        try {
            return find(lookUp, what).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RepoUnavailable known) {
                throw known;
            }
            if (e.getCause() instanceof RejectedExecutionException full) {
                throw late(what, full);
            }
            if (e.getCause() instanceof RuntimeException bug) {
                throw bug;
            }
            throw e;
        }
    }

    private <T> CompletableFuture<T> find(Callable<T> lookUp, String what) {
        try {
            return lookups.find(lookUp, () -> late(what, null));
        } catch (RejectedExecutionException e) {
            // The timer has ended, since Jenkins stops; the round that is under way is completed.
            var found = new CompletableFuture<T>();
            try {
                found.complete(lookUp.call());
            } catch (Exception failure) {
                found.completeExceptionally(failure);
            }
            return found;
        }
    }

    private RepoUnavailable late(String what, @CheckForNull Throwable cause) {
        return new RepoUnavailable(
                "Repository " + repository + ": its " + what + " could not be looked up in time; what stores them in"
                        + " Jenkins does not answer.",
                cause);
    }
}
