package io.jenkins.plugins.gitops.git.remote;

import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;

/**
 * A failed connection to a git server, and its explanation for users. JGit has no exception types for most causes, so
 * that its messages, which are not localised, are searched for known texts.
 */
public final class GitTransportException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String url;

    GitTransportException(String url, IOException cause) {
        super(cause);
        this.url = url;
    }

    /** Whether a later attempt may succeed. */
    public boolean isRetryable() {
        return !isCredentials()
                && !isAtomic()
                && !isHostKey()
                && find(NoRemoteRepositoryException.class).isEmpty()
                && find(SSLException.class).isEmpty()
                && find(UnknownHostException.class).isEmpty();
    }

    private boolean isCredentials() {
        return says("not authorized")
                || says("authentication is required")
                || says("not permitted")
                || says("auth fail")
                || says("cannot log in");
    }

    private boolean isHostKey() {
        return says("server key did not validate") || says("host key");
    }

    private boolean isAtomic() {
        return says("atomic push");
    }

    /** The error for users. */
    public RepoUnavailable explained() {
        return new RepoUnavailable(sentence(), this);
    }

    private String sentence() {
        if (isHostKey()) {
            return "The config repository " + url
                    + " cannot be reached: the ssh key of its host is not one that is known. If it is the true one, add it"
                    + " under Manage Jenkins -> Security -> Git Host Key Verification Configuration.";
        }
        if (isCredentials()) {
            return "The config repository " + url
                    + " refused access: check the user and the password, token or key of its credentialsId, and that they may push.";
        }
        if (isAtomic()) {
            return "The server of the config repository " + url
                    + " has no atomic pushes, without which main cannot be moved safely: switch them on"
                    + " (git: receive.advertiseAtomic) or use a server that has them.";
        }
        if (find(NoRemoteRepositoryException.class).isPresent()) {
            return "There is no git repository at " + url
                    + ": check the url of the repository and that its credentials may read it.";
        }
        if (find(UnknownHostException.class).isPresent()) {
            return "The config repository " + url + " cannot be reached: its host is not known.";
        }
        Optional<SSLException> untrusted = find(SSLException.class);
        if (untrusted.isPresent()) {
            return "The config repository " + url + " cannot be reached: its certificate is not trusted ("
                    + SingleLine.of(String.valueOf(untrusted.get().getMessage())) + ").";
        }
        if (find(ConnectException.class).isPresent()) {
            return "The config repository " + url
                    + " cannot be reached: nothing answers at its address. Is the server running?";
        }
        if (find(SocketTimeoutException.class).isPresent()) {
            return "The config repository " + url + " cannot be reached: its server did not answer in time.";
        }
        return "The config repository " + url + " cannot be reached: "
                + SingleLine.of(String.valueOf(getCause().getMessage())) + ".";
    }

    private boolean says(String words) {
        for (Throwable e = getCause(); e != null; e = e.getCause()) {
            if (e.getMessage() != null
                    && e.getMessage().toLowerCase(Locale.ROOT).contains(words)) {
                return true;
            }
        }
        return false;
    }

    private <T extends Throwable> Optional<T> find(Class<T> type) {
        for (Throwable e = getCause(); e != null; e = e.getCause()) {
            if (type.isInstance(e)) {
                return Optional.of(type.cast(e));
            }
        }
        return Optional.empty();
    }
}
