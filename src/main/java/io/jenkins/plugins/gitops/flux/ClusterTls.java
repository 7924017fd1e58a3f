package io.jenkins.plugins.gitops.flux;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The certificates of the TLS connections to a cluster.
 *
 * @param authorities those of the authorities that may have signed that of the API server, as PEM; empty for those that
 *     Java trusts
 * @param client the one by which the API server knows this controller; empty for none
 */
record ClusterTls(Optional<String> authorities, Optional<ClientCertificate> client) {

    /**
     * Checks that certificates and key can be used.
     *
     * @throws IllegalArgumentException with the end of a sentence that begins with what is wrong
     */
    ClusterTls {
        authorities.ifPresent(ClusterTls::trusting);
        client.ifPresent(ClientCertificate::managers);
    }

    /** Creates the client that makes such connections. */
    HttpClient open(HttpClient.Builder http) {
        if (authorities.isEmpty() && client.isEmpty()) {
            return http.build();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = client.map(ClientCertificate::managers).orElse(null);
            context.init(keys, authorities.map(ClusterTls::trusting).orElse(null), null);
            return http.sslContext(context).build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    /**
     * Returns what trusts these authorities only.
     *
     * @throws IllegalArgumentException with the end of a sentence if the text has no certificate
     */
    private static TrustManager[] trusting(String pem) {
        try {
            KeyStore trusted = emptyStore();
            int number = 0;
            for (X509Certificate certificate : certificates(pem)) {
                trusted.setCertificateEntry("ca" + number++, certificate);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            return managers.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("has no certificate that can be read", e);
        }
    }

    static KeyStore emptyStore() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new IllegalStateException("an empty store is read from nowhere", e);
        }
    }

    /**
     * Reads certificates.
     *
     * @param pem one or several
     * @throws IllegalArgumentException with the end of a sentence if the text has none
     */
    static List<X509Certificate> certificates(String pem) {
        try {
            List<X509Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException("has no certificate");
            }
            return found;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("has no certificate that can be read", e);
        }
    }
}
