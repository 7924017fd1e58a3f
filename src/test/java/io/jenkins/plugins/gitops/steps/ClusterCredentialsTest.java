package io.jenkins.plugins.gitops.steps;

import static io.jenkins.plugins.gitops.flux.KubeconfigFixture.base64;
import static io.jenkins.plugins.gitops.flux.KubeconfigFixture.kubeconfig;
import static io.jenkins.plugins.gitops.flux.KubeconfigFixture.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.util.FormValidation;
import hudson.util.FormValidation.Kind;
import io.jenkins.plugins.gitops.configuration.ClusterDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.base.ClusterCredentials;
import io.jenkins.plugins.gitops.flux.ClusterSettings;
import io.jenkins.plugins.gitops.flux.ClusterUnavailable;
import io.jenkins.plugins.gitops.flux.KubeconfigFixture;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.world.FluxSimulator;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Stored tokens and kubeconfigs of clusters, as the form and the watch use them. */
@Tag("sandbox")
class ClusterCredentialsTest {

    private FluxSimulator cluster;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Jenkins.getInstanceOrNull() != null, "runs on the Jenkins types of the sandbox");
        cluster = new FluxSimulator();
        TestCredentials.addFile("kubeconfig", file(FluxSimulator.TOKEN));
        TestCredentials.addSecret("token", FluxSimulator.TOKEN);
    }

    @AfterEach
    void close() {
        if (cluster != null) {
            new DriverRegistry.Lifecycle().onBeforeShutdown();
            cluster.close();
        }
    }

    private String file(String token) {
        return kubeconfig(cluster.url(), token(token));
    }

    private static FormValidation tested(String url, String credentialsId) throws Exception {
        return new ClusterDefinition.DescriptorImpl().doTestConnection("eu", url, credentialsId, "", "", true);
    }

    private ClusterCredentials login(String url, String credentialsId) {
        return new ClusterCredentials(new ClusterSettings("eu", url, "", Optional.empty(), true), credentialsId);
    }

    @Test
    void aConnectionIsTestedWithATokenOrAKubeconfig() throws Exception {
        for (FormValidation said : List.of(
                tested(cluster.url(), "token"), tested("", "kubeconfig"), tested(cluster.url(), "kubeconfig"))) {
            assertThat(said)
                    .hasMessageContaining("It has 0 GitRepositories")
                    .satisfies(good -> assertThat(good.kind).isEqualTo(Kind.OK));
        }
    }

    @Test
    void theButtonSaysWhatIsWrongWithTheFileWithoutAsking() throws Exception {
        TestCredentials.addFile("exec", kubeconfig(cluster.url(), "exec: {command: aws}"));
        int asked = cluster.requests().size();

        assertThat(tested("", "exec"))
                .hasMessage("The cluster eu: the credentials \"exec\" cannot be used: what they hold starts a program"
                        + " to log in (exec); log in with the token of a service account, or with"
                        + " client-certificate-data.")
                .satisfies(said -> assertThat(said.kind).isEqualTo(Kind.ERROR));
        assertThat(tested("https://other.example.com", "kubeconfig")).hasMessageContaining("is for the server");
        assertThat(tested("", "token")).hasMessageContaining("has no url, which a token needs");
        assertThat(tested("", "")).hasMessageContaining("url is missing");
        assertThat(tested("", "gone")).hasMessageContaining("\"gone\"");
        assertThat(cluster.requests()).hasSize(asked);
    }

    @Test
    void whatCannotBeUsedIsNamedOnThePageOfTheConfiguration() throws Exception {
        TestCredentials.addFile("exec", kubeconfig(cluster.url(), "exec: {command: aws}"));
        var definition = new ClusterDefinition("eu", "");
        definition.setCredentialsId("exec");
        definition.setAllowInsecure(true);

        GitOpsWavesConfiguration.get().setClusters(List.of(definition));

        assertThat(GitOpsWavesConfiguration.get().missingReferences())
                .singleElement()
                .asString()
                .contains("The cluster eu", "starts a program");
        assertThatThrownBy(() -> GitOpsWavesConfiguration.get().setClusters(List.of(new ClusterDefinition("eu", ""))))
                .hasMessageContaining("url is missing");
    }

    @Test
    void aReplacedFileIsUsedAtOnce() throws Exception {
        ClusterCredentials login = login("", "kubeconfig");
        assertThat(login.get().token()).contains(FluxSimulator.TOKEN);
        assertThat(login.get()).isSameAs(login.get());

        TestCredentials.addFile("kubeconfig", file("other"));

        assertThat(login.get().token()).contains("other");
        TestCredentials.addFile("kubeconfig", "x".repeat(2 << 20));
        assertThatThrownBy(login::get)
                .isInstanceOf(ClusterUnavailable.class)
                .hasMessageContainingAll("The cluster eu", "\"kubeconfig\"", "is larger than 1 MiB");
    }

    @Test
    void whatIsStoredIsNeverRepeated() throws Exception {
        TestCredentials.addFile("broken", "token: S3CR3T\n\ttoken: [S3CR3T");
        TestCredentials.addFile("key", kubeconfig(cluster.url(), "client-key-data: " + base64("S3CR3T")));

        for (String id : List.of("broken", "key")) {
            assertThatThrownBy(login("", id)::get)
                    .hasMessageContaining("cannot be used")
                    .hasMessageNotContaining("S3CR3T")
                    .hasMessageNotContaining(base64("S3CR3T"))
                    .hasNoCause();
        }
        assertThatThrownBy(login("", "gone")::get).hasMessageContaining("neither a secret text with a token");
        assertThat(KubeconfigFixture.settings("")).asString().doesNotContain("S3CR3T");
    }
}
