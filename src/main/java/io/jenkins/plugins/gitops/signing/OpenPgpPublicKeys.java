package io.jenkins.plugins.gitops.signing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/**
 * The parts of an armored OpenPGP key that belong to its owner. What others can add to such a text does not: a subkey
 * counts if the main key says so by a signature, and no key does that its owner has revoked.
 */
final class OpenPgpPublicKeys {

    private OpenPgpPublicKeys() {}

    /**
     * Reads the main key and the subkeys of a text, by their ids.
     *
     * @throws IllegalArgumentException if the text is no such key or has several, or the key is revoked or too weak
     */
    static Map<Long, PGPPublicKey> read(String armored) {
        var keys = new HashMap<Long, PGPPublicKey>();
        try (InputStream in = PGPUtil.getDecoderStream(
                new ByteArrayInputStream(armored.strip().getBytes(StandardCharsets.UTF_8)))) {
            for (PGPPublicKeyRing ring : new PGPPublicKeyRingCollection(in, new BcKeyFingerprintCalculator())) {
                if (!keys.isEmpty()) {
                    throw new IllegalArgumentException(
                            "has several keys; list each on its own, so that all can be seen");
                }
                PGPPublicKey main = ring.getPublicKey();
                if (has(main, PGPSignature.KEY_REVOCATION, main)) {
                    throw new IllegalArgumentException("is revoked by its owner; take the key that replaces it");
                }
                for (PGPPublicKey key : ring) {
                    if (key.isMasterKey()
                            || has(main, PGPSignature.SUBKEY_BINDING, key)
                                    && !has(main, PGPSignature.SUBKEY_REVOCATION, key)) {
                        checkStrength(key);
                        keys.put(key.getKeyID(), key);
                    }
                }
            }
        } catch (IOException | PGPException e) {
            throw new IllegalArgumentException("is no whole OpenPGP key");
        }
        return keys;
    }

    /**
     * Refuses keys of RSA that are short enough to be broken.
     *
     * @throws IllegalArgumentException with a clause
     */
    static void checkStrength(PGPPublicKey key) {
        boolean isRsa = key.getAlgorithm() == PublicKeyAlgorithmTags.RSA_GENERAL
                || key.getAlgorithm() == PublicKeyAlgorithmTags.RSA_SIGN;
        if (isRsa && key.getBitStrength() < SshSignature.LEAST_RSA_BITS) {
            throw new IllegalArgumentException(SshSignature.TOO_SHORT);
        }
    }

    /** Whether the main key has said something of a key, by a signature that it has made itself. */
    private static boolean has(PGPPublicKey main, int type, PGPPublicKey key) throws PGPException {
        for (Iterator<PGPSignature> all = key.getSignaturesOfType(type); all.hasNext(); ) {
            PGPSignature signature = all.next();
            if (signature.getKeyID() == main.getKeyID()) {
                signature.init(new BcPGPContentVerifierBuilderProvider(), main);
                if (key.isMasterKey()
                        ? signature.verifyCertification(main)
                        : signature.verifyCertification(main, key)) {
                    return true;
                }
            }
        }
        return false;
    }
}
