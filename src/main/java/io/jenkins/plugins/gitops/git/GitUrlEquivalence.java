package io.jenkins.plugins.gitops.git;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares URLs of git repositories, since one repository has several. */
public final class GitUrlEquivalence {

    private static final Pattern URL = Pattern.compile(
            "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:[^/@]*@)?(?<host>\\[[^]]*]|[^:/]*)(?::(?<port>\\d*))?(?<path>/.*)?");

    /** The scp-like form of git for ssh; with a slash before the colon it is a path. */
    private static final Pattern SSH_SHORT_FORM = Pattern.compile("(?:[^/@:]*@)?(?<host>\\[[^]]*]|[^:/]+):(?<path>.*)");

    /**
     * The parts of a URL that are compared.
     *
     * @param transport {@code web}, {@code ssh}, {@code file} or another scheme
     * @param port empty for the default port
     */
    private record Parts(String transport, String host, String port, String path) {

        boolean same(Parts other) {
            if (!host.equals(other.host) || !path.equals(other.path)) {
                return false;
            }
            // The ports of https and ssh on one server are independent.
            return transport.equals(other.transport) ? port.equals(other.port) : isRemote() && other.isRemote();
        }

        private boolean isRemote() {
            return transport.equals("web") || transport.equals("ssh");
        }
    }

    private GitUrlEquivalence() {}

    /**
     * Whether two URLs are of the same repository. User and password, {@code .git} and slashes at the end, the default
     * port and the case of the host are ignored, and https, http and ssh are equivalent. The case of paths is compared,
     * since only some servers ignore it.
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
