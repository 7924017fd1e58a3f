package sandbox.bench;

import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.signing.SigningKeyReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.eclipse.jgit.transport.CredentialsProvider;

/** The credentials of a repository of this machine whose commits are signed with an ssh key, of the kind Ed25519. */
final class BenchSigning implements CredentialsSource {

    private final CommitSigner signer;

    BenchSigning() throws IOException, GeneralSecurityException {
        var key = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(
                KeyUtils.generateKeyPair("ssh-ed25519", 256), "benchmark", null, key);
        signer = SigningKeyReader.read(key.toString(StandardCharsets.US_ASCII), null);
    }

    @Override
    public CredentialsProvider get() {
        return null;
    }

    @Override
    public CommitSigner signer() {
        return signer;
    }
}
