package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.ServerUrl;
import java.util.regex.Pattern;

/**
 * What is configured of an Argo CD server, checked.
 *
 * @param name as waves name it
 * @param url with its path prefix if it has one, without a slash at its end
 * @param project the only project that is looked at, or empty for all that the token may see
 * @param watch whether its stream is followed, rather than its applications listed now and then
 * @param allowInsecure whether the url may be plain http
 */
public record ArgoCdSettings(String name, String url, String project, boolean watch, boolean allowInsecure) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException with a sentence naming the server and the field; it never repeats the url, which
     *     may hold a password
     */
    public ArgoCdSettings {
        String nameProblem = nameProblem(name);
        if (nameProblem != null) {
            throw new IllegalArgumentException("Argo CD server: name " + nameProblem);
        }
        String problem = urlProblem(url, allowInsecure);
        if (problem != null) {
            throw new IllegalArgumentException("Argo CD server " + name + ": url " + problem);
        }
        url = url.strip().replaceAll("/+$", "");
    }

    /** Why the name cannot be used and what to do, as the end of a sentence that begins with the field's name, or null. */
    @CheckForNull
    public static String nameProblem(String name) {
        return NAME.matcher(name).matches()
                ? null
                : "\"" + name
                        + "\" is not usable: begin with a letter or digit and go on with letters, digits, '.', '_' and "
                        + "'-'.";
    }

    /** Why the url cannot be used and what to do, as the end of a sentence that begins with the field's name, or null. */
    @CheckForNull
    public static String urlProblem(String url, boolean allowInsecure) {
        return ServerUrl.problem(
                url,
                "https://argocd.example.com",
                "take them out and store a token as credentials.",
                allowInsecure,
                uri -> uri.getHost() == null
                        ? "names no host."
                        : uri.getRawQuery() != null || uri.getRawFragment() != null
                                ? "has a '?' or '#'; give the address that the Argo CD page begins with, such as "
                                        + "https://argocd.example.com or https://example.com/argocd."
                                : null);
    }
}
