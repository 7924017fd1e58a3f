package io.jenkins.plugins.gitops.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;

/**
 * The credentials and host keys of connections over ssh. Connections use neither the ssh agent nor keys or
 * configuration files of the user that runs this process.
 *
 * @param user the user name if the URL has none
 * @param privateKeys keys in the OpenSSH or the PEM format; empty if a password is used
 * @param passphrase the passphrase of the keys, or null
 * @param hostKeys verifies the keys of servers
 */
public record SshAccess(
        String user, List<String> privateKeys, @CheckForNull String passphrase, ServerKeyDatabase hostKeys) {

    public SshAccess(String user, List<String> privateKeys, @Nullable String passphrase, ServerKeyDatabase hostKeys) {
        this.user = user;
        this.privateKeys = List.copyOf(privateKeys);
        this.passphrase = passphrase;
        this.hostKeys = hostKeys;
    }

    /**
     * Creates the factory of ssh sessions; the caller closes it after the connections.
     *
     * @param nowhere a folder that need not exist, used instead of the user's home
     * @throws RepoUnavailable if a key cannot be read
     */
    SshdSessionFactory sessions(File nowhere) throws RepoUnavailable {
        List<KeyPair> keys = keys();
        return new SshdSessionFactoryBuilder()
                .setHomeDirectory(nowhere)
                .setSshDirectory(nowhere)
                .setConfigStoreFactory((home, file, user) -> null)
                .setDefaultKeysProvider(folder -> keys)
                .setServerKeyDatabase((home, folder) -> hostKeys)
                .setPreferredAuthentications(keys.isEmpty() ? "password,keyboard-interactive" : "publickey")
                .setConnectorFactory(null)
                .build(null);
    }

    private List<KeyPair> keys() throws RepoUnavailable {
        var keys = new ArrayList<KeyPair>();
        for (String key : privateKeys) {
            try {
                SecurityUtils.loadKeyPairIdentities(
                                null,
                                NamedResource.ofName("the private key"),
                                new ByteArrayInputStream(key.getBytes(StandardCharsets.UTF_8)),
                                passphrase == null ? FilePasswordProvider.EMPTY : FilePasswordProvider.of(passphrase))
                        .forEach(keys::add);
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                throw unreadable();
            }
        }
        if (keys.isEmpty() && !privateKeys.isEmpty()) {
            throw unreadable();
        }
        return keys;
    }

    // Has no cause, since its message could contain a part of the key.
    private RepoUnavailable unreadable() {
        return new RepoMisconfigured("The private key of the user \"" + user
                + "\" cannot be read: it has to be in the OpenSSH or the PEM format, and its passphrase "
                + "has to be right.");
    }
}
