package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.remote.AddressForm;
import io.jenkins.plugins.gitops.remote.RemoteAddress.Protocol;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The validated configuration of an Argo CD server.
 *
 * @param name the name by which waves refer to the server
 * @param url the address with its path prefix if it has one, without a slash at its end
 * @param project the project whose applications are read; empty for all applications that the token may see
 * @param watch whether a stream of changes is opened, in addition to lists
 * @param allowInsecure whether the url may be plain http
 */
public record ArgoCdSettings(String name, String url, String project, boolean watch, boolean allowInsecure) {

    private static final AddressForm FORM = new AddressForm(
            Set.of(Protocol.HTTPS, Protocol.HTTP),
            "https://argocd.example.com",
            "take them out and store a token as credentials.",
            true);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException with a sentence naming the server and the field; it never repeats the url, which
     *     may hold a password
     */
    public ArgoCdSettings {
        nameProblem(name).ifPresent(problem -> {
            throw new IllegalArgumentException("Argo CD server: name " + problem);
        });
        urlProblem(url, allowInsecure).ifPresent(problem -> {
            throw new IllegalArgumentException("Argo CD server " + name + ": url " + problem);
        });
        url = FORM.parse(url, allowInsecure).toString().replaceAll("/+$", "");
    }

    /**
     * Returns why the name cannot be used and what to do, as the end of a sentence that begins with the field's name;
     * empty if it can be used.
     */
    public static Optional<String> nameProblem(String name) {
        return NAME.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("\"" + name
                        + "\" is not usable: begin with a letter or digit and go on with letters, digits, '.', '_' and "
                        + "'-'.");
    }

    /**
     * Returns why the url cannot be used and what to do, as the end of a sentence that begins with the field's name;
     * empty if it can be used.
     */
    public static Optional<String> urlProblem(String url, boolean allowInsecure) {
        return FORM.problem(url, allowInsecure);
    }
}
