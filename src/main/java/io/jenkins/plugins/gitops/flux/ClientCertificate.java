package io.jenkins.plugins.gitops.flux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * A certificate by which a cluster knows this controller.
 *
 * @param chain the certificate, as PEM, before those of its authorities
 * @param key its private key, as PEM: PKCS #8, PKCS #1 for RSA, or SEC 1 for elliptic curves; not encrypted
 */
record ClientCertificate(String chain, String key) {

    private static final String BEGIN = "-----BEGIN ";
    private static final String PRIVATE_KEY = "PRIVATE KEY-----";
    private static final String END = "-----END ";

    /** The password of a key store that never leaves the memory. */
    private static final char[] NO_PASSWORD = {};

    /**
     * Returns what proves to a server that this controller has the key.
     *
     * @throws IllegalArgumentException with the end of a sentence that begins with the key, or has no certificate
     */
    KeyManager[] managers() {
        List<X509Certificate> chain = usableChain();
        PrivateKey privateKey = privateKey(chain.get(0).getPublicKey());
        try {
            KeyStore store = ClusterTls.emptyStore();
            store.setKeyEntry("client", privateKey, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, NO_PASSWORD);
            return managers.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw unusable();
        }
    }

    /** The certificate, and those that follow it as long as each has signed the one before it. */
    private List<X509Certificate> usableChain() {
        List<X509Certificate> all = ClusterTls.certificates(chain);
        var usable = new ArrayList<>(all.subList(0, 1));
        for (X509Certificate next : all.subList(1, all.size())) {
            if (!usable.get(usable.size() - 1).getIssuerX500Principal().equals(next.getSubjectX500Principal())) {
                break;
            }
            usable.add(next);
        }
        return usable;
    }

    /** The key, if it is that of the certificate. What a parser says of it is not repeated: it could have a part of it. */
    private PrivateKey privateKey(PublicKey certified) {
        byte[] encoded = pkcs8();
        try {
            PrivateKey found =
                    KeyFactory.getInstance(certified.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            byte[] probe = chain.getBytes(StandardCharsets.US_ASCII);
            Signature signature = Signature.getInstance(
                    switch (certified.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> certified.getAlgorithm();
                    });
            signature.initSign(found);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(probe);
            if (signature.verify(signed)) {
                return found;
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            throw unusable();
        }
        throw unusable();
    }

    private static IllegalArgumentException unusable() {
        return new IllegalArgumentException(
                "does not belong to its certificate, or is of a kind that Java does not know");
    }

    private byte[] pkcs8() {
        int end = key.indexOf(PRIVATE_KEY);
        int begin = end < 0 ? -1 : key.lastIndexOf(BEGIN, end);
        int close = end < 0 ? -1 : key.indexOf(END, end);
        if (begin < 0 || close < 0) {
            throw new IllegalArgumentException("has no private key as PEM");
        }
        String kind = key.substring(begin + BEGIN.length(), end).strip();
        String body = key.substring(end + PRIVATE_KEY.length(), close);
        if (kind.equals("ENCRYPTED") || body.contains("ENCRYPTED")) {
            throw new IllegalArgumentException("is encrypted; store it without a passphrase");
        }
        try {
            byte[] decoded = Base64.getMimeDecoder().decode(body);
            return switch (kind) {
                case "" -> decoded;
                case "RSA" ->
                    new PrivateKeyInfo(
                                    new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                                    RSAPrivateKey.getInstance(decoded))
                            .getEncoded();
                case "EC" -> {
                    ECPrivateKey curve = ECPrivateKey.getInstance(decoded);
                    yield new PrivateKeyInfo(
                                    new AlgorithmIdentifier(
                                            X9ObjectIdentifiers.id_ecPublicKey, curve.getParametersObject()),
                                    curve)
                            .getEncoded();
                }
                default -> throw unusable();
            };
        } catch (IOException | RuntimeException e) {
            throw unusable();
        }
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "ClientCertificate";
    }
}
