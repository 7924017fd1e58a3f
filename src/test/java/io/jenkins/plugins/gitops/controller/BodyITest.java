package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Label;
import hudson.model.Result;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Steps with a body, and the condition by which they are tried again. */
class BodyITest {

    private static final String IMAGES = "wave: 'staging', images: [Service1: [Tag: 'docker.example.com/service1:1', "
            + "Digest: 'docker.example.com/service1@" + DeliveryFixture.DIGEST + "']]";

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    private Path folder;

    private static void configure(DeliveryFixture delivery) {
        RepositoryDefinition repository = delivery.definition();
        repository.setGeneratedPaths(List.of("generated/**"));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    @Test
    void commitsWhatScriptsMadeOnAnAgent() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            configure(delivery);
            jenkins.createOnlineSlave(Label.get("agent"));

            WorkflowRun run =
                    jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "app", """
                        node('agent') {
                          def change = commitConfig(IMAGES) {
                            sh 'mkdir generated; cp images/staging/tags.json generated; ln -s tags.json generated/link; pwd'
                          }
                          echo "changed: ${change.changed}"
                        }
                        """.replace("IMAGES", IMAGES)));

            jenkins.assertLogContains("/cfg", run);
            jenkins.assertLogContains("changed: true", run);
            assertThat(delivery.show("auto", "generated/tags.json")).contains("docker.example.com/service1:1");
            assertThat(delivery.show("auto", "generated/link")).isEqualTo("tags.json");
        });
    }

    /** Each of these gives its own steps something, so that they look further out for the folder. */
    @Test
    void stepsWithinStepsWorkInTheFolder() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            configure(delivery);
            jenkins.createOnlineSlave(Label.get("agent"));

            jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "app", """
                node('agent') {
                  commitConfig(IMAGES) {
                    withEnv(['NAME=a']) { sh 'mkdir generated; cp images/staging/tags.json generated/$NAME' }
                    timeout(5) { withEnv(['NAME=b']) { writeFile file: "generated/${env.NAME}", text: pwd() } }
                    dir('generated') { withEnv(['NAME=c']) { sh 'cp a $NAME' } }
                    parallel one: { sh 'cp generated/a generated/d' }, two: { echo 'nothing' }
                    node { writeFile file: 'generated/e', text: 'elsewhere' }
                  }
                }
                """.replace("IMAGES", IMAGES)));

            for (String file : List.of("a", "c", "d")) {
                assertThat(delivery.show("auto", "generated/" + file)).contains("docker.example.com/service1:1");
            }
            assertThat(delivery.show("auto", "generated/b")).endsWith("/cfg");
            assertThat(GitCli.run(delivery.bare(), "ls-tree", "--name-only", "auto", "generated/"))
                    .isEqualTo("generated/a\ngenerated/b\ngenerated/c\ngenerated/d\n");
        });
    }

    @Test
    void triesAConflictAgainInADeclarativePipeline() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            configure(delivery);

            WorkflowRun run = jenkins.buildAndAssertStatus(
                    Result.FAILURE, DeliveryFixture.job(jenkins, "app", """
                        pipeline {
                          agent any
                          stages {
                            stage('Deliver') {
                              steps {
                                retry(count: 2, conditions: [configConflict()]) {
                                  commitConfig(IMAGES) {
                                    sh 'mkdir -p generated; echo made > generated/all.yaml'
                                  }
                                  sh 'git -C BARE update-ref refs/heads/auto refs/heads/master'
                                  waitForCiAndMerge()
                                }
                              }
                            }
                          }
                        }
                        """.replace("IMAGES", IMAGES)
                            .replace("BARE", delivery.bare().toString())));

            jenkins.assertLogContains("Retrying", run);
            jenkins.assertLogContains("was lost", run);
            assertThat(JenkinsRule.getLog(run).split("The body changed 1 files", -1))
                    .hasSize(3);
        });
    }

    @Test
    void goesOnInTheBodyAfterARestart() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        Path go = folder.resolve("go");
        sessions.then(jenkins -> {
            configure(delivery);
            WorkflowJob job = DeliveryFixture.job(
                    jenkins, "app", """
                        node {
                          commitConfig(IMAGES) {
                            sh 'mkdir generated; until test -e GO; do sleep 0.1; done; echo made > generated/all.yaml'
                            writeFile file: 'generated/more.yaml', text: 'more'
                          }
                        }
                        """.replace("IMAGES", IMAGES).replace("GO", go.toString()));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            jenkins.waitForMessage("+ test -e", run);
        });
        Files.createFile(go);
        sessions.then(jenkins -> {
            WorkflowRun run =
                    jenkins.jenkins.getItemByFullName("app", WorkflowJob.class).getBuildByNumber(1);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            assertThat(delivery.show("auto", "generated/all.yaml")).isEqualTo("made\n");
            assertThat(delivery.show("auto", "generated/more.yaml")).isEqualTo("more");
        });
    }

    @Test
    void promotesWithABodyAndWithout() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            RepositoryDefinition repository = delivery.definition();
            WaveDefinition internal = new WaveDefinition("internal");
            internal.setPromotesFrom("staging");
            repository.setWaves(List.of(new WaveDefinition("staging"), internal));
            repository.setGeneratedPaths(List.of("generated/**"));
            GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
            jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "app", "commitConfig(" + IMAGES + ")"));
            GitCli.run(delivery.bare(), "update-ref", "refs/heads/master", delivery.tip("auto"));

            WorkflowRun run = jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "promote", """
                node {
                  promoteWave(to: 'internal') {
                    sh 'mkdir generated; cp images/internal/tags.json generated'
                  }
                }
                def again = promoteWave(to: 'internal', dryRun: true)
                echo "differences: ${again.differences.size()}"
                """));

            jenkins.assertLogContains("differences: 1", run);
            assertThat(delivery.show("auto", "generated/tags.json")).contains("docker.example.com/service1:1");
        });
    }

    @Test
    void showsADryRunOnTheBuildPage() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            configure(delivery);
            WorkflowRun run = jenkins.buildAndAssertSuccess(
                    DeliveryFixture.job(jenkins, "app", "commitConfig(" + IMAGES + ", dryRun: true)"));

            JenkinsRule.WebClient browser = jenkins.createWebClient();
            assertThat(browser.getPage(run).asNormalizedText()).contains("Dry run for cfg-app, wave staging");
            assertThat(browser.getPage(run, "delivery/").asNormalizedText()).contains("+++ b/images/staging/tags.json");
            assertThat(delivery.tip("auto")).isEqualTo(delivery.tip("master"));
        });
    }
}
