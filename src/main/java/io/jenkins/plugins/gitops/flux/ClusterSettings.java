package io.jenkins.plugins.gitops.flux;

import io.jenkins.plugins.gitops.remote.AddressForm;
import io.jenkins.plugins.gitops.remote.RemoteAddress.Protocol;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The validated configuration of a Kubernetes cluster with Flux.
 *
 * @param name the name by which waves refer to the cluster
 * @param url the address of its API server, without a slash at its end; empty where a kubeconfig has it
 * @param namespace the only namespace that is read; empty for all
 * @param caCertificate the certificate of the authority that signed that of the API server, as PEM; empty for those
 *     that Java trusts
 * @param allowInsecure whether the url may be plain http
 */
public record ClusterSettings(
        String name, String url, String namespace, Optional<String> caCertificate, boolean allowInsecure) {

    private static final AddressForm FORM = new AddressForm(
            Set.of(Protocol.HTTPS, Protocol.HTTP),
            "https://cluster.example.com:6443",
            "take them out and store a token as credentials.",
            true);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /** The name of a namespace (RFC 1123, label). */
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException with a sentence naming the cluster and the field; it never repeats the url, which
     *     may hold a password
     */
    public ClusterSettings {
        nameProblem(name).ifPresent(problem -> {
            throw new IllegalArgumentException("Cluster: name " + problem);
        });
        if (!url.isEmpty()) {
            urlProblem(url, allowInsecure).ifPresent(problem -> {
                throw new IllegalArgumentException("Cluster " + name + ": url " + problem);
            });
        }
        if (!namespace.isEmpty() && !NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException("Cluster " + name + ": namespace \"" + namespace
                    + "\" is not a name of a namespace: write it as kubectl shows it, such as flux-system.");
        }
        caCertificate.ifPresent(pem -> {
            try {
                ClusterTls.certificates(pem);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("Cluster " + name + ": caCertificate " + e.getMessage()
                        + ": give it as PEM, from -----BEGIN CERTIFICATE----- on.");
            }
        });
        url = url.isEmpty() ? url : canonicalUrl(url, allowInsecure);
    }

    /** Returns what its calls are counted under: its address, or else its name. */
    public String serverKey() {
        return url.isEmpty() ? name : url;
    }

    /** Returns an address that can be used in the form in which two can be compared. */
    static String canonicalUrl(String url, boolean allowInsecure) {
        return FORM.parse(url, allowInsecure).toString().replaceAll("/+$", "");
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
