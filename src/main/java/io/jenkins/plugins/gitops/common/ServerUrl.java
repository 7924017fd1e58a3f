package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** What the addresses of all servers have in common that a token or password is sent to. */
public final class ServerUrl {

    private ServerUrl() {}

    /** What else is asked of the address of one kind of server. */
    @FunctionalInterface
    public interface Rule {
        /** What is wrong with it, as the end of a sentence that begins with the field's name, or null. */
        @CheckForNull
        String problem(URI uri);
    }

    /**
     * Why an address cannot be used and what to do, as the end of a sentence that begins with the field's name, or null.
     * It never repeats the address, which may hold a password.
     *
     * @param example what one looks like
     * @param insteadOfUser what to do with a user or password that is in it
     * @param allowInsecure whether it may be plain http
     * @param rule asked of an address of the right scheme
     */
    @CheckForNull
    public static String problem(String url, String example, String insteadOfUser, boolean allowInsecure, Rule rule) {
        URI uri;
        try {
            uri = new URI(url.strip());
        } catch (URISyntaxException e) {
            return "is not a valid address; it should look like " + example + ".";
        }
        if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
            return "contains a user or password; " + insteadOfUser;
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            return "has to begin with https://.";
        }
        String problem = rule.problem(uri);
        if (problem == null && scheme.equals("http") && !allowInsecure) {
            return "uses http, which is neither encrypted nor authenticated; use https, or allow addresses without "
                    + "encryption (allowInsecure: true) if this is meant.";
        }
        return problem;
    }
}
