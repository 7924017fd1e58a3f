package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Queue;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.DuePromotion;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.ArgoCdFixture;
import io.jenkins.plugins.gitops.triggers.WavePromotionTrigger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.PipelineTriggersJobProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** What starts builds goes on where it was before a restart, and starts none a second time. */
class TriggerRestartITest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    private Path folder;

    private static WorkflowJob job(JenkinsRule jenkins, String name) {
        return jenkins.jenkins.getItemByFullName(name, WorkflowJob.class);
    }

    private static int announce(JenkinsRule jenkins) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(jenkins.getURL() + "gitops-waves/images/cfg-app?order=17"))
                .header("Authorization", "Bearer a-long-secret")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("""
                        {"shop": {"Tag": "docker.example.com/shop:17", "Digest": "docker.example.com/shop@DIGEST"}}
                        """.replace("DIGEST", DeliveryFixture.DIGEST)))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void anAnnouncementThatWasTakenIsBuilt() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            SystemCredentialsProvider.getInstance()
                    .getCredentials()
                    .add(new StringCredentialsImpl(
                            CredentialsScope.GLOBAL, "images", "", Secret.fromString("a-long-secret")));
            SystemCredentialsProvider.getInstance().save();
            RepositoryDefinition repository = delivery.definition();
            repository.setImagesSecretId("images");
            GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
            jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "deliver", """
                    properties([pipelineTriggers([imagesAnnounced()])])
                    if (env.BUILD_NUMBER != '1') {
                        commitConfig wave: 'staging'
                    }
                    """));
            jenkins.jenkins.doQuietDown();
            assertThat(announce(jenkins)).isEqualTo(202);
            assertThat(Queue.getInstance().getItems(job(jenkins, "deliver"))).hasSize(1);
        });
        sessions.then(jenkins -> {
            await().atMost(LONG)
                    .until(() -> job(jenkins, "deliver").getLastBuild().getNumber() == 2);
            jenkins.assertBuildStatusSuccess(
                    jenkins.waitForCompletion(job(jenkins, "deliver").getLastBuild()));
            assertThat(delivery.show("auto", "images/staging/tags.json")).contains("docker.example.com/shop:17");

            String auto = delivery.tip("auto");
            assertThat(announce(jenkins)).as("the same again").isEqualTo(202);
            jenkins.waitUntilNoActivity();
            assertThat(delivery.tip("auto")).isEqualTo(auto);
        });
    }

    @Test
    void aPromotionThatIsDueStartsOneBuild() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        try (ArgoCdFixture argo = new ArgoCdFixture(folder.resolve("argocd"), delivery.url())) {
            sessions.then(jenkins -> {
                argo.configure(delivery.definition());
                jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "promote", """
                        properties([pipelineTriggers([wavePromotion(from: 'staging', to: 'internal')])])
                        if (env.BUILD_NUMBER != '1') {
                            promoteWave from: 'staging', to: 'internal', wait: true
                            waitForCiAndMerge()
                        }
                        """));
                WorkflowRun run = DeliveryFixture.startWaiting(
                        jenkins,
                        DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER + "awaitArgoSync wave: 'staging'"));
                delivery.report(jenkins, "success");
                jenkins.waitForMessage("Wave staging: 0 of 2 targets", run);
                argo.server.settle();
                jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            });
            sessions.then(jenkins -> {
                await().atMost(LONG)
                        .until(() -> DriverRegistry.get()
                                .state("cfg-app")
                                .filter(state -> !DuePromotion.in(state, "staging", "internal")
                                        .isEmpty())
                                .isPresent());
                look(jenkins);
                await().atMost(LONG)
                        .until(() -> job(jenkins, "promote").getLastBuild().getNumber() == 2);
                jenkins.waitForMessage(
                        "which nobody has reported yet", job(jenkins, "promote").getLastBuild());
            });
            sessions.then(jenkins -> {
                look(jenkins);
                delivery.report(jenkins, "success");
                jenkins.assertBuildStatusSuccess(
                        jenkins.waitForCompletion(job(jenkins, "promote").getLastBuild()));
                look(jenkins);
                assertThat(job(jenkins, "promote").getLastBuild().getNumber()).isEqualTo(2);
                assertThat(Queue.getInstance().getItems(job(jenkins, "promote")))
                        .isEmpty();
            });
        }
    }

    private static void look(JenkinsRule jenkins) {
        ((WavePromotionTrigger) job(jenkins, "promote")
                        .getProperty(PipelineTriggersJobProperty.class)
                        .getTriggers()
                        .get(0))
                .run();
    }
}
