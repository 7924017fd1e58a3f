package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.git.remote.SshAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.internal.transport.sshd.OpenSshServerKeyDatabase;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real OpenSSH server, keys and known hosts. */
class DriverOverSshTest {

    @TempDir
    Path root;

    private RealSshd server;
    private RepositoryScene scene;

    @BeforeEach
    void begin() throws IOException {
        server = new RealSshd(root.resolve("sshd"));
        scene = RepositoryScene.onDisk(root);
    }

    @AfterEach
    void end() {
        if (scene != null) {
            scene.close();
            server.close();
        }
    }

    private Driver driver(@Nullable String key, @Nullable String passphrase, Path knownHosts) throws GitOpsException {
        String url = server.url(scene.remote);
        var credentials = new CredentialsSource() {
            @Override
            public CredentialsProvider get() {
                return null;
            }

            @Override
            public SshAccess ssh() {
                var hosts = new OpenSshServerKeyDatabase(true, List.of(knownHosts));
                return key == null ? null : new SshAccess("nobody", List.of(key), passphrase, hosts);
            }
        };
        return new Driver(
                scene.settings(),
                ConfigRepoClone.open(root.resolve("clone"), url, credentials),
                scene.applications,
                scene.clock,
                "https://x/");
    }

    @ParameterizedTest
    @CsvSource({"ed25519,", "rsa,", "ecdsa,correct horse"})
    void aChangeLandsOverSsh(String type, String passphrase) throws Exception {
        String key = server.acceptedKey("bot", type, passphrase);
        try (Driver driver = driver(key, passphrase, server.knownHosts())) {
            SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
            scene.report(driver, change.sha(), CheckState.SUCCESS);

            assertThat(scene.main()).isEqualTo(change.sha());
        }
    }

    @Test
    void anUnknownHostIsNotTalkedTo() throws Exception {
        String key = server.acceptedKey("bot", "ed25519", null);
        Path nobody = Files.writeString(root.resolve("none"), "");
        try (Driver driver = driver(key, null, nobody)) {
            assertThatThrownBy(driver::round)
                    .isInstanceOf(RepoUnavailable.class)
                    .hasMessageContaining("the ssh key of its host is not one that is known")
                    .hasMessageContaining("Git Host Key Verification Configuration");
        }
        assertThat(nobody).isEmptyFile();
    }

    @Test
    void aKeyThatIsNotLetInIsASentence() throws Exception {
        try (Driver driver = driver(server.key("other", "ed25519", null), null, server.knownHosts())) {
            assertThatThrownBy(driver::round)
                    .isInstanceOf(RepoUnavailable.class)
                    .hasMessageContaining("refused access")
                    .hasMessageContaining("credentialsId");
        }
    }

    @ParameterizedTest
    @CsvSource({"wrong", ","})
    void aWrongPassphraseIsASentenceWithoutTheKey(String passphrase) throws Exception {
        String key = server.acceptedKey("bot", "ed25519", "right");
        try (Driver driver = driver(key, passphrase, server.knownHosts())) {
            assertThatThrownBy(driver::round)
                    .isInstanceOf(RepoUnavailable.class)
                    .hasMessageContaining("cannot be read")
                    .hasMessageContaining("passphrase")
                    .hasNoCause();
        }
    }

    @Test
    void withoutAKeyNothingOfWhoeverRunsThisIsUsed() throws Exception {
        try (Driver driver = driver(null, null, server.knownHosts())) {
            assertThatThrownBy(driver::round)
                    .isInstanceOf(RepoUnavailable.class)
                    .hasMessageContaining("credentialsId has to name a user with a private key");
        }
    }
}
