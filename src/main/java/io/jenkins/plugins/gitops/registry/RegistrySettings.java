package io.jenkins.plugins.gitops.registry;

import io.jenkins.plugins.gitops.images.ImageRepositoryName;
import io.jenkins.plugins.gitops.remote.AddressForm;
import io.jenkins.plugins.gitops.remote.RemoteAddress.Protocol;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The validated configuration of an image registry.
 *
 * @param url scheme, host and port, {@code https://docker.example.com}; image references name host and port
 * @param tokenHosts hosts of token services that the registry's credentials may be sent to, besides its own host
 * @param allowInsecure whether the url may be plain http
 */
public record RegistrySettings(String url, Set<String> tokenHosts, boolean allowInsecure) {

    private static final AddressForm FORM = new AddressForm(
            Set.of(Protocol.HTTPS, Protocol.HTTP),
            "https://docker.example.com",
            "take them out, and name credentials in the step's credentialsId.",
            false);

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?");

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException with a sentence naming the field; it never repeats the url, which may hold a
     *     password
     */
    public RegistrySettings {
        urlProblem(url, allowInsecure).ifPresent(problem -> {
            throw new IllegalArgumentException("Image registry: url " + problem);
        });
        url = FORM.parse(url, allowInsecure).origin();
        tokenHosts = Set.copyOf(tokenHosts);
        for (String host : tokenHosts) {
            if (!HOST.matcher(host).matches()) {
                throw new IllegalArgumentException(
                        "Image registry " + URI.create(url).getAuthority()
                                + ": tokenHosts takes names of hosts such as auth.example.com, not \"" + host + "\".");
            }
        }
    }

    /** Returns the settings of a registry that is not configured. Docker Hub has a token service on another host. */
    public static RegistrySettings of(String registry) {
        return registry.equals(ImageRepositoryName.DOCKER_HUB)
                ? new RegistrySettings("https://registry-1.docker.io", Set.of("auth.docker.io"), false)
                : new RegistrySettings("https://" + registry, Set.of(), false);
    }

    /** Returns host and port, by which image references name the registry. */
    public String registry() {
        return URI.create(url).getAuthority();
    }

    /** Returns whether the registry's credentials may be sent to a token service. */
    boolean trusts(URI realm) {
        String host = realm.getHost();
        boolean safe = "https".equals(realm.getScheme()) || allowInsecure && "http".equals(realm.getScheme());
        return safe
                && host != null
                && (host.equalsIgnoreCase(URI.create(url).getHost())
                        || tokenHosts.stream().anyMatch(host::equalsIgnoreCase));
    }

    /**
     * Returns why the url cannot be used and what to do, as the end of a sentence that begins with the field's name;
     * empty if it can be used.
     */
    public static Optional<String> urlProblem(String url, boolean allowInsecure) {
        return FORM.problem(url, allowInsecure);
    }
}
