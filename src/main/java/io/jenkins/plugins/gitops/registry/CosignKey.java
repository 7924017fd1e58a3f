package io.jenkins.plugins.gitops.registry;

import io.jenkins.plugins.gitops.common.SingleLine;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.EdDSAParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A public key that verifies signatures of images.
 *
 * @param algorithm the name in Java of the signatures that cosign makes with keys of this kind
 */
record CosignKey(PublicKey key, String algorithm) {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");

    private static final String ED25519 = "Ed25519";
    private static final int LEAST_RSA_BITS = 2048;
    private static final int P256_BITS = 256;

    /**
     * Reads a key in the PEM format, as {@code cosign public-key} writes it.
     *
     * @throws IllegalArgumentException with a sentence if it is none, or of a kind that is not known
     */
    static CosignKey parse(String text) {
        Matcher pem = PEM.matcher(text.strip());
        if (!pem.matches()) {
            throw new IllegalArgumentException("\"" + SingleLine.excerpt(text.strip())
                    + "\" is not a public key: give the text of a cosign.pub, from -----BEGIN PUBLIC KEY----- on.");
        }
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(pem.group(1));
        } catch (IllegalArgumentException e) {
            throw unknown();
        }
        for (String kind : List.of("EC", "RSA", ED25519)) {
            try {
                return of(KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(encoded)));
            } catch (GeneralSecurityException e) {
                // Of another kind, or of none.
            }
        }
        throw unknown();
    }

    private static CosignKey of(PublicKey key) {
        if (key instanceof ECPublicKey curve) {
            if (curve.getParams().getCurve().getField().getFieldSize() != P256_BITS) {
                throw unknown();
            }
            return new CosignKey(key, "SHA256withECDSA");
        }
        if (key instanceof RSAPublicKey rsa) {
            if (rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
                throw unknown();
            }
            return new CosignKey(key, "SHA256withRSA");
        }
        return new CosignKey(key, ED25519);
    }

    private static IllegalArgumentException unknown() {
        return new IllegalArgumentException("A public key is damaged or of a kind that is not known: use ECDSA P-256,"
                + " RSA with " + LEAST_RSA_BITS + " bits or more, or Ed25519.");
    }

    /** Whether a signature is of these bytes by this key. With Ed25519, cosign signs them or their hash. */
    boolean verifies(byte[] content, byte[] signature) {
        return verifies(content, signature, false) || algorithm.equals(ED25519) && verifies(content, signature, true);
    }

    private boolean verifies(byte[] content, byte[] signature, boolean hashed) {
        try {
            Signature verifier = Signature.getInstance(algorithm);
            if (hashed) {
                verifier.setParameter(new EdDSAParameterSpec(true));
            }
            verifier.initVerify(key);
            verifier.update(content);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
