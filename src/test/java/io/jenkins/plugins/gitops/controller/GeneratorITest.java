package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Label;
import hudson.model.Result;
import hudson.slaves.DumbSlave;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.configuration.GeneratorDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What may happen to the builds of a generator, and what they may say. */
@WithJenkins
class GeneratorITest extends DeliveryITestBase {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String SECRET = "rs7Kq0zWm2vX9LbT";

    private static final String GENERATE = """
        node('LABEL') {
          generateConfig {
            sh 'mkdir -p generated; cat images/*/tags.json > generated/all.json || echo none > generated/all.json'
            sh 'until test -e GO; do sleep 0.1; done'
          }
        }
        """;

    private Path go;

    @Override
    void configure() throws IOException {
        go = folder.resolve("go");
        GitOpsWavesConfiguration.get().setRepositories(List.of(generating(delivery)));
    }

    private static RepositoryDefinition generating(DeliveryFixture of) {
        RepositoryDefinition repository = of.definition();
        repository.setRequiredChecks(List.of());
        repository.setMergeWithoutChecks(true);
        repository.setPollInterval("1s");
        repository.setGeneratedPaths(List.of("generated/**"));
        repository.setGenerator(new GeneratorDefinition("generate"));
        return repository;
    }

    private WorkflowJob generator(String label) throws Exception {
        return DeliveryFixture.job(
                jenkins, "generate", GENERATE.replace("GO", go.toString()).replace("LABEL", label));
    }

    private WorkflowRun deliver() throws Exception {
        return DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER)
                .scheduleBuild2(0)
                .waitForStart();
    }

    /** The newest build of the generator, as soon as it is half-way. */
    private WorkflowRun awaitBuild(WorkflowJob generator, int number) {
        await().atMost(LONG).untilAsserted(() -> {
            WorkflowRun run = generator.getBuildByNumber(number);
            assertThat(run).isNotNull();
            assertThat(JenkinsRule.getLog(run)).contains("+ test -e");
        });
        return generator.getBuildByNumber(number);
    }

    private void assertDelivered(WorkflowRun app) throws Exception {
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(app.isBuilding()).as(JenkinsRule.getLog(app)).isFalse());
        jenkins.assertBuildStatusSuccess(app);
        assertThat(delivery.show("master", "generated/all.json"))
                .isEqualTo(delivery.show("master", "images/staging/tags.json"));
    }

    @Test
    void aBuildThatIsAbortedIsReplaced() throws Exception {
        WorkflowJob generator = generator("");
        WorkflowRun app = deliver();
        WorkflowRun first = awaitBuild(generator, 1);

        first.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(first));
        awaitBuild(generator, 2);
        assertThat(delivery.findTip("auto")).isEqualTo(delivery.tip("master"));
        Files.createFile(go);
        assertDelivered(app);
    }

    @Test
    void aBuildThatIsDeletedWithItsJobIsReplacedWhenTheJobIsThereAgain() throws Exception {
        WorkflowJob generator = generator("");
        WorkflowRun app = deliver();
        awaitBuild(generator, 1);

        generator.delete();

        jenkins.waitForMessage("There is no job \"generate\"", app);
        Files.createFile(go);
        generator("");
        assertDelivered(app);
    }

    @Test
    void anAgentThatIsGoneForGoodIsReplaced() throws Exception {
        DumbSlave agent = jenkins.createOnlineSlave(Label.get("jsonnet"));
        WorkflowJob generator = generator("jsonnet");
        WorkflowRun app = deliver();
        WorkflowRun first = awaitBuild(generator, 1);

        jenkins.jenkins.removeNode(agent);

        await().atMost(LONG).until(() -> !first.isBuilding());
        jenkins.createOnlineSlave(Label.get("jsonnet"));
        Files.createFile(go);
        assertDelivered(app);
    }

    @Test
    void aJobThatIsRenamedWhileItGeneratesEndsWhatItHasBegun() throws Exception {
        WorkflowJob generator = generator("");
        WorkflowRun app = deliver();
        WorkflowRun first = awaitBuild(generator, 1);

        generator.renameTo("generate-shop");
        Files.createFile(go);

        assertDelivered(app);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(first));
    }

    @Test
    void aJobThatIsRenamedAndAbortedGivesBackWhatItHasBegun() throws Exception {
        WorkflowJob generator = generator("");
        WorkflowRun app = deliver();
        WorkflowRun first = awaitBuild(generator, 1);

        generator.renameTo("generate-shop");
        first.doStop();
        jenkins.waitForCompletion(first);
        jenkins.waitForMessage("There is no job \"generate\"", app);
        Files.createFile(go);
        generator("");

        assertDelivered(app);
    }

    @Test
    void repositoriesThatShareAJobTakeTurns() throws Exception {
        DeliveryFixture other = DeliveryFixture.create(Files.createDirectory(folder.resolve("other")));
        RepositoryDefinition second = new RepositoryDefinition("cfg-other", other.url());
        RepositoryDefinition like = generating(other);
        second.setAllowInsecure(true);
        second.setAllJobs(true);
        second.setMergeWithoutChecks(true);
        second.setPollInterval("1s");
        second.setGeneratedPaths(like.getGeneratedPaths());
        second.setGenerator(like.getGenerator());
        GitOpsWavesConfiguration.get().setRepositories(List.of(generating(delivery), second));
        WorkflowJob generator = generator("");
        List<WorkflowRun> runs = new ArrayList<>();
        for (String repo : List.of("cfg-app", "cfg-other")) {
            runs.add(DeliveryFixture.job(
                            jenkins,
                            "app-" + repo,
                            DeliveryFixture.DELIVER
                                    .replace("commitConfig ", "commitConfig repo: '" + repo + "', ")
                                    .replace("waitForCiAndMerge()", "waitForCiAndMerge(repo: '" + repo + "')"))
                    .scheduleBuild2(0)
                    .waitForStart());
        }
        awaitBuild(generator, 1);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(runs)
                        .allSatisfy(run -> assertThat(JenkinsRule.getLog(run))
                                .containsPattern("Waiting for a build of generate|Generating for")));

        Files.createFile(go);

        for (WorkflowRun run : runs) {
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(run.isBuilding())
                            .as(JenkinsRule.getLog(run))
                            .isFalse());
            jenkins.assertBuildStatusSuccess(run);
            assertThat(JenkinsRule.getLog(run)).doesNotContain("generated nothing");
        }
        assertThat(other.show("master", "generated/all.json"))
                .isEqualTo(other.show("master", "images/staging/tags.json"));
        // A build that has left the queue and is not there yet may be followed by one that finds nothing to do.
        assertThat(generator.getBuilds()).hasSizeBetween(2, 4);
    }

    @Test
    void aDeclarativePipelineGenerates() throws Exception {
        DeliveryFixture.job(jenkins, "generate", """
            pipeline {
              agent any
              environment { FOLDER = 'generated' }
              stages {
                stage('Generate') {
                  environment { NAME = 'all.json' }
                  options { retry(2) }
                  steps {
                    retry(count: 2, conditions: [agent()]) {
                      generateConfig {
                        sh 'mkdir -p $FOLDER; cat images/*/tags.json > $FOLDER/$NAME || echo none > $FOLDER/$NAME'
                        script {
                          withEnv(['COPY=copy.json']) { dir(env.FOLDER) { sh 'cp $NAME $COPY' } }
                        }
                      }
                    }
                  }
                }
              }
            }
            """);
        WorkflowRun app = deliver();

        assertDelivered(app);
        assertThat(delivery.show("master", "generated/copy.json"))
                .isEqualTo(delivery.show("master", "images/staging/tags.json"));
    }

    // ---- secrets -------------------------------------------------------------------------------------------------

    @Test
    void whatAGeneratorSaysStaysInItsLog() throws Exception {
        RepositoryDefinition repository = generating(delivery);
        // So that the commit by hand is still queued when main moves.
        repository.setMergeWithoutChecks(false);
        repository.setRequiredChecks(delivery.definition().getRequiredChecks());
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, "token", "", Secret.fromString(SECRET)));
        WorkflowJob generator = DeliveryFixture.job(jenkins, "generate", """
            node {
              generateConfig {
                withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {
                  sh 'mkdir -p generated; echo none > generated/all.json; echo "it is $TOKEN"'
                  if (sh(script: 'test -e images -o -e limits.txt', returnStatus: true) == 0) {
                    error "the server does not take ${env.TOKEN} " + 'x' * 100000
                  }
                }
              }
            }
            """);
        WorkflowRun app = deliver();
        jenkins.waitForCompletion(app);
        assertThat(app.getResult())
                .as(JenkinsRule.getLog(generator.getBuildByNumber(1)))
                .isEqualTo(Result.FAILURE);
        assertThat(JenkinsRule.getLog(app))
                .contains("the generator fails for it: its body failed as its log says, in the build generate #1");
        commitByHand("auto", "limits.txt");
        commitByHand("master", "README.md");
        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(GitCli.run(
                                delivery.bare(), "grep", "-h", "as its log says", "refs/gitops-waves/master/state"))
                        .contains("its body failed as its log says"));

        assertThat(JenkinsRule.getLog(generator.getBuildByNumber(1)))
                .contains("it is ****", "Generating failed: the server does not take");
        for (String page : List.of("gitops-waves/state/cfg-app", "waves/cfg-app/", "job/app/1/api/json?depth=3")) {
            String text =
                    jenkins.createWebClient().goTo(page, null).getWebResponse().getContentAsString();
            assertThat(text).as(page).isNotEmpty().doesNotContain(SECRET, "x".repeat(1000));
        }
        assertThat(JenkinsRule.getLog(app)).doesNotContain(SECRET, "x".repeat(1000));
        assertThat(GitCli.run(delivery.bare(), "cat-file", "--batch", "--batch-all-objects", "--buffer"))
                .contains("its body failed as its log says")
                .doesNotContain(SECRET, "x".repeat(1000));
        try (Stream<Path> files = Files.walk(jenkins.jenkins.getRootDir().toPath())) {
            Path own = generator.getRootDir().toPath();
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(own))
                    .toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(SECRET);
            }
        }
    }

    private void commitByHand(String branch, String file) throws IOException {
        Path checkout = folder.resolve("by-hand-" + branch);
        GitCli.run(folder, "clone", "-q", "-b", branch, delivery.bare().toString(), checkout.toString());
        Files.writeString(checkout.resolve(file), "by hand\n");
        GitCli.run(checkout, "add", "-A");
        GitCli.run(checkout, "commit", "-q", "-m", "By hand");
        GitCli.run(checkout, "push", "-q", "origin", branch);
    }
}
