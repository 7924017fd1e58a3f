package io.jenkins.plugins.gitops.git;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses of git repositories, of which there are many for one. */
public final class GitUrlEquivalence {

    private static final Pattern URL = Pattern.compile(
            "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:[^/@]*@)?(?<host>\\[[^]]*]|[^:/]*)(?::(?<port>\\d*))?(?<path>/.*)?");

    /** The short form that git knows for ssh; a slash before the colon makes it a path. */
    private static final Pattern SSH_SHORT_FORM = Pattern.compile("(?:[^/@:]*@)?(?<host>\\[[^]]*]|[^:/]+):(?<path>.*)");

    /**
     * What counts of an address.
     *
     * @param transport {@code web}, {@code ssh}, {@code file} or another scheme
     * @param port empty for the usual one
     */
    private record Parts(String transport, String host, String port, String path) {

        boolean same(Parts other) {
            if (!host.equals(other.host) || !path.equals(other.path)) {
                return false;
            }
            // The ports of two transports of one server say nothing of each other.
            return transport.equals(other.transport) ? port.equals(other.port) : isRemote() && other.isRemote();
        }

        private boolean isRemote() {
            return transport.equals("web") || transport.equals("ssh");
        }
    }

    private GitUrlEquivalence() {}

    /**
     * Whether two addresses mean the same repository. User and password, {@code .git} and slashes at the end, the usual
     * port and the case of the host do not count, and neither does whether it is reached by https or ssh. Paths count as
     * they are written: only some servers ignore their case.
     */
    public static boolean same(String a, String b) {
        return a.equals(b) || parts(a.strip()).same(parts(b.strip()));
    }

    private static Parts parts(String address) {
        Matcher url = URL.matcher(address);
        if (url.matches()) {
            String scheme = url.group("scheme").toLowerCase(Locale.ROOT);
            return switch (scheme) {
                case "https" -> remote("web", url, "443");
                case "http" -> remote("web", url, "80");
                case "ssh", "git+ssh", "ssh+git" -> remote("ssh", url, "22");
                case "file" -> new Parts("file", "", "", path(url.group("path")));
                default -> remote(scheme, url, "");
            };
        }
        if (address.startsWith("file:")) {
            return new Parts("file", "", "", path(address.substring("file:".length())));
        }
        Matcher ssh = SSH_SHORT_FORM.matcher(address);
        return ssh.matches()
                ? new Parts("ssh", host(ssh), "", path("/" + ssh.group("path")))
                : new Parts("file", "", "", path(address));
    }

    private static Parts remote(String transport, Matcher url, String usualPort) {
        String port = url.group("port");
        return new Parts(
                transport, host(url), port == null || port.equals(usualPort) ? "" : port, path(url.group("path")));
    }

    private static String host(Matcher matcher) {
        return matcher.group("host").toLowerCase(Locale.ROOT);
    }

    private static String path(@Nullable String path) {
        return path == null
                ? ""
                : path.replaceAll("/+", "/").replaceFirst("/$", "").replaceFirst("/?\\.git$", "");
    }
}
