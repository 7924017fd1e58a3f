package io.jenkins.plugins.gitops.runtime.clones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey.DirectEntryPrivateKeySource;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.git.remote.SshAccess;
import java.util.List;
import jenkins.model.Jenkins;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.URIish;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("sandbox")
class GitCredentialsLookupTest {

    private static final String HTTPS = "https://git.example.com/acme/cfg-app.git";
    private static final String SSH = "git@git.example.com:acme/cfg-app.git";

    @BeforeEach
    void addCredentials() throws Exception {
        assumeTrue(Jenkins.getInstanceOrNull() != null, "runs on the Jenkins types of the sandbox");
        var key = new DirectEntryPrivateKeySource("the key");
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .addAll(List.of(
                        new BasicSSHUserPrivateKey(CredentialsScope.GLOBAL, "key", "git", key, "opens it", null),
                        new UsernamePasswordCredentialsImpl(
                                CredentialsScope.GLOBAL, "password", null, "bot", "x".repeat(2000))));
    }

    private static GitCredentialsLookup credentials(String url, String id) {
        return new GitCredentialsLookup("cfg-app", url, id, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {SSH, "ssh://git.example.com:2222/acme/cfg-app.git", "git.example.com:cfg-app"})
    void aPrivateKeyIsForSsh(String url) throws Exception {
        SshAccess access = credentials(url, "key").ssh();

        assertThat(access.user()).isEqualTo("git");
        assertThat(access.privateKeys()).containsExactly("the key");
        assertThat(access.passphrase()).isEqualTo("opens it");
        assertThat(credentials(url, "key").get()).isNull();
    }

    @Test
    void aPasswordIsForBothAndAnyLength() throws Exception {
        var password = new CredentialItem.Password();
        credentials(HTTPS, "password").get().get(new URIish(HTTPS), password);

        assertThat(password.getValue()).hasSize(2000);
        assertThat(credentials(HTTPS, "password").ssh()).isNull();
        assertThat(credentials(SSH, "password").ssh().privateKeys()).isEmpty();
        assertThat(credentials(SSH, "password").get()).isNotNull();
    }

    @Test
    void aPasswordThatWasChangedIsUsedAtOnce() throws Exception {
        GitCredentialsLookup credentials = credentials(HTTPS, "password");
        credentials.get();
        SystemCredentialsProvider.getInstance().getCredentials().remove(1);
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "password", null, "bot", "fresh"));
        var password = new CredentialItem.Password();
        credentials.get().get(new URIish(HTTPS), password);

        assertThat(new String(password.getValue())).isEqualTo("fresh");
    }

    @Test
    void whatDoesNotFitIsNamed() {
        assertThatThrownBy(() -> credentials(HTTPS, "key").get())
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("are a private key, which is for an ssh url");
        assertThatThrownBy(() -> credentials(SSH, "nobody").ssh())
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("no credentials \"nobody\"");
    }
}
