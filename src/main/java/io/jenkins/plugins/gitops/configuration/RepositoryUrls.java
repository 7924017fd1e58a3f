package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Decides which addresses of config repositories are allowed. Messages never repeat a refused address, since it may
 * contain a password.
 */
public final class RepositoryUrls {

    /** {@code user@host:path}, the short form that git knows for ssh. */
    private static final Pattern SSH_SHORT_FORM = Pattern.compile("([^/:@]+@)?[^/:@]{2,}:(?!//)[^:]+");

    private RepositoryUrls() {}

    /**
     * Why the address cannot be used and what to do, as the end of a sentence that begins with the field's name; empty
     * if it can be used.
     */
    static Optional<String> problem(@Nullable String url, boolean allowInsecure) {
        return Optional.ofNullable(findProblem(url, allowInsecure));
    }

    @CheckForNull
    private static String findProblem(@Nullable String url, boolean allowInsecure) {
        if (url == null) {
            return "is missing; give the https address of the config repository.";
        }
        if (SSH_SHORT_FORM.matcher(url).matches()) {
            return null;
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return "is not a valid address; it should look like https://git.example.com/acme/cfg-app.git.";
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (holdsSecret(uri, scheme)) {
            return "contains a user or password; take them out and name stored credentials in credentialsId.";
        }
        return switch (scheme) {
            case "https", "ssh" -> uri.getHost() == null ? "names no host." : null;
            case "http", "file" ->
                allowInsecure
                        ? null
                        : "uses " + scheme + ", which is neither encrypted nor authenticated; use https, or allow "
                                + "addresses without encryption (allowInsecure: true) if this is meant.";
            default -> "has to begin with https:// or ssh://.";
        };
    }

    /**
     * Whether the address has a password, or a user name, which may be a token; over ssh a user name alone is no
     * secret.
     */
    private static boolean holdsSecret(URI uri, String scheme) {
        String authority = uri.getRawAuthority();
        String user = uri.getRawUserInfo();
        if (scheme.equals("ssh") && user != null && !user.contains(":")) {
            return false;
        }
        return user != null || authority != null && authority.contains("@");
    }

    /** Whether git reaches this address over ssh. */
    public static boolean isSsh(String url) {
        return url.toLowerCase(Locale.ROOT).startsWith("ssh://")
                || SSH_SHORT_FORM.matcher(url).matches();
    }
}
