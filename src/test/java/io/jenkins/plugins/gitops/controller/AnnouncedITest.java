package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.triggers.ImageAnnouncement;
import io.jenkins.plugins.gitops.triggers.ImagesAnnouncedCause;
import io.jenkins.plugins.gitops.triggers.ImagesAnnouncedTrigger;
import io.jenkins.plugins.gitops.world.GitCli;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.PipelineTriggersJobProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class AnnouncedITest {

    private static final String APP_SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";

    private static final String SCRIPTED = """
            properties([pipelineTriggers([imagesAnnounced()])])
            if (env.BUILD_NUMBER != '1') {
                commitConfig wave: 'staging'
            }
            """;

    private static final String DECLARATIVE = """
            pipeline {
                agent none
                triggers { imagesAnnounced(repo: 'cfg-app') }
                stages {
                    stage('Deliver') {
                        when { expression { env.BUILD_NUMBER != '1' } }
                        steps { commitConfig(wave: 'staging') }
                    }
                }
            }
            """;

    @TempDir
    private Path folder;

    private Path bare() {
        return folder.resolve("cfg-app.git");
    }

    private void configure(String... allowedJobs) {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(
                        CredentialsScope.GLOBAL, "images", "", Secret.fromString("a-long-secret")));
        RepositoryDefinition repository = DeliveryFixture.create(folder).definition();
        repository.setImagesSecretId("images");
        repository.setAllowedJobs(List.of(allowedJobs));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    private static HttpResponse<String> announce(JenkinsRule jenkins, int order) throws Exception {
        String body = "{\"shop\": {\"Tag\": \"docker.example.com/shop:" + order
                + "\", \"Digest\": \"docker.example.com/shop@" + DeliveryFixture.DIGEST + "\"}}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        jenkins.getURL() + "gitops-waves/images/cfg-app?appSha=" + APP_SHA + "&order=" + order))
                .header("Authorization", "Bearer a-long-secret")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private String trailer(String revision, String key) {
        return GitCli.run(bare(), "log", "-1", "--format=%(trailers:key=" + key + ",valueonly)", revision)
                .strip();
    }

    @Test
    void startsAScriptedJob(JenkinsRule jenkins) throws Exception {
        configure();
        assertThatItDelivers(jenkins, DeliveryFixture.job(jenkins, "deliver", SCRIPTED));
    }

    /** A freestyle job has no steps of this plugin; it is told what was announced, and its pages open. */
    @Test
    void startsAFreestyleJob(JenkinsRule jenkins) throws Exception {
        configure();
        FreeStyleProject job = jenkins.createFreeStyleProject("deliver");
        ImagesAnnouncedTrigger trigger = new ImagesAnnouncedTrigger();
        job.addTrigger(trigger);
        trigger.start(job, true);

        assertThat(announce(jenkins, 1).statusCode()).isEqualTo(202);
        jenkins.waitUntilNoActivity();

        FreeStyleBuild build = jenkins.assertBuildStatusSuccess(job.getLastBuild());
        assertThat(build.getCause(ImagesAnnouncedCause.class)).isNotNull();
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            assertThat(browser.getPage(build).asNormalizedText()).contains("shop");
            browser.getPage(job);
            jenkins.configRoundtrip(job);
        }
        assertThat(job.getTrigger(ImagesAnnouncedTrigger.class)).isNotNull();
    }

    @Test
    void startsADeclarativeJob(JenkinsRule jenkins) throws Exception {
        configure();
        assertThatItDelivers(jenkins, DeliveryFixture.job(jenkins, "deliver", DECLARATIVE));
    }

    private void assertThatItDelivers(JenkinsRule jenkins, WorkflowJob job) throws Exception {
        jenkins.buildAndAssertSuccess(job);
        assertThat(announce(jenkins, 17).statusCode()).isEqualTo(202);
        jenkins.waitUntilNoActivity();

        WorkflowRun run = job.getLastBuild();
        jenkins.assertBuildStatusSuccess(run);
        assertThat(run.getNumber()).isEqualTo(2);
        assertThat(run.getCause(ImagesAnnouncedCause.class).getShortDescription())
                .contains("shop", APP_SHA.substring(0, 10), "cfg-app");
        assertThat(trailer("auto", "Autocommit-App-SHA")).isEqualTo(APP_SHA);
        assertThat(trailer("auto", "Autocommit-Order")).isEqualTo("announced:images#17");
    }

    @Test
    void eachAnnouncementGetsItsOwnBuildAndIsSafeInTheQueue(JenkinsRule jenkins) throws Exception {
        configure();
        WorkflowJob job = DeliveryFixture.job(jenkins, "deliver", SCRIPTED);
        jenkins.buildAndAssertSuccess(job);
        jenkins.jenkins.doQuietDown();

        assertThat(announce(jenkins, 1).statusCode()).isEqualTo(202);
        assertThat(announce(jenkins, 2).statusCode()).isEqualTo(202);
        assertThat(announce(jenkins, 2).statusCode()).as("the same again").isEqualTo(202);

        assertThat(Queue.getInstance().getItems(job)).hasSize(2);
        assertThat(Files.readString(jenkins.jenkins.getRootDir().toPath().resolve("queue.xml")))
                .contains(ImageAnnouncement.class.getName(), "shop:1", "shop:2");
        jenkins.jenkins.doCancelQuietDown();
        jenkins.waitUntilNoActivity();
        assertThat(job.getBuilds())
                .filteredOn(run -> run.getAction(ImageAnnouncement.class) != null)
                .extracting(
                        run -> run.getAction(ImageAnnouncement.class).number().getAsLong())
                .containsExactlyInAnyOrder(1L, 2L);
        assertThat(job.getBuilds()).extracting(Run::getNumber).hasSize(3);
    }

    @Test
    void whereNoJobListensOrMayItSaysSo(JenkinsRule jenkins) throws Exception {
        configure("acme/**");
        assertThat(announce(jenkins, 1).statusCode()).isEqualTo(409);

        jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "deliver", SCRIPTED));

        HttpResponse<String> refused = announce(jenkins, 1);
        assertThat(refused.statusCode()).as("it may not use the repository").isEqualTo(409);
        assertThat(refused.body()).contains("imagesAnnounced()");
    }

    @Test
    void theFormKeepsWhatIsSet(JenkinsRule jenkins) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "deliver");
        ImagesAnnouncedTrigger trigger = new ImagesAnnouncedTrigger();
        trigger.setRepo("cfg-app");
        trigger.setSet("web");
        job.addProperty(new PipelineTriggersJobProperty(List.of(trigger)));

        WorkflowJob again = jenkins.configRoundtrip(job);

        assertThat(again.getTriggersJobProperty().getTriggers())
                .singleElement()
                .isInstanceOfSatisfying(ImagesAnnouncedTrigger.class, kept -> {
                    assertThat(kept.getRepo()).isEqualTo("cfg-app");
                    assertThat(kept.getSet()).isEqualTo("web");
                });
    }
}
