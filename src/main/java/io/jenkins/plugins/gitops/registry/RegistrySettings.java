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
 * @param blobHosts hosts that the registry may redirect to for blobs, which are asked without credentials
 * @param allowInsecure whether the url may be plain http
 */
public record RegistrySettings(String url, Set<String> tokenHosts, Set<String> blobHosts, boolean allowInsecure) {

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
        blobHosts = Set.copyOf(blobHosts);
        checkHosts(url, "tokenHosts", tokenHosts);
        checkHosts(url, "blobHosts", blobHosts);
    }

    private static void checkHosts(String url, String field, Set<String> hosts) {
        for (String host : hosts) {
            if (!HOST.matcher(host).matches()) {
                throw new IllegalArgumentException("Image registry "
                        + URI.create(url).getAuthority() + ": " + field
                        + " takes names of hosts such as auth.example.com, not \"" + host + "\".");
            }
        }
    }

    /** Creates settings of a registry that keeps its blobs itself. */
    public RegistrySettings(String url, Set<String> tokenHosts, boolean allowInsecure) {
        this(url, tokenHosts, Set.of(), allowInsecure);
    }

    /** Returns the settings of a registry that is not configured. Docker Hub has a token service on another host. */
    public static RegistrySettings of(String registry) {
        if (registry.equals(ImageRepositoryName.DOCKER_HUB)) {
            return new RegistrySettings("https://registry-1.docker.io", Set.of("auth.docker.io"), false);
        }
        String url = "https://" + registry;
        urlProblem(url, false).ifPresent(problem -> {
            throw new IllegalArgumentException("The registry \"" + registry + "\" in the name of the image " + problem);
        });
        return new RegistrySettings(url, Set.of(), false);
    }

    /** Returns host and port, by which image references name the registry. */
    public String registry() {
        return URI.create(url).getAuthority();
    }

    /** Returns whether the registry's credentials may be sent to a token service. */
    boolean trusts(URI realm) {
        return isOn(realm, tokenHosts);
    }

    /** Returns whether the registry may redirect to an address for a blob. */
    boolean keepsBlobsOn(URI location) {
        return isOn(location, blobHosts);
    }

    private boolean isOn(URI address, Set<String> hosts) {
        String host = address.getHost();
        boolean safe = "https".equals(address.getScheme()) || allowInsecure && "http".equals(address.getScheme());
        return safe
                && host != null
                && (host.equalsIgnoreCase(URI.create(url).getHost())
                        || hosts.stream().anyMatch(host::equalsIgnoreCase));
    }

    /**
     * Returns why the url cannot be used and what to do, as the end of a sentence that begins with the field's name;
     * empty if it can be used.
     */
    public static Optional<String> urlProblem(String url, boolean allowInsecure) {
        return FORM.problem(url, allowInsecure);
    }
}
