package io.jenkins.plugins.gitops.flux;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Kubeconfigs, with certificates and keys. */
public final class KubeconfigFixture {

    private KubeconfigFixture() {}

    public static ClusterSettings settings(String url) {
        return new ClusterSettings("eu", url, "", Optional.empty(), false);
    }

    /** One of the {@link MadeCertificates}, or its key. */
    public static String pem(String name) {
        return MadeCertificates.get().get(name);
    }

    public static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A kubeconfig, as {@code kubectl config view --minify --flatten --raw} prints it, with these fields of the user. */
    public static String kubeconfig(String server, String user) {
        return """
            apiVersion: v1
            clusters:
            - cluster:
                certificate-authority-data: %s
                server: %s
              name: eu
            contexts:
            - context:
                cluster: eu
                namespace: default
                user: jenkins
              name: jenkins@eu
            current-context: jenkins@eu
            kind: Config
            preferences: {}
            users:
            - name: jenkins
              user:
            %s
            """.formatted(base64(pem("ca.pem")), server, user.indent(4));
    }

    public static String token(String token) {
        return "token: " + token;
    }

    public static String certificate(String name) {
        return "client-certificate-data: " + base64(pem(name + ".pem")) + "\nclient-key-data: "
                + base64(pem(name + ".key"));
    }
}
