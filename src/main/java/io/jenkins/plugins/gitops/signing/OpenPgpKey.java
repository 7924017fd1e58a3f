package io.jenkins.plugins.gitops.signing;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;

/**
 * An OpenPGP key that signs commits.
 *
 * @param signing the part of the key that signs: a subkey, where there is one
 * @param ring all public parts, which name the owner
 */
record OpenPgpKey(PGPPrivateKey secret, PGPPublicKey signing, PGPPublicKeyRing ring) implements CommitSigner {

    static final String BEGIN_PRIVATE = "-----BEGIN PGP PRIVATE KEY BLOCK-----";

    /** The flag of a key by which its owner says that it signs. */
    private static final int SIGNS = 0x02;

    /**
     * Reads a key.
     *
     * @throws IllegalArgumentException with a clause, see {@link SigningKeyReader#read}
     */
    static OpenPgpKey read(String armored, @Nullable String passphrase) {
        PGPSecretKeyRing secrets;
        try (InputStream in = PGPUtil.getDecoderStream(
                new ByteArrayInputStream(armored.strip().getBytes(StandardCharsets.UTF_8)))) {
            secrets = new PGPSecretKeyRing(in, new BcKeyFingerprintCalculator());
        } catch (IOException | PGPException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "is no whole OpenPGP key; export it again with gpg --armor" + " --export-secret-keys");
        }
        if (secrets.getPublicKey().hasRevocation()) {
            throw new IllegalArgumentException("is revoked; store the key that replaces it");
        }
        PGPSecretKey key = signingKey(secrets);
        OpenPgpPublicKeys.checkStrength(key.getPublicKey());
        try {
            PGPPrivateKey opened =
                    key.extractPrivateKey(new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider())
                            .build(passphrase == null ? new char[0] : passphrase.toCharArray()));
            return new OpenPgpKey(opened, key.getPublicKey(), secrets.toCertificate());
        } catch (PGPException | RuntimeException e) {
            throw key.getS2KUsage() == 0 ? SigningKeyReader.unknownKind() : SigningKeyReader.encrypted(passphrase);
        }
    }

    /** The newest subkey that is for signing, else the main key. */
    private static PGPSecretKey signingKey(PGPSecretKeyRing ring) {
        PGPSecretKey found = null;
        for (Iterator<PGPSecretKey> keys = ring.getSecretKeys(); keys.hasNext(); ) {
            PGPSecretKey key = keys.next();
            boolean newer = found == null
                    || found.isMasterKey()
                    || key.getPublicKey()
                            .getCreationTime()
                            .after(found.getPublicKey().getCreationTime());
            if (!key.isPrivateKeyEmpty() && key.isSigningKey() && isForSigning(key.getPublicKey()) && newer) {
                found = key;
            }
        }
        if (found == null) {
            throw new IllegalArgumentException("has no part that can sign; export one with a key for signing, with gpg"
                    + " --armor --export-secret-keys");
        }
        return found;
    }

    private static boolean isForSigning(PGPPublicKey key) {
        if (key.hasRevocation()) {
            return false;
        }
        boolean flagged = false;
        for (Iterator<PGPSignature> signatures = key.getKeySignatures(); signatures.hasNext(); ) {
            PGPSignature signature = signatures.next();
            if (signature.hasSubpackets() && signature.getHashedSubPackets().getKeyFlags() != 0) {
                flagged = true;
                if ((signature.getHashedSubPackets().getKeyFlags() & SIGNS) != 0) {
                    return true;
                }
            }
        }
        return !flagged;
    }

    @Override
    public Optional<String> sign(byte[] content, Instant at) {
        try {
            var generator = new PGPSignatureGenerator(
                    new BcPGPContentSignerBuilder(signing.getAlgorithm(), HashAlgorithmTags.SHA512), signing);
            var facts = new PGPSignatureSubpacketGenerator();
            facts.setIssuerFingerprint(false, signing);
            facts.setSignatureCreationTime(false, Date.from(at));
            generator.setHashedSubpackets(facts.generate());
            generator.init(PGPSignature.BINARY_DOCUMENT, secret);
            generator.update(content);
            var text = new ByteArrayOutputStream();
            try (var armor = ArmoredOutputStream.builder().clearHeaders().build(text)) {
                generator.generate().encode(armor);
            }
            return Optional.of(text.toString(StandardCharsets.US_ASCII).strip());
        } catch (PGPException | IOException e) {
            throw new IllegalStateException("The OpenPGP key cannot sign.");
        }
    }

    /** The first time at which the signing part or the main key is over. */
    @Override
    public Optional<Instant> validUntil() {
        return Stream.of(signing, ring.getPublicKey())
                .filter(key -> key.getValidSeconds() > 0)
                .map(key -> key.getCreationTime().toInstant().plusSeconds(key.getValidSeconds()))
                .min(Comparator.naturalOrder());
    }

    @Override
    public Optional<String> publicKey() {
        try {
            var text = new ByteArrayOutputStream();
            try (var armor = ArmoredOutputStream.builder().clearHeaders().build(text)) {
                ring.encode(armor);
            }
            return Optional.of(text.toString(StandardCharsets.US_ASCII).strip());
        } catch (IOException e) {
            throw new IllegalStateException("The OpenPGP key cannot be written.", e);
        }
    }
}
