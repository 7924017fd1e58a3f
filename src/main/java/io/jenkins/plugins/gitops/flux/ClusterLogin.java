package io.jenkins.plugins.gitops.flux;

import java.util.Optional;

/**
 * Where a cluster is asked, and as whom.
 *
 * @param url the address of its API server, without a slash at its end
 * @param token what is sent with each request; empty where the client certificate says who asks
 */
public record ClusterLogin(String url, ClusterTls tls, Optional<String> token) {

    /**
     * Returns the login with a token at the configured address.
     *
     * @throws IllegalArgumentException with the end of a sentence that begins with the cluster if there is no address
     */
    public static ClusterLogin withToken(ClusterSettings settings, String token) {
        if (settings.url().isEmpty()) {
            throw new IllegalArgumentException("has no url, which a token needs; give the address of its API server,"
                    + " such as https://cluster.example.com:6443.");
        }
        return new ClusterLogin(
                settings.url(), new ClusterTls(settings.caCertificate(), Optional.empty()), Optional.of(token.strip()));
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "ClusterLogin at " + url;
    }
}
