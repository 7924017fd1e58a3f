package io.jenkins.plugins.gitops.common;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** Checks addresses of servers that a token or password is sent to. */
public final class ServerUrl {

    private ServerUrl() {}

    /** A further check of the addresses of one kind of server. */
    @FunctionalInterface
    public interface UrlRule {

        /** Returns what is wrong with the address, as the end of a sentence that begins with the field's name. */
        Optional<String> problem(URI uri);
    }

    /**
     * Returns why an address cannot be used and what to do, as the end of a sentence that begins with the field's name;
     * empty if it can be used. The sentence never repeats the address, which may hold a password.
     *
     * @param example a valid address, for the sentence
     * @param insteadOfUser what to do with a user or password in the address, as the end of a sentence
     * @param allowInsecure whether the address may be plain http
     * @param rule checks an address of the right scheme
     */
    public static Optional<String> problem(
            String url, String example, String insteadOfUser, boolean allowInsecure, UrlRule rule) {
        URI uri;
        try {
            uri = new URI(url.strip());
        } catch (URISyntaxException e) {
            return Optional.of("is not a valid address; it should look like " + example + ".");
        }
        if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
            return Optional.of("contains a user or password; " + insteadOfUser);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            return Optional.of("has to begin with https://.");
        }
        Optional<String> problem = rule.problem(uri);
        if (problem.isEmpty() && scheme.equals("http") && !allowInsecure) {
            return Optional.of("uses http, which is neither encrypted nor authenticated; use https, or allow addresses "
                    + "without encryption (allowInsecure: true) if this is meant.");
        }
        return problem;
    }
}
