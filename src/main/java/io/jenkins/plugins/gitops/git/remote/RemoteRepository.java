package io.jenkins.plugins.gitops.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;

/** A config repository on its git server, with the credentials that each connection uses. */
public final class RemoteRepository {

    private static final int TIMEOUT_SECONDS = 60;
    private static final CredentialsProvider NO_CREDENTIALS = new NoCredentialsProvider();

    private final URIish uri;
    private final CredentialsSource credentials;
    private volatile Consumer<Optional<String>> listener = operation -> {};

    /** The redaction of the secrets that the last connections used. */
    private volatile SecretRedaction redaction = SecretRedaction.NONE;

    private volatile RefListing refListing = RefListing.UNTRIED;

    private RemoteRepository(URIish uri, CredentialsSource credentials) {
        this.uri = uri;
        this.credentials = credentials;
    }

    /**
     * Creates a repository from its URL; opens no connection.
     *
     * @param url the URL without user and password
     * @param credentials provides the credentials of each connection
     * @throws RepoUnavailable if the URL is not one of a git repository
     */
    public static RemoteRepository at(String url, CredentialsSource credentials) throws RepoUnavailable {
        try {
            return new RemoteRepository(new URIish(url), credentials);
        } catch (URISyntaxException e) {
            throw new RepoUnavailable("\"" + url + "\" is not the URL of a git repository.", e);
        }
    }

    /**
     * Sets the listener of connections. It receives the operation when a connection begins, and an empty value when it
     * ends.
     */
    public void setListener(Consumer<Optional<String>> listener) {
        this.listener = listener;
    }

    /** The configured URL. */
    public String configuredUrl() {
        return uri.toString();
    }

    /** The URL for messages; contains no secret. */
    public String url() {
        return uri.setUser(null).setPass(null).toString();
    }

    /** The host of the server; the URL if it has no host. */
    public String host() {
        return uri.getHost() == null ? url() : uri.getHost();
    }

    /**
     * Converts a failure of a connection to an error with an explanation for users, without the secrets of the
     * connection.
     *
     * @param cause also an unchecked exception, with which JGit fails on some answers
     */
    public GitTransportException failure(Exception cause) {
        IOException failure = cause instanceof IOException known
                ? known
                : new IOException("what its server answers cannot be read: " + cause, cause);
        return new GitTransportException(url(), redaction, failure);
    }

    /** Removes the secrets of the last connections from a text of the server. */
    public String redact(String text) {
        return redaction.redact(text);
    }

    /** A transport with the ssh sessions that it uses, if any. {@link #close} also notifies the listener. */
    public record Connection(
            Transport transport, @CheckForNull SshdSessionFactory sessions, Consumer<Optional<String>> listener)
            implements AutoCloseable {

        /** Notifies the listener that an operation begins, or that the server is asked nothing for a while. */
        public void waitsFor(Optional<String> operation) {
            listener.accept(operation);
        }

        @Override
        public void close() {
            listener.accept(Optional.empty());
            transport.close();
            if (sessions != null) {
                sessions.close();
            }
        }
    }

    /**
     * Opens a transport between the server and a local repository.
     *
     * @param operation the operation on the server, such as {@code fetch}, for the listener
     * @throws RepoUnavailable if the credentials are missing or of the wrong kind
     */
    public Connection connect(Repository local, String operation)
            throws NotSupportedException, TransportException, RepoUnavailable {
        return connect(local, operation, RefListing.BY_NAME);
    }

    /** As {@link #connect(Repository, String)}, to fetch, with the fewest requests that list the refs of this repository. */
    public Connection connectToFetch(Repository local)
            throws NotSupportedException, TransportException, RepoUnavailable {
        return connect(local, "fetch", refListing);
    }

    /**
     * Learns from the refs that a server listed on a connection of {@link #connectToFetch} how to list them next time.
     *
     * @param refs their number
     */
    public void listed(int refs) {
        refListing = refListing.after(refs);
    }

    /**
     * Learns the same from a connection of {@link #connectToFetch} that failed.
     *
     * @return whether the refs can be listed in another way at once
     */
    public boolean listingFailed(Exception cause) {
        RefListing failed = refListing;
        refListing = failed.after(cause);
        return failed == RefListing.ALL && refListing == RefListing.BY_NAME;
    }

    private Connection connect(Repository local, String operation, RefListing listing)
            throws NotSupportedException, TransportException, RepoUnavailable {
        listener.accept(Optional.of(operation));
        try {
            return open(local, listing);
        } catch (NotSupportedException | TransportException | RepoUnavailable | RuntimeException e) {
            listener.accept(Optional.empty());
            throw e;
        }
    }

    private Connection open(Repository local, RefListing listing)
            throws NotSupportedException, TransportException, RepoUnavailable {
        SshAccess ssh = credentials.ssh();
        CredentialsProvider provider = credentials.get();
        Optional<Login> login = login(provider);
        redaction = redaction(ssh, login);
        Transport transport =
                Transport.open(local, ssh != null && uri.getUser() == null ? uri.setUser(ssh.user()) : uri);
        // A transport without a provider would use one that other code has set for the whole JVM.
        transport.setCredentialsProvider(
                provider == null
                        ? NO_CREDENTIALS
                        : new OneConnectionCredentials(uri, provider, transport instanceof SshTransport));
        transport.setTimeout(TIMEOUT_SECONDS);
        transport.setTagOpt(TagOpt.NO_TAGS);
        transport.setCheckFetchedObjects(false);
        // With bitmaps a push walks all objects that are newer than the bitmaps, more each time.
        transport.setPushUseBitmaps(false);
        if (transport instanceof TransportHttp overHttp) {
            overHttp.setHttpConnectionFactory(new DirectConnection.Factory(listing));
            // Sent with the first request: waiting to be asked costs one more request, and no redirect is followed.
            login.ifPresent(known -> overHttp.setPreemptiveBasicAuthentication(known.user(), known.password()));
        }
        if (transport instanceof SshTransport overSsh) {
            if (ssh == null) {
                transport.close();
                throw new RepoMisconfigured("The config repository " + url()
                        + " is reached over ssh, for which its credentialsId has to name a user with a private key.");
            }
            SshdSessionFactory sessions = ssh.sessions(new File(local.getDirectory(), "ssh"));
            overSsh.setSshSessionFactory(sessions);
            return new Connection(transport, sessions, listener);
        }
        return new Connection(transport, null, listener);
    }

    /** See {@link CredentialsSource#signer}. */
    public CommitSigner signer() throws RepoUnavailable {
        return credentials.signer();
    }

    private record Login(String user, String password) {}

    private Optional<Login> login(@Nullable CredentialsProvider provider) {
        var user = new CredentialItem.Username();
        var password = new CredentialItem.Password();
        if (provider == null || !provider.supports(user, password) || !provider.get(uri, user, password)) {
            return Optional.empty();
        }
        String secret = password.getValue() == null ? "" : String.valueOf(password.getValue());
        return Optional.of(new Login(user.getValue() == null ? "" : user.getValue(), secret));
    }

    private SecretRedaction redaction(@Nullable SshAccess ssh, Optional<Login> login) {
        SecretRedaction known = redaction;
        if (ssh != null && ssh.passphrase() != null) {
            known = known.and(List.of(ssh.passphrase()));
        }
        return login.isPresent()
                ? known.andLogin(login.get().user(), login.get().password())
                : known;
    }
}
