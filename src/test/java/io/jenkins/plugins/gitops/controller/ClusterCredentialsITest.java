package io.jenkins.plugins.gitops.controller;

import static io.jenkins.plugins.gitops.flux.KubeconfigFixture.kubeconfig;
import static io.jenkins.plugins.gitops.flux.KubeconfigFixture.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.HostnameSpecification;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.configuration.ClusterDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.base.ClusterCredentials;
import io.jenkins.plugins.gitops.flux.ClusterUnavailable;
import io.jenkins.plugins.gitops.flux.KubeconfigFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A kubeconfig as a secret file of a real store of credentials. */
@WithJenkins
class ClusterCredentialsITest {

    private static final String SERVER = "https://cluster.example.com:6443";
    private static final String TOKEN = "a-token-of-a-service-account";

    private JenkinsRule jenkins;

    @BeforeEach
    void begin(JenkinsRule rule) throws Exception {
        jenkins = rule;
        store(Domain.global(), file("kubeconfig", kubeconfig(SERVER, token(TOKEN))));
        store(
                Domain.global(),
                new StringCredentialsImpl(CredentialsScope.GLOBAL, "token", "", Secret.fromString(TOKEN)));
    }

    private static Credentials file(String id, String content) {
        return new FileCredentialsImpl(
                CredentialsScope.GLOBAL,
                id,
                "",
                "kubeconfig.yaml",
                SecretBytes.fromBytes(content.getBytes(StandardCharsets.UTF_8)));
    }

    private void store(Domain domain, Credentials credentials) throws Exception {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            CredentialsStore store =
                    CredentialsProvider.lookupStores(jenkins.jenkins).iterator().next();
            if (store.getDomains().contains(domain)) {
                store.addCredentials(domain, credentials);
            } else {
                store.addDomain(domain, credentials);
            }
        }
    }

    @Test
    void tokensAndFilesAreOfferedToAdministratorsOnly() {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("alice"));
        var form = jenkins.jenkins.getDescriptorByType(ClusterDefinition.DescriptorImpl.class);

        try (ACLContext ignored = ACL.as(User.getById("alice", true))) {
            assertThat(form.doFillCredentialsIdItems(null, "", SERVER))
                    .extracting(option -> option.value)
                    .contains("", "token", "kubeconfig");
        }
        try (ACLContext ignored = ACL.as(User.getById("bob", true))) {
            assertThat(form.doFillCredentialsIdItems(null, "now", SERVER))
                    .extracting(option -> option.value)
                    .isEqualTo(List.of("now"));
        }
    }

    @Test
    void aFileIsReadFromTheStoreAndNothingOfItIsSavedWithTheConfiguration() throws Exception {
        var definition = new ClusterDefinition("eu", "");
        definition.setCredentialsId("kubeconfig");
        GitOpsWavesConfiguration.get().setClusters(List.of(definition));

        assertThat(new ClusterCredentials(definition.toSettings(), "kubeconfig")
                        .get()
                        .token())
                .contains(TOKEN);
        assertThat(GitOpsWavesConfiguration.get().missingReferences()).isEmpty();
        try (var files = Files.list(jenkins.jenkins.getRootDir().toPath())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readAllBytes(file)).asString().doesNotContain(TOKEN);
            }
        }
    }

    /** A domain says to which hosts credentials may be sent; of a kubeconfig only the file itself says where it leads. */
    @Test
    void theDomainOfAFileHasToHaveItsServer() throws Exception {
        var domain = new Domain("others", "", List.of(new HostnameSpecification("*.other.example.com", "")));
        store(domain, file("elsewhere", kubeconfig(SERVER, token(TOKEN))));
        store(domain, file("there", kubeconfig("https://k.other.example.com", token(TOKEN))));

        assertThat(new ClusterCredentials(KubeconfigFixture.settings(""), "there")
                        .get()
                        .url())
                .isEqualTo("https://k.other.example.com");
        assertThatThrownBy(new ClusterCredentials(KubeconfigFixture.settings(""), "elsewhere")::get)
                .isInstanceOf(ClusterUnavailable.class)
                .hasMessageContaining("is in a domain of credentials that does not have its server");
        assertThatThrownBy(new ClusterCredentials(KubeconfigFixture.settings(SERVER), "elsewhere")::get)
                .hasMessageContaining("neither a secret text with a token nor a secret file");
    }

    @Test
    void theFormKeepsWhatItShows() throws Exception {
        var definition = new ClusterDefinition("eu", "");
        definition.setCredentialsId("kubeconfig");
        definition.setNamespace("flux-system");
        GitOpsWavesConfiguration.get().setClusters(List.of(definition));

        jenkins.submit(jenkins.createWebClient()
                .goTo("manage/gitops-waves-configuration/")
                .getFormByName("config"));

        assertThat(GitOpsWavesConfiguration.get().getClusters()).singleElement().satisfies(cluster -> {
            assertThat(cluster.getUrl()).isNull();
            assertThat(cluster.getCredentialsId()).isEqualTo("kubeconfig");
            assertThat(cluster.getNamespace()).isEqualTo("flux-system");
        });
    }
}
