package io.jenkins.plugins.gitops.signing;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.security.SecurityUtils;

/**
 * Reads the private key with which commits are signed: an ssh key in the OpenSSH or the PEM format, or an OpenPGP key
 * as {@code gpg --armor --export-secret-keys} writes it.
 */
public final class SigningKeyReader {

    private static final Pattern OPENSSH =
            Pattern.compile("-----BEGIN OPENSSH PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END");

    /** The beginning of the decoded form of an OpenSSH key, and of one that is not encrypted. */
    private static final String DECODED = "openssh-key-v1\0";

    private static final String PLAIN = DECODED + "\0\0\0\4none";

    private static final List<String> PUBLIC =
            List.of("BEGIN PUBLIC KEY", "BEGIN RSA PUBLIC KEY", "BEGIN SSH2 PUBLIC KEY", "BEGIN PGP PUBLIC KEY BLOCK");

    private SigningKeyReader() {}

    /**
     * Reads a key and tries it.
     *
     * @param passphrase the passphrase of the key, or null
     * @throws IllegalArgumentException if the key cannot sign, with a clause that begins with a verb and has no part of
     *     the key
     */
    public static CommitSigner read(String privateKey, @Nullable String passphrase) {
        CommitSigner signer = privateKey.contains(OpenPgpKey.BEGIN_PRIVATE)
                ? OpenPgpKey.read(privateKey, passphrase)
                : ssh(privateKey, passphrase);
        tryOut(signer);
        return signer;
    }

    private static void tryOut(CommitSigner signer) {
        byte[] content = "tree\n".getBytes(StandardCharsets.US_ASCII);
        try {
            String signature = signer.sign(content, Instant.EPOCH).orElseThrow();
            new TrustedSigners(signer.publicKey().stream().toList(), CommitSigner.NONE)
                    .problem(signature, content)
                    .ifPresent(problem -> {
                        throw new IllegalStateException(problem);
                    });
        } catch (RuntimeException e) {
            throw unknownKind();
        }
    }

    private static CommitSigner ssh(String privateKey, @Nullable String passphrase) {
        if (PUBLIC.stream().anyMatch(privateKey::contains)
                || privateKey.strip().startsWith("ssh-")
                || privateKey.strip().startsWith("ecdsa-")) {
            throw new IllegalArgumentException("is a public key; store the private key that belongs to it");
        }
        KeyPair pair;
        try {
            Iterable<KeyPair> pairs = SecurityUtils.loadKeyPairIdentities(
                    null,
                    NamedResource.ofName("the signing key"),
                    new ByteArrayInputStream(privateKey.getBytes(StandardCharsets.UTF_8)),
                    passphrase == null ? FilePasswordProvider.EMPTY : FilePasswordProvider.of(passphrase));
            Iterator<KeyPair> all = pairs == null ? Collections.emptyIterator() : pairs.iterator();
            if (!all.hasNext()) {
                throw new IllegalArgumentException(
                        "is no private key: it has to be an ssh key in the OpenSSH or the PEM format, or an OpenPGP key"
                                + " that begins with " + OpenPgpKey.BEGIN_PRIVATE);
            }
            pair = all.next();
        } catch (IOException | GeneralSecurityException e) {
            throw unreadable(privateKey, passphrase);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            throw unreadable(privateKey, passphrase);
        }
        if (!SshSignature.canSign(String.valueOf(KeyUtils.getKeyType(pair.getPublic())))) {
            throw unknownKind();
        }
        if (!SshSignature.isStrong(pair.getPublic())) {
            throw new IllegalArgumentException(SshSignature.TOO_SHORT);
        }
        return new SshSigner(pair, PublicKeyEntry.toString(pair.getPublic()));
    }

    // None of these has a cause, since what a parser says could contain a part of the key.

    private static IllegalArgumentException unreadable(String privateKey, @Nullable String passphrase) {
        if (isEncrypted(privateKey)) {
            return encrypted(passphrase);
        }
        return new IllegalArgumentException("cannot be read: it is damaged, or of a kind that cannot sign here; use a"
                + " key of the kind Ed25519, ECDSA or RSA that no security device holds");
    }

    static IllegalArgumentException encrypted(@Nullable String passphrase) {
        return new IllegalArgumentException(
                passphrase == null
                        ? "is encrypted; store its passphrase with it"
                        : "is encrypted, and the passphrase that is stored with it does not open it");
    }

    static IllegalArgumentException unknownKind() {
        return new IllegalArgumentException(
                "is of a kind that cannot sign here; use a key of the kind Ed25519, ECDSA or RSA");
    }

    private static boolean isEncrypted(String privateKey) {
        Matcher openSsh = OPENSSH.matcher(privateKey);
        if (!openSsh.find()) {
            return privateKey.contains("ENCRYPTED");
        }
        try {
            var decoded = new String(Base64.getMimeDecoder().decode(openSsh.group(1)), StandardCharsets.ISO_8859_1);
            return decoded.startsWith(DECODED) && !decoded.startsWith(PLAIN);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Signs with an ssh key. */
    private record SshSigner(KeyPair pair, String publicLine) implements CommitSigner {

        @Override
        public Optional<String> sign(byte[] content, Instant at) {
            return Optional.of(SshSignature.of(content, pair).armored());
        }

        @Override
        public Optional<String> publicKey() {
            return Optional.of(publicLine);
        }
    }
}
