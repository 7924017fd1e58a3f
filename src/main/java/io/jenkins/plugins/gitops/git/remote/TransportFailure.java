package io.jenkins.plugins.gitops.git.remote;

import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.git.remote.DirectConnection.AccessRefusedException;
import io.jenkins.plugins.gitops.git.remote.DirectConnection.BusyException;
import io.jenkins.plugins.gitops.git.remote.DirectConnection.RedirectException;
import io.jenkins.plugins.gitops.git.remote.DirectConnection.ServerErrorException;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.errors.RemoteRepositoryException;

/**
 * The meaning of a failed connection to a git server. JGit has no exception types for most causes, so that its
 * messages, which are not localised, are searched for known texts.
 */
record TransportFailure(String url, SecretRedaction redaction, IOException cause) {

    /**
     * The signs of a repository with SHA-256: messages of git's programs, by its capability (gitprotocol-capabilities,
     * object-format), or by names of objects of 64 digits, where JGit expects 40.
     */
    private static final Pattern SHA256 = Pattern.compile(
            "mismatched object format|object-format=sha256|(?<![0-9a-f])[0-9a-f]{64} (?:refs/|HEAD|capabilities)");

    private static final String NOT_FOUND = "not found";

    /** What JGit writes before the words of a status 404. */
    private static final String OVER_HTTP = " not found: ";

    /**
     * What servers say over ssh of a repository that they do not show to who was logged in. A file that does not exist is
     * one that a script of their shell misses.
     */
    private static final Pattern MISSING = Pattern.compile(
            "(?i)not (?:be )?found|cannot find|can't find|no such (?!file )|(?:not|n't) exist|not appear to be|not a git|denied"
                    + "|not (?:allowed|permitted)|disallowed|forbidden|(?:un|not )authori[sz]ed|permission|access|blocked"
                    + "|disabled|suspended|archived|invalid|unknown|read.only");

    /** The time for which the server asked not to be called, if it did. */
    Optional<Duration> retryAfter() {
        return find(BusyException.class).map(BusyException::retryAfter);
    }

    /** Whether an attempt at once may succeed. */
    boolean isRetryable() {
        return !isUnsupported()
                && retryAfter().isEmpty()
                && !isCredentials()
                && !isAtomic()
                && !isHostKey()
                && find(RedirectException.class).isEmpty()
                && !isMissing()
                && find(SSLException.class).isEmpty()
                && find(UnknownHostException.class).isEmpty();
    }

    /** Whether a later attempt fails until a user has corrected something. */
    boolean isLasting() {
        return isUnsupported()
                || isCredentials()
                || isAtomic()
                || isHostKey()
                || find(RedirectException.class).isPresent()
                || isMissing()
                || find(CertificateException.class).isPresent();
    }

    /** Whether the repository is of a kind that cannot be used. */
    boolean isUnsupported() {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e.getMessage() != null && SHA256.matcher(e.getMessage()).find()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the server says that it has no such repository. JGit says so of each answer without a word, also where
     * the program that answers was ended, and of whatever a program says over ssh before it ends.
     */
    private boolean isMissing() {
        Optional<NoRemoteRepositoryException> missing = find(NoRemoteRepositoryException.class);
        if (missing.isEmpty() || find(EOFException.class).isPresent()) {
            return false;
        }
        String words = String.valueOf(missing.get().getMessage());
        return isOverHttp() || !OutageWords.in(words) && MISSING.matcher(words).find();
    }

    private boolean isOverHttp() {
        return url.startsWith("http");
    }

    private boolean isCredentials() {
        return find(AccessRefusedException.class).isPresent()
                || says("not authorized")
                || says("authentication is required")
                || says("-pack not permitted on")
                // Over HTTP a refusal has a status, and an answer without a word is none.
                || !isOverHttp() && says("push not permitted")
                || says("auth fail")
                || says("authentication canceled")
                || says("cannot log in");
    }

    private boolean isHostKey() {
        return says("server key did not validate") || says("host key");
    }

    private boolean isAtomic() {
        return says("atomic push");
    }

    String sentence() {
        Optional<RedirectException> redirect = find(RedirectException.class);
        if (redirect.isPresent()) {
            // Secrets are taken out first, since an address that is made canonical may hide them.
            String to = redaction.redact(redirect.get().location());
            return "The config repository " + url + " has moved"
                    + DirectConnection.repository(to)
                            .map(moved -> " to " + moved)
                            .orElse("")
                    + ": its server redirects, which is not followed, so that the password reaches nobody else. If the"
                    + " new address is the true one, set it as the url of the repository.";
        }
        if (isUnsupported()) {
            return "The config repository " + url + " names its objects by SHA-256 (object-format=sha256), which this"
                    + " plugin cannot read: make it anew with SHA-1, by git init --object-format=sha1.";
        }
        Optional<BusyException> busy = find(BusyException.class);
        if (busy.isPresent()) {
            return "The server of the config repository " + url + " asks not to be called for "
                    + Durations.format(busy.get().retryAfter()) + " (status "
                    + busy.get().status() + "): it is overloaded, or limits how often it is called.";
        }
        Optional<ServerErrorException> error = find(ServerErrorException.class);
        if (error.isPresent()) {
            return "The config repository " + url + " cannot be reached: "
                    + SingleLine.of(redaction.redact(String.valueOf(error.get().getMessage()))) + ".";
        }
        if (isHostKey()) {
            return "The config repository " + url
                    + " cannot be reached: the ssh key of its host is not one that is known. If it is the true "
                    + "one, add it under Manage Jenkins -> Security -> Git Host Key Verification Configuration.";
        }
        if (isCredentials()) {
            return "The config repository " + url
                    + " refused access: check the user and the password, token or key of its credentialsId, and "
                    + "that they may push."
                    + serversWords(find(AccessRefusedException.class)
                            .map(AccessRefusedException::words)
                            .orElse(""));
        }
        if (isAtomic()) {
            return "The server of the config repository " + url
                    + " has no atomic pushes, without which main cannot be moved safely: switch them on"
                    + " (git: receive.advertiseAtomic) or use a server that has them.";
        }
        Optional<NoRemoteRepositoryException> missing = find(NoRemoteRepositoryException.class);
        if (missing.isPresent() && !isMissing()) {
            return "The config repository " + url + " cannot be reached: its server has ended the connection."
                    + wordsOfMissing(missing.get().getMessage());
        }
        if (missing.isPresent()) {
            return "There is no git repository at " + url
                    + ": check the url of the repository and that its credentials may read it."
                    + wordsOfMissing(missing.get().getMessage());
        }
        if (find(UnknownHostException.class).isPresent()) {
            return "The config repository " + url + " cannot be reached: its host is not known.";
        }
        Optional<SSLException> tls = find(SSLException.class);
        if (tls.isPresent()) {
            String said =
                    SingleLine.of(redaction.redact(String.valueOf(tls.get().getMessage())));
            return "The config repository " + url
                    + (find(CertificateException.class).isPresent()
                            ? " cannot be reached: its certificate is not trusted (" + said + ")."
                            : " cannot be reached: there is no TLS connection to its server (" + said + ").");
        }
        if (find(ConnectException.class).isPresent()) {
            return "The config repository " + url
                    + " cannot be reached: nothing answers at its address. Is the server running?";
        }
        if (find(SocketTimeoutException.class).isPresent()) {
            return "The config repository " + url + " cannot be reached: its server did not answer in time.";
        }
        return "The config repository " + url + " cannot be reached: "
                + SingleLine.of(redaction.redact(String.valueOf(cause.getMessage()))) + ".";
    }

    /** Returns what a server said of a repository that it does not show, which JGit puts after the address. */
    private String wordsOfMissing(String message) {
        int over = message.lastIndexOf(OVER_HTTP);
        if (isOverHttp() && over >= 0) {
            String words = message.substring(over + OVER_HTTP.length());
            return words.equalsIgnoreCase(NOT_FOUND) ? "" : serversWords(words);
        }
        int colon = message.indexOf(": ");
        String words = colon < 0 ? "" : message.substring(colon + 2);
        // JGit's own words, which say nothing more.
        return words.equals(NOT_FOUND + ".") || words.contains(" " + NOT_FOUND) ? "" : serversWords(words);
    }

    private String serversWords(String words) {
        String shown = SingleLine.of(redaction.redact(words));
        return shown.isEmpty() ? "" : " Its server says: " + shown;
    }

    /** Whether JGit says so; what the server says is not looked at. */
    private boolean says(String words) {
        if (find(ServerErrorException.class).isPresent()) {
            return false;
        }
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e.getMessage() != null
                    && !(e instanceof RemoteRepositoryException || e instanceof PackProtocolException)
                    && e.getMessage().toLowerCase(Locale.ROOT).contains(words)) {
                return true;
            }
        }
        return false;
    }

    private <T extends Throwable> Optional<T> find(Class<T> type) {
        return find(cause, type);
    }

    /** A failure of a type among a failure and its causes. */
    static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (type.isInstance(e)) {
                return Optional.of(type.cast(e));
            }
        }
        return Optional.empty();
    }
}
