package io.jenkins.plugins.gitops.git.remote;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;

/**
 * The user and password of one connection, for the configured server only. Over ssh the password is given once: JGit
 * asks again when it was refused, and servers lock accounts then. Over HTTP, {@link DirectConnection} ends such a
 * connection.
 */
final class OneConnectionCredentials extends CredentialsProvider {

    private static final int SSH_PORT = 22;

    private final URIish own;
    private final CredentialsProvider credentials;
    private final boolean overSsh;
    private final AtomicBoolean given = new AtomicBoolean();

    OneConnectionCredentials(URIish own, CredentialsProvider credentials, boolean overSsh) {
        this.own = own;
        this.credentials = credentials;
        this.overSsh = overSsh;
    }

    /** JGit's ssh asks only a provider that says so for a password. */
    @Override
    public boolean isInteractive() {
        return overSsh || credentials.isInteractive();
    }

    @Override
    public boolean supports(CredentialItem... items) {
        return credentials.supports(items);
    }

    @Override
    public boolean get(URIish uri, CredentialItem... items) {
        if (!isOwn(uri) || !credentials.supports(items)) {
            return false;
        }
        boolean secret = Stream.of(items).anyMatch(CredentialItem::isValueSecure);
        return !(overSsh && secret && given.getAndSet(true)) && credentials.get(uri, items);
    }

    private boolean isOwn(URIish uri) {
        return Objects.equals(uri.getHost(), own.getHost())
                && (overSsh
                        ? sshPort(uri) == sshPort(own)
                        : Objects.equals(uri.getScheme(), own.getScheme()) && uri.getPort() == own.getPort());
    }

    private static int sshPort(URIish uri) {
        return uri.getPort() < 0 ? SSH_PORT : uri.getPort();
    }
}
