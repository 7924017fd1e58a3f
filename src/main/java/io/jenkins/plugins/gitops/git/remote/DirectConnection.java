package io.jenkins.plugins.gitops.git.remote;

import io.jenkins.plugins.gitops.remote.AddressForm;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketException;
import java.net.URL;
import java.util.Optional;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnection;

/**
 * A connection over HTTP that follows no redirect, regardless of the git configuration of this machine, so that a
 * password is sent only to the configured address.
 */
final class DirectConnection extends JDKHttpConnection {

    /** Creates these connections. A factory that other code has set for the whole JVM is not used. */
    static final class Factory implements HttpConnectionFactory {
        @Override
        public HttpConnection create(URL url) throws IOException {
            return create(url, Proxy.NO_PROXY);
        }

        @Override
        public HttpConnection create(URL url, Proxy proxy) throws IOException {
            return new DirectConnection(url, proxy);
        }
    }

    /**
     * The server answered with a redirect. An administrator who trusts its target can configure that address instead.
     * The type is one that JGit passes on: others it takes for a failed authentication, after which it sends the
     * request again without a password.
     */
    static final class RedirectException extends SocketException {

        private static final long serialVersionUID = 1L;

        private final String location;

        RedirectException(int status, String location) {
            super("redirect (" + status + ") to " + location);
            this.location = location;
        }

        /** Returns the value of the header {@code Location} as the server sent it, without git's own paths. */
        String location() {
            return location;
        }
    }

    private DirectConnection(URL url, Proxy proxy) throws IOException {
        super(url, proxy);
    }

    @Override
    public int getResponseCode() throws IOException {
        int status = super.getResponseCode();
        if (status / 100 == 3 && status != HttpURLConnection.HTTP_NOT_MODIFIED) {
            String location = Optional.ofNullable(getHeaderField("Location")).orElse("");
            throw new RedirectException(status, location);
        }
        return status;
    }

    /** Returns the address of the repository to which a redirect leads; empty if it could not be configured. */
    static Optional<String> repository(String location) {
        String address = location.split("[?#]", 2)[0];
        for (String path : new String[] {"/info/refs", "/git-upload-pack", "/git-receive-pack"}) {
            if (address.endsWith(path)) {
                address = address.substring(0, address.length() - path.length());
            }
        }
        return AddressForm.webPage(address);
    }
}
