package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.User;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.gates.ApprovalsDefinition;
import io.jenkins.plugins.gitops.configuration.repository.SigningDefinition;
import io.jenkins.plugins.gitops.waves.Wave;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What forms say to an administrator who follows the guides in {@code docs/howto}. */
class GuideFormsTest {

    @TempDir
    Path folder;

    private Sandbox sandbox;
    private Path key;

    @BeforeEach
    void configure() throws IOException, InterruptedException {
        key = folder.resolve("cfg-app-signing");
        int status = new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).isZero();
        sandbox = Sandbox.open(folder.resolve("home"), """
            credentials:
              system:
                domainCredentials:
                  - credentials:
                      - basicSSHUserPrivateKey:
                          scope: GLOBAL
                          id: cfg-app-signing
                          username: gitops-waves
                          privateKeySource: {directEntry: {privateKey: "${readFile:%s}"}}
            unclassified:
              gitopsWaves:
                repositories:
                  - name: cfg-app
                    url: https://git.example.com/acme/cfg-app.git
                    allJobs: true
                    checks: [{reported: {}}]
                    requiredChecks: [ci/check]
                    waves:
                      - {name: staging-eu}
                      - {name: staging-us}
                      - {name: production, promotesFrom: "staging-eu, staging-us"}
            """.formatted(key), Map.of());
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void aSigningKeyShowsItsPublicPart() throws IOException {
        FormValidation checked = new SigningDefinition.DescriptorImpl().doCheckCredentialsId("cfg-app-signing");

        assertThat(checked.kind).isEqualTo(FormValidation.Kind.OK);
        String[] publicKey = Files.readString(Path.of(key + ".pub")).split(" ");
        assertThat(checked.getMessage()).contains(publicKey[0] + " " + publicKey[1]);
    }

    @Test
    void fewerUsersThanApprovalsAreWarnedOf() {
        User.getById("ada", true);
        User.getById("bob", true);
        var form = new ApprovalsDefinition.DescriptorImpl();

        assertThat(form.doCheckCount("3", "ada\nbob").kind).isEqualTo(FormValidation.Kind.WARNING);
        assertThat(form.doCheckCount("2", "ada\nbob").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(form.doCheckCount("3", "ada\nrelease-managers").kind)
                .as("nobody knows how many people a group has")
                .isEqualTo(FormValidation.Kind.OK);
    }

    @Test
    void severalWavesHaveCommasBetween() {
        assertThat(GitOpsWavesConfiguration.get().getRepositories().get(0).toSettings().waves().stream()
                        .filter(wave -> wave.name().equals("production"))
                        .map(Wave::promotesFrom))
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly("staging-eu", "staging-us");
    }
}
