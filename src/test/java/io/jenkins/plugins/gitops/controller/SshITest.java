package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey.DirectEntryPrivateKeySource;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Result;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.driver.RealSshd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.gitclient.GitHostKeyVerificationConfiguration;
import org.jenkinsci.plugins.gitclient.verifier.ManuallyProvidedKeyVerificationStrategy;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A config repository over ssh, with the key and the known hosts that Jenkins keeps. */
@WithJenkins
class SshITest {

    @TempDir
    private Path folder;

    private JenkinsRule jenkins;
    private RealSshd server;
    private DeliveryFixture delivery;

    @BeforeEach
    void configure(JenkinsRule rule) throws Exception {
        jenkins = rule;
        server = new RealSshd(folder.resolve("sshd"));
        delivery = DeliveryFixture.create(folder);
        var key = new DirectEntryPrivateKeySource(server.acceptedKey("bot", "ed25519", "opens it"));
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new BasicSSHUserPrivateKey(
                        CredentialsScope.GLOBAL, "cfg-app-key", RealSshd.user(), key, "opens it", "the bot"));
        RepositoryDefinition repository = DeliveryFixture.definition(server.url(delivery.bare()));
        repository.setAllowInsecure(false);
        repository.setCredentialsId("cfg-app-key");
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    private static void trust(String knownHosts) {
        GitHostKeyVerificationConfiguration.get()
                .setSshHostKeyVerificationStrategy(new ManuallyProvidedKeyVerificationStrategy(knownHosts));
    }

    @Test
    void deliversOverSsh() throws Exception {
        trust(Files.readString(server.knownHosts()));
        WorkflowRun run =
                DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER));

        delivery.report(jenkins, "success");

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        assertThat(delivery.tip("master")).isEqualTo(delivery.tip("auto"));
    }

    @Test
    void talksToNoHostThatTheAdministratorDoesNotKnow() throws Exception {
        trust("other.example.com " + Files.readString(server.knownHosts()).split(" ", 2)[1]);

        WorkflowRun run = jenkins.buildAndAssertStatus(
                Result.FAILURE,
                DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER.replace("waitForCiAndMerge()", "null")));

        jenkins.assertLogContains("the ssh key of its host is not one that is known", run);
    }
}
