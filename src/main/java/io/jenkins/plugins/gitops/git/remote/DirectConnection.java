package io.jenkins.plugins.gitops.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.remote.AddressForm;
import io.jenkins.plugins.gitops.remote.ContentType;
import io.jenkins.plugins.gitops.remote.RetryAfter;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.transport.GitProtocolConstants;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnection;

/**
 * A connection over HTTP that follows no redirect, regardless of the git configuration of this machine, so that a
 * password is sent only to the configured address, and that ends at a refused password.
 */
final class DirectConnection extends JDKHttpConnection {

    /** The bytes of a server's words that are read. */
    private static final int MAX_WORDS = 2000;

    private static final int MOST_READS = 4;

    /** RFC 6585, 4. */
    private static final int TOO_MANY_REQUESTS = 429;

    /** The schemes besides Basic with which JGit logs in. */
    private static final List<String> OTHER_SCHEMES = List.of("digest", "negotiate");

    /** RFC 7616, 3.3: the password was right. */
    private static final Pattern STALE = Pattern.compile("\\bstale\\s*=\\s*\"?true");

    /**
     * Creates these connections. A factory that other code has set for the whole JVM is not used.
     *
     * @param listing how a client that fetches lists the refs
     */
    record Factory(RefListing listing) implements HttpConnectionFactory {
        @Override
        public HttpConnection create(URL url) throws IOException {
            return create(url, Proxy.NO_PROXY);
        }

        @Override
        public HttpConnection create(URL url, Proxy proxy) throws IOException {
            return new DirectConnection(url, proxy, listing);
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

    /** The server answered that it must not be called again for some time. */
    static final class BusyException extends SocketException {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final Duration retryAfter;

        BusyException(int status, Duration retryAfter) {
            super("status " + status + ", Retry-After " + retryAfter.toSeconds());
            this.status = status;
            this.retryAfter = retryAfter;
        }

        int status() {
            return status;
        }

        Duration retryAfter() {
            return retryAfter;
        }
    }

    /**
     * The server, or a proxy before it, answered that it failed, or answered with something else than git. What it says
     * means nothing for who was logged in.
     */
    static final class ServerErrorException extends SocketException {

        private static final long serialVersionUID = 1L;

        ServerErrorException(String message) {
            super(message);
        }
    }

    /** The server refused access to who was logged in, or the login. */
    static final class AccessRefusedException extends SocketException {

        private static final long serialVersionUID = 1L;

        private final String words;

        private AccessRefusedException(String message, String words) {
            super(message);
            this.words = words;
        }

        /**
         * The server refused the password that it was sent. JGit would send the same one three times more, whereupon
         * servers lock accounts.
         */
        static AccessRefusedException ofLogin(String words) {
            return new AccessRefusedException("not authorized", words);
        }

        /** The server answered that who has logged in may not do this, and why. */
        static AccessRefusedException forbidden(String words) {
            return new AccessRefusedException("not permitted", words);
        }

        /** Returns what the server says of it; empty if it says nothing. */
        String words() {
            return words;
        }
    }

    /** Keeps the connection that JGit makes of an address, since JGit gives nobody the body of an error. */
    private static final class Opener extends URLStreamHandler {

        @CheckForNull
        private HttpURLConnection opened;

        URL url(URL url) throws IOException {
            return new URL(null, url.toString(), this);
        }

        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            return openConnection(url, Proxy.NO_PROXY);
        }

        @Override
        protected URLConnection openConnection(URL url, Proxy proxy) throws IOException {
            opened = (HttpURLConnection) new URL(url.toString()).openConnection(proxy);
            return opened;
        }
    }

    private final Opener opener;
    private final RefListing listing;

    /** What the server says of a request that it refuses; null before that was read. */
    @CheckForNull
    private String words;

    /** The scheme of the credentials that the request has, such as {@code Basic}; null if it has none. */
    @CheckForNull
    private String scheme;

    private DirectConnection(URL url, Proxy proxy, RefListing listing) throws IOException {
        this(url, proxy, listing, new Opener());
    }

    private DirectConnection(URL url, Proxy proxy, RefListing listing, Opener opener) throws IOException {
        super(opener.url(url), proxy);
        this.opener = opener;
        this.listing = listing;
    }

    @Override
    public void setRequestProperty(String name, String value) {
        // JGit asks for a later version of the protocol with this header, and reads each in which a server answers.
        if (listing == RefListing.ALL && name.equalsIgnoreCase(GitProtocolConstants.PROTOCOL_HEADER)) {
            return;
        }
        if (name.equalsIgnoreCase("Authorization")) {
            scheme = value.split(" ", 2)[0];
        }
        super.setRequestProperty(name, value);
    }

    @Override
    public int getResponseCode() throws IOException {
        int status = status();
        if (status / 100 == 3 && status != HttpURLConnection.HTTP_NOT_MODIFIED) {
            String location = Optional.ofNullable(getHeaderField("Location")).orElse("");
            throw new RedirectException(status, location);
        }
        if (status == HttpURLConnection.HTTP_UNAUTHORIZED && isRefusal()) {
            throw AccessRefusedException.ofLogin(words());
        }
        boolean failed = status == TOO_MANY_REQUESTS || status >= HttpURLConnection.HTTP_INTERNAL_ERROR;
        if (failed || status == HttpURLConnection.HTTP_FORBIDDEN) {
            // GitHub answers so with 403 too ("rate limits for the REST API").
            Optional<Duration> retryAfter = retryAfter();
            if (retryAfter.isPresent()) {
                throw new BusyException(status, retryAfter.get());
            }
        }
        if (failed) {
            throw new ServerErrorException("its server answers " + status + " " + getResponseMessage());
        }
        if (status == HttpURLConnection.HTTP_FORBIDDEN && !words().isEmpty()) {
            throw AccessRefusedException.forbidden(words());
        }
        if (status == HttpURLConnection.HTTP_OK && getURL().getPath().endsWith("/info/refs") && !isGit()) {
            throw new ServerErrorException("what its server answers is not git's, but "
                    + SingleLine.excerpt(ContentType.mediaType(headers())));
        }
        return status;
    }

    /** Whether it is an answer of the smart protocol (gitprotocol-http); the other one cannot be pushed with. */
    private boolean isGit() {
        return ContentType.mediaType(headers()).matches("application/x-git-(?:upload|receive)-pack-advertisement");
    }

    /** Returns what the server says of an error, rather than the name of its status: JGit shows it. */
    @Override
    public String getResponseMessage() throws IOException {
        String said = status() < HttpURLConnection.HTTP_BAD_REQUEST ? "" : words();
        return said.isEmpty() ? super.getResponseMessage() : said;
    }

    /** Returns the beginning of the body of an error if it is plain text, which git shows its users too. */
    private String words() {
        String known = words;
        if (known == null) {
            known = ContentType.mediaType(headers()).equals("text/plain") ? read() : "";
            words = known;
        }
        return known;
    }

    private String read() {
        HttpURLConnection connection = opener.opened;
        try (InputStream body = connection == null ? null : connection.getErrorStream()) {
            byte[] text = new byte[MAX_WORDS];
            int length = 0;
            // Each of the reads ends with the timeout of the connection at the latest.
            for (int i = 0; i < MOST_READS && body != null && length < text.length; i++) {
                length += Math.max(0, body.read(text, length, text.length - length));
            }
            return SingleLine.excerpt(new String(text, 0, length, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return "";
        }
    }

    private int status() throws IOException {
        try {
            return super.getResponseCode();
        } catch (RuntimeException e) {
            // Java fails so on a status 401 whose challenge it cannot read.
            throw scheme == null
                    ? new SocketException("authentication not supported")
                    : AccessRefusedException.ofLogin("");
        }
    }

    /**
     * Whether the server refuses the login that it was sent: it does not ask for another kind that JGit knows, nor for a
     * new Digest with its next nonce.
     */
    private boolean isRefusal() {
        if (scheme == null) {
            return false;
        }
        String asked =
                String.join(", ", headers().allValues("WWW-Authenticate")).toLowerCase(Locale.ROOT);
        List<String> words = List.of(asked.split("[\\s,]+"));
        return words.contains(scheme.toLowerCase(Locale.ROOT))
                ? !STALE.matcher(asked).find()
                : OTHER_SCHEMES.stream().noneMatch(words::contains);
    }

    private Optional<Duration> retryAfter() {
        return RetryAfter.byServerClock(headers());
    }

    private HttpHeaders headers() {
        var fields = new HashMap<>(getHeaderFields());
        // The status line has no name.
        fields.remove(null);
        return HttpHeaders.of(fields, (name, value) -> true);
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
