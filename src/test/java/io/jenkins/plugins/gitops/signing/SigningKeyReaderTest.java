package io.jenkins.plugins.gitops.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.registry.RealTools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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
        RealTools.run(
                folder, "ssh-keygen", "-q", "-Y", "sign", "-n", "file", "-f", "key", content.toString());
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
                .hasMessageContaining("is no public key that can be used");
    }
}
