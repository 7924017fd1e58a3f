package io.jenkins.plugins.gitops.git.remote;

import java.util.Objects;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;

/** Gives the credentials to the configured server only; JGit follows redirects and asks for the other server too. */
final class SameHostCredentialsProvider extends CredentialsProvider {

    private final URIish own;
    private final CredentialsProvider credentials;

    SameHostCredentialsProvider(URIish own, CredentialsProvider credentials) {
        this.own = own;
        this.credentials = credentials;
    }

    @Override
    public boolean isInteractive() {
        return credentials.isInteractive();
    }

    @Override
    public boolean supports(CredentialItem... items) {
        return credentials.supports(items);
    }

    @Override
    public boolean get(URIish uri, CredentialItem... items) {
        boolean same = Objects.equals(uri.getScheme(), own.getScheme())
                && Objects.equals(uri.getHost(), own.getHost())
                && uri.getPort() == own.getPort();
        return same && credentials.get(uri, items);
    }
}
