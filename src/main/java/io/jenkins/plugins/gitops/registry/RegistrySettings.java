package io.jenkins.plugins.gitops.registry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.ServerUrl;
import io.jenkins.plugins.gitops.images.ImageRepositoryName;
import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is known of a registry, checked.
 *
 * @param url scheme, host and port, {@code https://docker.example.com}; image references name host and port
 * @param tokenHosts hosts of token services that may be given this registry's credentials; its own host always may
 * @param allowInsecure whether the url may be plain http
 */
public record RegistrySettings(String url, Set<String> tokenHosts, boolean allowInsecure) {

    private static final int MAX_PORT = 65535;
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?");

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException with a sentence naming the field; it never repeats the url, which may hold a
     *     password
     */
    public RegistrySettings {
        String problem = urlProblem(url, allowInsecure);
        if (problem != null) {
            throw new IllegalArgumentException("Image registry: url " + problem);
        }
        url = url.strip().replaceAll("/+$", "");
        tokenHosts = Set.copyOf(tokenHosts);
        for (String host : tokenHosts) {
            if (!HOST.matcher(host).matches()) {
                throw new IllegalArgumentException(
                        "Image registry " + URI.create(url).getAuthority()
                                + ": tokenHosts takes names of hosts such as auth.example.com, not \"" + host + "\".");
            }
        }
    }

    /** A registry that nothing is configured of. Docker Hub is known to be two hosts. */
    public static RegistrySettings of(String registry) {
        return registry.equals(ImageRepositoryName.DOCKER_HUB)
                ? new RegistrySettings("https://registry-1.docker.io", Set.of("auth.docker.io"), false)
                : new RegistrySettings("https://" + registry, Set.of(), false);
    }

    /** How image references call it. */
    public String registry() {
        return URI.create(url).getAuthority();
    }

    /** Whether a token service may be given this registry's credentials. */
    boolean trusts(URI realm) {
        String host = realm.getHost();
        boolean safe = "https".equals(realm.getScheme()) || allowInsecure && "http".equals(realm.getScheme());
        return safe
                && host != null
                && (host.equalsIgnoreCase(URI.create(url).getHost())
                        || tokenHosts.stream().anyMatch(host::equalsIgnoreCase));
    }

    /** Why the url cannot be used and what to do, as the end of a sentence that begins with the field's name, or null. */
    @CheckForNull
    public static String urlProblem(String url, boolean allowInsecure) {
        return ServerUrl.problem(
                url,
                "https://docker.example.com",
                "take them out, and name credentials in the step's credentialsId.",
                allowInsecure,
                uri -> uri.getHost() == null || uri.getPort() > MAX_PORT
                        ? "names no host, or no port that there is."
                        : !uri.getRawPath().matches("/*") || uri.getRawQuery() != null || uri.getRawFragment() != null
                                ? "has more than host and port; what follows them belongs into the image's name."
                                : null);
    }
}
