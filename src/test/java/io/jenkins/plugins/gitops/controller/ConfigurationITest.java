package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.gitops.configuration.ConfigRepository;
import io.jenkins.plugins.gitops.configuration.GitOpsWaves;
import io.jenkins.plugins.gitops.configuration.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class ConfigurationITest {

    private static final String YAML = """
            unclassified:
              gitopsWaves:
                repositories:
                  - name: cfg-app
                    url: https://git.example.com/acme/cfg-app.git
                    allowedJobs: ["acme/**"]
                    redGrace: 2m
                    generatedPaths: ["generated/**", "*.lock"]
                    checks:
                      - reported: {}
                    requiredChecks:
                      - ci/plain
                      - {name: ci/generated, source: reported, reporters: ["acme/cfg-app/**"]}
                    waves:
                      - {name: staging, imagesPath: deploy/staging, argoServer: main, applications: ["staging-*"]}
                      - name: production
                        promotesFrom: staging
                        allowedJobs: ["acme/promote-*"]
                        argoServer: main
                        selector: "wave=production"
                        soak: 2h
                        intake: freeze
                        require: "canaries: production-eu-1"
                        windows:
                          - {cron: "0 9 * * 1-4", duration: 7h, timezone: Europe/Berlin}
                        starvedAfter: 3d
                        promotionJob: acme/promote-production
                argoServers:
                  - {name: main, url: "https://argocd.example.com", credentialsId: argo-token, project: shop, watch: false}
            """;

    @TempDir
    private Path folder;

    private void apply(String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve("jenkins.yaml"), yaml);
        ConfigurationAsCode.get().configure(file.toString());
    }

    @Test
    void isReadFromYamlAndWrittenBack(JenkinsRule jenkins) throws Exception {
        apply(YAML);

        ConfigRepository repository = GitOpsWaves.get().repository("cfg-app");
        assertThat(repository.getRequiredChecks())
                .extracting(RequiredCheckDefinition::getName)
                .containsExactly("ci/plain", "ci/generated");
        assertThat(repository.getGeneratedPaths()).containsExactly("generated/**", "*.lock");
        assertThat(repository.getRequiredChecks().get(1).getReporters()).containsExactly("acme/cfg-app/**");
        assertThat(repository.getWaves()).extracting(WaveDefinition::getName).containsExactly("staging", "production");
        assertThat(repository.getWaves().get(0).getApplications()).containsExactly("staging-*");
        assertThat(repository.getWaves().get(1).getSelector()).isEqualTo("wave=production");
        assertThat(GitOpsWaves.get().getArgoServers()).singleElement().satisfies(server -> {
            assertThat(server.getName()).isEqualTo("main");
            assertThat(server.getCredentialsId()).isEqualTo("argo-token");
            assertThat(server.isWatch()).isFalse();
        });
        ByteArrayOutputStream exported = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(exported);
        assertThat(exported.toString(StandardCharsets.UTF_8))
                .contains("argoServers:", "selector: \"wave=production\"")
                .contains("gitopsWaves:", "name: \"ci/plain\"", "- \"reported\"", "redGrace: \"2m\"")
                .doesNotContain("pollInterval", "AsText");
    }

    @Test
    void refusesNamesThatAreNotYetSupported(JenkinsRule jenkins) {
        assertThatThrownBy(() -> apply(YAML.replace("redGrace: 2m", "imageSet: a")))
                .hasMessageContaining("imageSet");
        assertThatThrownBy(() -> apply(YAML.replace("- reported: {}", "- bitbucket: {}")))
                .hasMessageContaining("bitbucket");
        assertThat(GitOpsWaves.get().getRepositories()).isEmpty();
    }

    @Test
    void survivesTheForm(JenkinsRule jenkins) throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "git", "", "bot", "a-long-password"));
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(
                        CredentialsScope.GLOBAL, "argo-token", "", Secret.fromString("a-long-token")));
        apply(YAML.replace(
                        "redGrace: 2m",
                        "credentialsId: git\n        deployedSecretId: deployed\n        imagesSecretId: images"
                                + "\n        forgeSecretId: forge\n        reportersSecretId: reporters\n        imageSets: [shop, blog]"
                                + "\n        generatedPaths: ['generated/**']")
                .replace(
                        "- reported: {}",
                        "- reported: {}\n          - jenkinsJob: {job: acme/cfg-app}"
                                + "\n          - github: {repository: acme/cfg-app, credentialsId: git}")
                .replace("- ci/plain", "- {name: ci/plain, source: jenkinsJob}"));
        String repository =
                Jenkins.XSTREAM2.toXML(GitOpsWaves.get().getRepositories().get(0));
        String server =
                Jenkins.XSTREAM2.toXML(GitOpsWaves.get().getArgoServers().get(0));

        jenkins.configRoundtrip();

        assertThat(Jenkins.XSTREAM2.toXML(GitOpsWaves.get().getRepositories().get(0)))
                .isEqualTo(repository);
        assertThat(Jenkins.XSTREAM2.toXML(GitOpsWaves.get().getArgoServers().get(0)))
                .isEqualTo(server);
    }

    @Test
    void showsCredentialsToAdministratorsOnly(JenkinsRule jenkins) throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "git", "", "bot", "a-long-password"));
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("alice")
                .grant(Jenkins.READ)
                .everywhere()
                .to("bob"));
        ConfigRepository.DescriptorImpl form =
                jenkins.jenkins.getDescriptorByType(ConfigRepository.DescriptorImpl.class);

        try (ACLContext ignored = ACL.as(User.getById("bob", true))) {
            assertThat(form.doFillCredentialsIdItems(null, "now", "https://git.example.com"))
                    .extracting(option -> option.value)
                    .isEqualTo(List.of("now"));
            assertThat(form.doCheckUrl("nonsense", false).kind).isEqualTo(FormValidation.Kind.OK);
        }
        try (ACLContext ignored = ACL.as(User.getById("alice", true))) {
            assertThat(form.doFillCredentialsIdItems(null, "", "https://git.example.com"))
                    .extracting(option -> option.value)
                    .contains("git");
        }
    }
}
