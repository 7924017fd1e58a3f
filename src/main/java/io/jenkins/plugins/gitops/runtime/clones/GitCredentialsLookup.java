package io.jenkins.plugins.gitops.runtime.clones;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardUsernameCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.configuration.RepositoryUrls;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.git.remote.SshAccess;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.signing.SigningKeyReader;
import java.util.List;
import java.util.Objects;
import jenkins.model.Jenkins;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.jenkinsci.plugins.gitclient.GitHostKeyVerificationConfiguration;

/**
 * Looks up the credentials of a config repository for each connection, so that a changed password, or the fresh token
 * of a GitHub App, is used at once and no secret is kept. Host keys of ssh servers are verified as the Git client
 * plugin is configured to, under Manage Jenkins, Security.
 */
final class GitCredentialsLookup implements CredentialsSource {

    private final String repository;
    private final String url;

    @CheckForNull
    private final String id;

    @CheckForNull
    private final String signingKeyId;

    /** The key that was read last, with its signer: to open a key takes longer than all signatures of a round. */
    @CheckForNull
    private volatile ReadKey read;

    private record ReadKey(String key, @CheckForNull String passphrase, CommitSigner signer) {}

    GitCredentialsLookup(String repository, String url, @CheckForNull String id, @CheckForNull String signingKeyId) {
        this.repository = repository;
        this.url = url;
        this.id = id;
        this.signingKeyId = signingKeyId;
    }

    @Override
    public CommitSigner signer() throws RepoUnavailable {
        if (signingKeyId == null) {
            return CommitSigner.NONE;
        }
        SSHUserPrivateKey found = CredentialsProvider.findCredentialByIdInItemGroup(
                signingKeyId, SSHUserPrivateKey.class, Jenkins.get(), ACL.SYSTEM2, List.of());
        if (found == null) {
            throw unsigned("is missing; an administrator adds a private key under that id, or corrects signing");
        }
        Secret secret = found.getPassphrase();
        String passphrase = secret == null ? null : Util.fixEmpty(secret.getPlainText());
        List<String> keys = found.getPrivateKeys();
        if (keys.size() != 1) {
            throw unsigned("has " + keys.size() + " private keys; it has to be one");
        }
        ReadKey last = read;
        if (last == null || !last.key().equals(keys.get(0)) || !Objects.equals(last.passphrase(), passphrase)) {
            try {
                last = new ReadKey(keys.get(0), passphrase, SigningKeyReader.read(keys.get(0), passphrase));
                read = last;
            } catch (IllegalArgumentException e) {
                throw unsigned(e.getMessage());
            }
        }
        return last.signer();
    }

    private RepoMisconfigured unsigned(String why) {
        return new RepoMisconfigured("Repository " + repository + ": the signing key \"" + signingKeyId + "\" " + why
                + ". Nothing is pushed until then, since nothing is pushed unsigned.");
    }

    /** Those credentials, or null where the repository is used without any. */
    @Override
    @CheckForNull
    public org.eclipse.jgit.transport.CredentialsProvider get() throws RepoUnavailable {
        if (id == null) {
            return null;
        }
        if (find(id) instanceof StandardUsernamePasswordCredentials found) {
            return new UsernamePasswordCredentialsProvider(
                    found.getUsername(), found.getPassword().getPlainText());
        }
        if (RepositoryUrls.isSsh(url)) {
            return null;
        }
        throw new RepoMisconfigured("Repository " + repository + ": the credentials \"" + id
                + "\" are a private key, which is for an ssh url; name some with user and password in credentialsId.");
    }

    @Override
    @CheckForNull
    public SshAccess ssh() throws RepoUnavailable {
        if (id == null || !RepositoryUrls.isSsh(url)) {
            return null;
        }
        StandardUsernameCredentials found = find(id);
        if (found instanceof SSHUserPrivateKey key) {
            Secret passphrase = key.getPassphrase();
            return new SshAccess(
                    key.getUsername(),
                    key.getPrivateKeys(),
                    passphrase == null ? null : passphrase.getPlainText(),
                    hostKeys());
        }
        return new SshAccess(found.getUsername(), List.of(), null, hostKeys());
    }

    private static ServerKeyDatabase hostKeys() {
        return GitHostKeyVerificationConfiguration.get()
                .getSshHostKeyVerificationStrategy()
                .getVerifier()
                .forJGit(TaskListener.NULL)
                .getServerKeyDatabase();
    }

    private StandardUsernameCredentials find(String wanted) throws RepoUnavailable {
        StandardUsernameCredentials found = CredentialsProvider.findCredentialByIdInItemGroup(
                wanted,
                StandardUsernameCredentials.class,
                Jenkins.get(),
                ACL.SYSTEM2,
                URIRequirementBuilder.fromUri(url).build());
        if (found instanceof StandardUsernamePasswordCredentials || found instanceof SSHUserPrivateKey) {
            return found;
        }
        throw new RepoMisconfigured("Repository " + repository + ": there are no credentials \"" + wanted
                + "\" with user and password or private key; an administrator adds them under that id, or corrects "
                + "credentialsId.");
    }
}
