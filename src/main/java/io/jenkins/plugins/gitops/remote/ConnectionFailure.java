package io.jenkins.plugins.gitops.remote;

import io.jenkins.plugins.gitops.common.SingleLine;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Explains why an HTTP request to another system has no response. */
public final class ConnectionFailure {

    private ConnectionFailure() {}

    /**
     * Returns the explanation as the end of a sentence whose subject is the system, with what to do; empty if the
     * connection is not to blame. It may quote messages of exceptions, which are not redacted.
     *
     * @param address what to check if the host cannot be found, such as {@code its url}
     */
    public static Optional<String> describe(Throwable failure, String address) {
        List<Throwable> causes =
                Stream.iterate(failure, Objects::nonNull, Throwable::getCause).toList();
        if (has(causes, UnresolvedAddressException.class) || has(causes, UnknownHostException.class)) {
            return Optional.of("cannot be reached: its host is not known; check " + address + ", and the name server.");
        }
        Optional<SSLException> tls = first(causes, SSLException.class);
        if (tls.isPresent() && isPlainAnswer(tls.get())) {
            return Optional.of(
                    "cannot be reached: it speaks plain http at this port, not https; put it behind TLS, or let "
                            + "an administrator give its address with http:// and allowInsecure.");
        }
        if (tls.isPresent()) {
            return Optional.of("cannot be reached: TLS failed ("
                    + SingleLine.excerpt(String.valueOf(tls.get().getMessage()))
                    + "); check its certificate, and which ones Java trusts here.");
        }
        if (has(causes, ConnectException.class)) {
            return Optional.of(
                    "cannot be reached: nothing accepts connections there; check " + address + ", and that it runs.");
        }
        if (has(causes, CancellationException.class) || has(causes, HttpTimeoutException.class)) {
            return Optional.of("did not answer in time; look whether it is overloaded, or cut off by the network.");
        }
        return first(causes, IOException.class)
                .map(broken ->
                        "cannot be reached: the connection broke (" + SingleLine.excerpt(broken.toString()) + ").");
    }

    /** Whether the server answered with data that is not TLS, as a server for plain HTTP does (sun.security.ssl). */
    private static boolean isPlainAnswer(SSLException failure) {
        return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("unrecognized ssl message");
    }

    private static boolean has(List<Throwable> causes, Class<? extends Throwable> type) {
        return first(causes, type).isPresent();
    }

    private static <T extends Throwable> Optional<T> first(List<Throwable> causes, Class<T> type) {
        return causes.stream().filter(type::isInstance).map(type::cast).findFirst();
    }
}
