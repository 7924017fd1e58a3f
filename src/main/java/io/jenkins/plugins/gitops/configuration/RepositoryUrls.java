package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which addresses of config repositories are taken. What is refused is never repeated: it may hold a password. */
final class RepositoryUrls {

    /** {@code user@host:path}, the short form that git knows for ssh. */
    private static final Pattern SSH_SHORT_FORM = Pattern.compile("[^/:]+:(?!//).*");

    private RepositoryUrls() {}

    /** Why the address cannot be used and what to do, as the end of a sentence that begins with the field's name. */
    @CheckForNull
    static String problem(@CheckForNull String url, boolean allowInsecure) {
        if (url == null) {
            return "is missing; give the https address of the config repository.";
        }
        if (SSH_SHORT_FORM.matcher(url).matches()) {
            return "is an ssh address, which is not yet supported; use its https address.";
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return "is not a valid address; it should look like https://git.example.com/acme/cfg-app.git.";
        }
        if (uri.getRawUserInfo() != null
                || uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
            return "contains a user or password; take them out and name stored credentials in credentialsId.";
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "https" -> uri.getHost() == null ? "names no host." : null;
            case "http", "file" ->
                allowInsecure
                        ? null
                        : "uses " + scheme + ", which is neither encrypted nor authenticated; use https, or set "
                                + "allowInsecure: true if this is meant.";
            case "ssh" -> "is an ssh address, which is not yet supported; use its https address.";
            default -> "has to begin with https://.";
        };
    }
}
