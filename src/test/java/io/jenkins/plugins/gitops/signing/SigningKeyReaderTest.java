package io.jenkins.plugins.gitops.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.registry.RealTools;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys can sign, and what is said of those that cannot. */
class SigningKeyReaderTest {

    private static final byte[] CONTENT = "tree 1\n\nmessage".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"ed25519,", "ed25519,opens it", "ecdsa,", "rsa,opens it"})
    void aKeyOfSshSignsWhatItsPublicKeyVerifies(String type, String passphrase) throws Exception {
        RealSigningKey key = RealSigningKey.ssh(folder, type, passphrase);
        CommitSigner signer = key.signer();
        String signature = signer.sign(CONTENT, Instant.EPOCH).orElseThrow();
        var trusted = new TrustedSigners(List.of(key.publicKey()), CommitSigner.NONE);

        assertThat(key.publicKey()).startsWith(signer.publicKey().orElseThrow());
        assertThat(trusted.problem(signature, CONTENT)).isEmpty();
        assertThat(trusted.problem(signature, "another".getBytes(StandardCharsets.UTF_8)))
                .contains("has a signature that does not fit its content");
    }

    @ParameterizedTest
    @CsvSource({"rsa3072,,", "ed25519,ed25519,opens it", "nistp256,,"})
    void anOpenPgpKeySignsWhatItsPublicKeyVerifies(String type, String subkey, String passphrase) throws Exception {
        RealSigningKey key = RealSigningKey.openPgp(folder, type, subkey, passphrase);
        String signature = key.signer().sign(CONTENT, Instant.now()).orElseThrow();
        var trusted = new TrustedSigners(List.of(key.publicKey()), CommitSigner.NONE);

        assertThat(trusted.problem(signature, CONTENT)).isEmpty();
        assertThat(trusted.problem(signature, "another".getBytes(StandardCharsets.UTF_8)))
                .contains("has a signature that does not fit its content");
    }

    @Test
    void anotherKeyIsNamed() throws Exception {
        RealSigningKey ssh = RealSigningKey.ssh(folder.resolve("a"), "ed25519", null);
        RealSigningKey other = RealSigningKey.ssh(folder.resolve("b"), "ed25519", null);
        RealSigningKey openPgp = RealSigningKey.openPgp(folder.resolve("c"), "ed25519", null, null);
        var trusted = new TrustedSigners(List.of(other.publicKey()), CommitSigner.NONE);

        assertThat(trusted.problem(ssh.signer().sign(CONTENT, Instant.EPOCH).orElseThrow(), CONTENT))
                .hasValueSatisfying(
                        said -> assertThat(said).matches("is signed with the key SHA256:\\S+, which is not .*"));
        assertThat(trusted.problem(openPgp.signer().sign(CONTENT, Instant.now()).orElseThrow(), CONTENT))
                .hasValueSatisfying(
                        said -> assertThat(said).matches("is signed with the key [0-9A-F]{14,16}, which is not .*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no signature", "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----"})
    void whatIsNoSignatureMakesNothingCount(String text) throws Exception {
        RealSigningKey key = RealSigningKey.ssh(folder, "ed25519", null);

        assertThat(new TrustedSigners(List.of(key.publicKey()), CommitSigner.NONE).problem(text, CONTENT))
                .contains("has a signature that cannot be read");
    }

    @Test
    void aSignatureOfAnotherNamespaceDoesNotCount() throws Exception {
        RealSigningKey key = RealSigningKey.ssh(folder, "ed25519", null);
        Path content = Files.write(folder.resolve("content"), CONTENT);
        RealTools.run(folder, "ssh-keygen", "-q", "-Y", "sign", "-n", "file", "-f", "key", content.toString());
        var trusted = new TrustedSigners(List.of(key.publicKey()), CommitSigner.NONE);

        assertThat(trusted.problem(Files.readString(folder.resolve("content.sig")), CONTENT))
                .contains("has a signature that cannot be read");
    }

    @ParameterizedTest
    @CsvSource({"ed25519", "rsa"})
    void anEncryptedKeyNeedsItsPassphrase(String type) throws Exception {
        String key = RealSigningKey.ssh(folder, type, "opens it").privateKey();

        assertThatThrownBy(() -> SigningKeyReader.read(key, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("is encrypted; store its passphrase with it");
        assertThatThrownBy(() -> SigningKeyReader.read(key, "wrong"))
                .hasMessage("is encrypted, and the passphrase that is stored with it does not open it");
    }

    @Test
    void anEncryptedOpenPgpKeyNeedsItsPassphrase() throws Exception {
        String key = RealSigningKey.openPgp(folder, "ed25519", null, "opens it").privateKey();

        assertThatThrownBy(() -> SigningKeyReader.read(key, null))
                .hasMessage("is encrypted; store its passphrase with it");
        assertThatThrownBy(() -> SigningKeyReader.read(key, "wrong"))
                .hasMessage("is encrypted, and the passphrase that is stored with it does not open it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing | is no private key",
                "ssh-ed25519 AAAA me | is a public key",
                "-----BEGIN PGP PRIVATE KEY BLOCK-----  | is no whole OpenPGP key",
                "-----BEGIN OPENSSH PRIVATE KEY----- AAAA -----END OPENSSH PRIVATE KEY----- | cannot be read",
            })
    void whatIsNoKeyIsSaidToBeNone(String text, String problem) {
        String key = text.replace("----- ", "-----\n").replace(" -----", "\n-----");

        assertThatThrownBy(() -> SigningKeyReader.read(key, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem)
                .hasMessageNotContaining("AAAA");
    }

    private static String pem(String kind, byte[] encoded) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END " + kind
                + "-----\n";
    }

    private static KeyPair pair(String algorithm, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    /** A key that is held by a security device: the file has only its handle (PROTOCOL.u2f of OpenSSH). */
    private static String ofDevice(String type) {
        var blob = new ByteArrayBuffer();
        blob.putString(type);
        if (type.contains("ecdsa")) {
            blob.putString("nistp256");
        }
        blob.putBytes(new byte[type.contains("ecdsa") ? 65 : 32]);
        blob.putString("ssh:");
        byte[] publicKey = blob.getCompactData();
        var secret = new ByteArrayBuffer();
        secret.putInt(7);
        secret.putInt(7);
        secret.putRawBytes(publicKey);
        secret.putByte((byte) 1);
        secret.putBytes("a handle".getBytes(StandardCharsets.US_ASCII));
        secret.putString("");
        secret.putString("comment");
        for (byte padding = 1; secret.available() % 8 != 0; padding++) {
            secret.putByte(padding);
        }
        var file = new ByteArrayBuffer();
        file.putRawBytes("openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII));
        file.putString("none");
        file.putString("none");
        file.putString("");
        file.putInt(1);
        file.putBytes(publicKey);
        file.putBytes(secret.getCompactData());
        return pem("OPENSSH PRIVATE KEY", file.getCompactData());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk-ecdsa-sha2-nistp256@openssh.com", "sk-ssh-ed25519@openssh.com"})
    void aKeyOfASecurityDeviceCannotSignHere(String type) {
        assertThatThrownBy(() -> SigningKeyReader.read(ofDevice(type), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(".*cannot sign here.*");
    }

    @Test
    void keysThatNobodyBelievesAreRefused() throws Exception {
        String dsa = pem("PRIVATE KEY", pair("DSA", 1024).getPrivate().getEncoded());
        KeyPair rsa = pair("RSA", 1024);
        String shortRsa = pem("PRIVATE KEY", rsa.getPrivate().getEncoded());

        assertThatThrownBy(() -> SigningKeyReader.read(dsa, null)).hasMessageContaining("cannot");
        assertThatThrownBy(() -> SigningKeyReader.read(shortRsa, null))
                .hasMessage("is a key of RSA with less than 2048 bits; make a longer one, or one of the kind Ed25519");
        assertThatThrownBy(
                        () -> new TrustedSigners(List.of(PublicKeyEntry.toString(rsa.getPublic())), CommitSigner.NONE))
                .hasMessageContaining("is not a public key that can be used");
        RealSigningKey openPgp = RealSigningKey.openPgp(folder, "rsa1024", null, null);
        assertThatThrownBy(openPgp::signer).hasMessageContaining("less than 2048 bits");
        assertThatThrownBy(() -> new TrustedSigners(List.of(openPgp.publicKey()), CommitSigner.NONE))
                .hasMessageContaining("less than 2048 bits");
    }

    @Test
    void linesOfWindowsAndTextAroundAKeyDoNotMatter() throws Exception {
        RealSigningKey ssh = RealSigningKey.ssh(folder.resolve("a"), "ed25519", null);
        RealSigningKey openPgp = RealSigningKey.openPgp(folder.resolve("b"), "ed25519", null, null);

        for (RealSigningKey key : List.of(ssh, openPgp)) {
            for (String text : List.of(
                    key.privateKey().replace("\n", "\r\n"),
                    key.privateKey().strip(),
                    "\n\n" + key.privateKey() + "\n\n",
                    key.privateKey() + "\nthe key of Jenkins\n")) {
                CommitSigner signer = SigningKeyReader.read(text, null);

                assertThat(signer.publicKey()).isEqualTo(key.signer().publicKey());
            }
        }
    }

    @Test
    void aPublicKeyInPlaceOfThePrivateOneIsSaidToBeOne() throws Exception {
        RealSigningKey ssh = RealSigningKey.ssh(folder.resolve("a"), "ecdsa", null);
        RealSigningKey openPgp = RealSigningKey.openPgp(folder.resolve("b"), "ed25519", null, null);
        String spki = pem("PUBLIC KEY", pair("RSA", 2048).getPublic().getEncoded());
        String rfc4716 = RealTools.run(folder.resolve("a"), "ssh-keygen", "-e", "-f", "key.pub");

        for (String text : List.of(ssh.publicKey(), openPgp.publicKey(), spki, rfc4716)) {
            assertThatThrownBy(() -> SigningKeyReader.read(text, null))
                    .hasMessage("is a public key; store the private key that belongs to it");
        }
    }

    @Test
    void aKeyThatExpiresSaysWhen() throws Exception {
        RealSigningKey main = RealSigningKey.openPgp(folder.resolve("a"), "ed25519", "ed25519", null, "1y");
        RealSigningKey never = RealSigningKey.openPgp(folder.resolve("b"), "ed25519", "ed25519", null, "0");

        assertThat(main.signer().validUntil())
                .hasValueSatisfying(end -> assertThat(end)
                        .isBetween(Instant.parse("2020-12-30T00:00:00Z"), Instant.parse("2021-01-03T00:00:00Z")));
        assertThat(never.signer().validUntil()).isEmpty();
    }

    private static PGPSecretKeyRing ring(RealSigningKey key) throws Exception {
        return new PGPSecretKeyRing(
                PGPUtil.getDecoderStream(
                        new ByteArrayInputStream(key.privateKey().getBytes(StandardCharsets.UTF_8))),
                new BcKeyFingerprintCalculator());
    }

    private static PGPPrivateKey opened(PGPSecretKeyRing ring) throws Exception {
        return ring.getSecretKey()
                .extractPrivateKey(
                        new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider()).build(new char[0]));
    }

    private static String armored(byte[] encoded) throws Exception {
        var text = new ByteArrayOutputStream();
        try (var armor = ArmoredOutputStream.builder().clearHeaders().build(text)) {
            armor.write(encoded);
        }
        return text.toString(StandardCharsets.US_ASCII);
    }

    /** The key with a signature of its main key on one of its parts. */
    private static PGPPublicKey signed(PGPSecretKeyRing ring, int type, PGPPublicKey part) throws Exception {
        PGPPublicKey main = ring.getPublicKey();
        var generator = new PGPSignatureGenerator(
                new BcPGPContentSignerBuilder(main.getAlgorithm(), HashAlgorithmTags.SHA512), main);
        generator.init(type, opened(ring));
        return PGPPublicKey.addCertification(
                part,
                part.isMasterKey()
                        ? generator.generateCertification(main)
                        : generator.generateCertification(main, part));
    }

    private static PGPPublicKey subkey(PGPSecretKeyRing ring) {
        return StreamSupport.stream(ring.toCertificate().spliterator(), false)
                .filter(key -> !key.isMasterKey())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aRevokedSubkeyNeitherSignsNorCounts() throws Exception {
        RealSigningKey key = RealSigningKey.openPgp(folder, "ed25519", "ed25519", null);
        String bySubkey = key.signer().sign(CONTENT, Instant.now()).orElseThrow();
        PGPSecretKeyRing ring = ring(key);
        PGPPublicKey revoked = signed(ring, PGPSignature.SUBKEY_REVOCATION, subkey(ring));
        PGPPublicKeyRing certificate = PGPPublicKeyRing.insertPublicKey(ring.toCertificate(), revoked);
        var trusted = new TrustedSigners(List.of(armored(certificate.getEncoded())), CommitSigner.NONE);

        assertThat(trusted.problem(bySubkey, CONTENT))
                .hasValueSatisfying(said -> assertThat(said).contains("which is not among trustedSigners"));
        CommitSigner left = SigningKeyReader.read(
                armored(PGPSecretKeyRing.replacePublicKeys(ring, certificate).getEncoded()), null);
        assertThat(trusted.problem(left.sign(CONTENT, Instant.now()).orElseThrow(), CONTENT))
                .as("the main key signs then")
                .isEmpty();
    }

    @Test
    void aRevokedKeyIsRefused() throws Exception {
        RealSigningKey key = RealSigningKey.openPgp(folder, "ed25519", "ed25519", null);
        PGPSecretKeyRing ring = ring(key);
        PGPPublicKey revoked = signed(ring, PGPSignature.KEY_REVOCATION, ring.getPublicKey());
        PGPPublicKeyRing certificate = PGPPublicKeyRing.insertPublicKey(ring.toCertificate(), revoked);
        String secret =
                armored(PGPSecretKeyRing.replacePublicKeys(ring, certificate).getEncoded());

        assertThatThrownBy(() -> SigningKeyReader.read(secret, null)).hasMessageContaining("is revoked");
        assertThatThrownBy(() -> new TrustedSigners(List.of(armored(certificate.getEncoded())), CommitSigner.NONE))
                .hasMessageContaining("is revoked by its owner");
    }

    /** Who passes a public key on can add to it what its owner has not signed; gpg drops that when it imports it. */
    @Test
    void aSubkeyThatSomebodyElseHasAddedDoesNotCount() throws Exception {
        RealSigningKey owner = RealSigningKey.openPgp(folder.resolve("a"), "ed25519", "ed25519", null);
        RealSigningKey other = RealSigningKey.openPgp(folder.resolve("b"), "ed25519", "ed25519", null);
        PGPPublicKeyRing mixed = PGPPublicKeyRing.insertPublicKey(ring(owner).toCertificate(), subkey(ring(other)));
        var trusted = new TrustedSigners(List.of(armored(mixed.getEncoded())), CommitSigner.NONE);

        assertThat(trusted.problem(other.signer().sign(CONTENT, Instant.now()).orElseThrow(), CONTENT))
                .hasValueSatisfying(said -> assertThat(said).contains("which is not among trustedSigners"));
        assertThat(trusted.problem(owner.signer().sign(CONTENT, Instant.now()).orElseThrow(), CONTENT))
                .isEmpty();
    }

    /** Nobody sees in an armored text that it has two keys. */
    @Test
    void aKeyThatSomebodyElseHasAddedIsNotListedUnseen() throws Exception {
        RealSigningKey owner = RealSigningKey.openPgp(folder.resolve("a"), "ed25519", null, null);
        RealSigningKey other = RealSigningKey.openPgp(folder.resolve("b"), "ed25519", null, null);
        var both = new ByteArrayOutputStream();
        both.write(ring(owner).toCertificate().getEncoded());
        both.write(ring(other).toCertificate().getEncoded());
        String text = armored(both.toByteArray());

        assertThatThrownBy(() -> new TrustedSigners(List.of(text), CommitSigner.NONE))
                .hasMessageContaining("has several keys; list each on its own");
        assertThat(new TrustedSigners(List.of(owner.publicKey(), other.publicKey()), CommitSigner.NONE)
                        .problem(other.signer().sign(CONTENT, Instant.now()).orElseThrow(), CONTENT))
                .isEmpty();
    }

    @Test
    void aSignatureOverAWeakHashDoesNotCount() throws Exception {
        RealSigningKey key = RealSigningKey.openPgp(folder, "rsa3072", null, null);
        PGPSecretKeyRing ring = ring(key);
        var generator = new PGPSignatureGenerator(
                new BcPGPContentSignerBuilder(ring.getPublicKey().getAlgorithm(), HashAlgorithmTags.SHA1),
                ring.getPublicKey());
        generator.init(PGPSignature.BINARY_DOCUMENT, opened(ring));
        generator.update(CONTENT);

        assertThat(new TrustedSigners(List.of(key.publicKey()), CommitSigner.NONE)
                        .problem(armored(generator.generate().getEncoded()), CONTENT))
                .hasValueSatisfying(said -> assertThat(said).contains("SHA-1"));
    }

    /** Of such a commit git reads fewer parents than were signed. */
    @Test
    void aSignatureBetweenTheParentsDoesNotCount() throws Exception {
        RealSigningKey key = RealSigningKey.ssh(folder, "ed25519", null);
        var trusted = new TrustedSigners(List.of(key.publicKey()), CommitSigner.NONE);
        String head = "tree " + "1".repeat(40) + "\nparent " + "2".repeat(40) + "\n";
        String rest = "parent " + "3".repeat(40) + "\nauthor A <a@example.com> 1 +0000\n"
                + "committer A <a@example.com> 1 +0000\n";
        String message = "\nMerge\n";
        String signature = "gpgsig "
                + key.signer()
                        .sign((head + rest + message).getBytes(StandardCharsets.UTF_8), Instant.EPOCH)
                        .orElseThrow()
                        .strip()
                        .replace("\n", "\n ")
                + "\n";
        try (var git = new InMemoryRepository(new DfsRepositoryDescription("x"));
                ObjectInserter inserter = git.newObjectInserter()) {
            ObjectId good = inserter.insert(
                    Constants.OBJ_COMMIT, (head + rest + signature + message).getBytes(StandardCharsets.UTF_8));
            ObjectId moved = inserter.insert(
                    Constants.OBJ_COMMIT, (head + signature + rest + message).getBytes(StandardCharsets.UTF_8));
            inserter.flush();

            assertThat(trusted.refusal(git, good)).isEmpty();
            assertThat(trusted.refusal(git, moved))
                    .hasValueSatisfying(said -> assertThat(said).contains("before its committer"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh-ed25519",
                "ssh-ed25519 AAAA",
                "ssh-dss AAAAB3NzaC1kc3MAAACB",
                "nobody",
                "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----"
            })
    void aTrustedSignerHasAPublicKey(String text) {
        assertThatThrownBy(() -> new TrustedSigners(List.of(text), CommitSigner.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a public key that can be used");
    }
}
