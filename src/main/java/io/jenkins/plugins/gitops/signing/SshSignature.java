package io.jenkins.plugins.gitops.signing;

import io.jenkins.plugins.gitops.common.HexDigest;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * A signature as {@code ssh-keygen -Y sign} makes it in the namespace of git; the format is OpenSSH's {@code
 * PROTOCOL.sshsig}.
 *
 * @param publicKey the key in the encoding of ssh
 * @param hash the algorithm by which the content was hashed before it was signed
 * @param algorithm the algorithm of the signature
 */
record SshSignature(byte[] publicKey, String hash, String algorithm, byte[] signature) {

    static final String BEGIN = "-----BEGIN SSH SIGNATURE-----";

    /** Shorter keys of RSA can be broken (NIST SP 800-131A). */
    static final int LEAST_RSA_BITS = 2048;

    /** What is said of a shorter one, as a clause. */
    static final String TOO_SHORT = "is a key of RSA with less than " + LEAST_RSA_BITS + " bits; make a longer one, or"
            + " one of the kind Ed25519";

    private static final String END = "-----END SSH SIGNATURE-----";
    private static final String NAMESPACE = "git";
    private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final Map<String, String> HASHES = Map.of("sha256", "SHA-256", "sha512", "SHA-512");

    /** The algorithm for a key of each type; RSA keys do not sign with SHA-1. */
    private static final Map<String, BuiltinSignatures> ALGORITHMS = Map.of(
            "ssh-ed25519", BuiltinSignatures.ed25519,
            "ecdsa-sha2-nistp256", BuiltinSignatures.nistp256,
            "ecdsa-sha2-nistp384", BuiltinSignatures.nistp384,
            "ecdsa-sha2-nistp521", BuiltinSignatures.nistp521,
            "ssh-rsa", BuiltinSignatures.rsaSHA512);

    /** Whether keys of a type, such as {@code ssh-ed25519}, can sign. */
    static boolean canSign(String keyType) {
        return ALGORITHMS.containsKey(keyType);
    }

    /** Whether a key is long enough to be believed. */
    static boolean isStrong(PublicKey key) {
        return !(key instanceof RSAPublicKey rsa) || rsa.getModulus().bitLength() >= LEAST_RSA_BITS;
    }

    /** The encoding of ssh of a key. */
    static byte[] encoded(PublicKey key) {
        var buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(key);
        return buffer.getCompactData();
    }

    /** The fingerprint of an encoded key, as {@code ssh-keygen -l} shows it. */
    static String fingerprint(byte[] encodedKey) {
        return "SHA256:"
                + Base64.getEncoder()
                        .withoutPadding()
                        .encodeToString(HexFormat.of().parseHex(HexDigest.sha256(encodedKey)));
    }

    /** Signs content. */
    static SshSignature of(byte[] content, KeyPair key) {
        String hash = "sha512";
        try {
            BuiltinSignatures algorithm = ALGORITHMS.get(KeyUtils.getKeyType(key.getPublic()));
            Signature signer = algorithm.create();
            signer.initSigner(null, key.getPrivate());
            signer.update(null, signed(content, hash));
            return new SshSignature(encoded(key.getPublic()), hash, algorithm.getName(), signer.sign(null));
        } catch (Exception e) {
            // No cause: what a provider says of a key may contain a part of it.
            throw new IllegalStateException("The ssh key cannot sign.");
        }
    }

    /**
     * Parses the text form of a signature.
     *
     * @throws IllegalArgumentException if it is none, or of another namespace
     */
    static SshSignature parse(String text) {
        String body = text.strip();
        if (!body.startsWith(BEGIN) || !body.endsWith(END)) {
            throw new IllegalArgumentException("no ssh signature");
        }
        try {
            var buffer = new ByteArrayBuffer(
                    Base64.getMimeDecoder().decode(body.substring(BEGIN.length(), body.length() - END.length())));
            var magic = new byte[MAGIC.length];
            buffer.getRawBytes(magic);
            boolean known = MessageDigest.isEqual(magic, MAGIC) && buffer.getInt() == VERSION;
            byte[] publicKey = buffer.getBytes();
            String namespace = buffer.getString();
            buffer.getString();
            String hash = buffer.getString();
            var inner = new ByteArrayBuffer(buffer.getBytes());
            if (known && namespace.equals(NAMESPACE) && HASHES.containsKey(hash)) {
                return new SshSignature(publicKey, hash, inner.getString(), inner.getBytes());
            }
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("no ssh signature", e);
        }
        throw new IllegalArgumentException("no ssh signature of git");
    }

    /** Whether this is a signature of the content by a key; the key is not taken from the signature. */
    boolean isOf(byte[] content, PublicKey key) {
        Optional<BuiltinSignatures> known = Optional.ofNullable(BuiltinSignatures.fromFactoryName(algorithm))
                .filter(fits(key)::equals);
        if (known.isEmpty()) {
            return false;
        }
        try {
            Signature verifier = known.get().create();
            verifier.initVerifier(null, key);
            verifier.update(null, signed(content, hash));
            return verifier.verify(null, signature);
        } catch (Exception e) {
            return false;
        }
    }

    /** The one algorithm that counts for a key; of the two of RSA the one that was used. */
    private BuiltinSignatures fits(PublicKey key) {
        BuiltinSignatures fits = ALGORITHMS.get(KeyUtils.getKeyType(key));
        return fits == BuiltinSignatures.rsaSHA512 && algorithm.equals(BuiltinSignatures.rsaSHA256.getName())
                ? BuiltinSignatures.rsaSHA256
                : fits;
    }

    private static byte[] signed(byte[] content, String hash) throws NoSuchAlgorithmException {
        var buffer = new ByteArrayBuffer();
        buffer.putRawBytes(MAGIC);
        buffer.putString(NAMESPACE);
        buffer.putString("");
        buffer.putString(hash);
        buffer.putBytes(MessageDigest.getInstance(HASHES.get(hash)).digest(content));
        return buffer.getCompactData();
    }

    /** The text form, as a commit has it. */
    String armored() {
        var inner = new ByteArrayBuffer();
        inner.putString(algorithm);
        inner.putBytes(signature);
        var buffer = new ByteArrayBuffer();
        buffer.putRawBytes(MAGIC);
        buffer.putInt(VERSION);
        buffer.putBytes(publicKey);
        buffer.putString(NAMESPACE);
        buffer.putString("");
        buffer.putString(hash);
        buffer.putBytes(inner.getCompactData());
        String lines = Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(buffer.getCompactData());
        return BEGIN + "\n" + lines + "\n" + END;
    }
}
