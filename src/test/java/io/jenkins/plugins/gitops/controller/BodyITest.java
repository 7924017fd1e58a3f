package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import hudson.model.Label;
import hudson.model.Result;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionList;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionListener;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Steps with a body, and the condition by which they are tried again. */
class BodyITest {

    private static final String IMAGES = "wave: 'staging', images: [Service1: [Tag: 'docker.example.com/service1:1', "
            + "Digest: 'docker.example.com/service1@" + DeliveryFixture.DIGEST + "']]";

    private static final List<String> LINE = List.of("first", "second", "third", "fourth");

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

    /** Pipeline resumes builds in any order. */
    @Test
    void waitingBodiesKeepTheirOrderOverARestart() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        Path go = folder.resolve("go");
        sessions.then(jenkins -> startLine(jenkins, delivery, go));
        Files.createFile(go);
        Path running = sessions.getHome().toPath().resolve(FlowExecutionList.class.getName() + ".xml");
        Files.writeString(running, reversed(Files.readString(running)));

        sessions.then(jenkins -> finishLine(jenkins, delivery));
    }

    /** What looks at a build while Jenkins starts has it resumed before the plugin has started. */
    @Test
    void bodiesOfBuildsThatAreResumedTooEarlyKeepTheirOrder() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        Path go = folder.resolve("go");
        sessions.then(jenkins -> startLine(jenkins, delivery, go));
        Files.createFile(go);

        sessions.then(jenkins -> finishLine(jenkins, delivery));
    }

    /** As other plugins do: it is called before the plugin, since listeners are sorted by name. */
    @TestExtension("bodiesOfBuildsThatAreResumedTooEarlyKeepTheirOrder")
    public static final class EarlyListener extends ItemListener {
        @Override
        public void onLoaded() {
            for (String job : List.of("fourth", "third", "second", "first")) {
                var known = Jenkins.get().getItemByFullName(job, WorkflowJob.class);
                if (known != null) {
                    known.getBuildByNumber(1);
                    Uninterruptibles.sleepUninterruptibly(Duration.ofSeconds(1));
                }
            }
        }
    }

    @Test
    void bodiesOfBuildsThatAreResumedLateKeepTheirOrder() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        Path go = folder.resolve("go");
        sessions.then(jenkins -> startLine(jenkins, delivery, go));
        Files.createFile(go);
        Path running = sessions.getHome().toPath().resolve(FlowExecutionList.class.getName() + ".xml");
        Files.writeString(running, reversed(Files.readString(running)));

        sessions.then(jenkins -> finishLine(jenkins, delivery));
    }

    /** As long as hundreds of builds take to be resumed. */
    @TestExtension("bodiesOfBuildsThatAreResumedLateKeepTheirOrder")
    public static final class SlowListener extends FlowExecutionListener {
        @Override
        public void onResumed(FlowExecution execution) {
            Uninterruptibles.sleepUninterruptibly(Duration.ofSeconds(10));
        }
    }

    /** Starts a build whose body runs until a file is there, and others that wait for their turns. */
    private static void startLine(JenkinsRule jenkins, DeliveryFixture delivery, Path go) throws Exception {
        configure(delivery);
        jenkins.jenkins.setNumExecutors(LINE.size());
        for (String name : LINE) {
            WorkflowJob job = DeliveryFixture.job(jenkins, name, """
                        node {
                          commitConfig(wave: 'staging', images: [NAME: [Tag: 'docker.example.com/NAME:1',
                              Digest: 'docker.example.com/NAME@DIGEST']]) {
                            sh 'mkdir -p generated; until test -e GO; do sleep 0.1; done; echo NAME > generated/all.yaml'
                          }
                        }
                        """.replace("NAME", name)
                    .replace("DIGEST", DeliveryFixture.DIGEST)
                    .replace("GO", go.toString()));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            jenkins.waitForMessage(
                    name.equals(LINE.get(0)) ? "+ test -e" : "Waiting for the turn of this body: that of first #1",
                    run);
        }
    }

    private static void finishLine(JenkinsRule jenkins, DeliveryFixture delivery) throws Exception {
        for (String job : LINE) {
            WorkflowRun run =
                    jenkins.jenkins.getItemByFullName(job, WorkflowJob.class).getBuildByNumber(1);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        }
        assertThat(GitCli.run(
                                delivery.bare(),
                                "log",
                                "--reverse",
                                "--format=%(trailers:key=Autocommit-Services,valueonly,separator=)",
                                "refs/heads/master..refs/heads/auto")
                        .lines())
                .isEqualTo(LINE);
    }

    /** The list of running builds in the other order. */
    private static String reversed(String list) {
        var owners = new ArrayList<>(Pattern.compile("(?s) *<flow-owner .*?</flow-owner>\\R")
                .matcher(list)
                .results()
                .toList());
        assertThat(owners).hasSameSizeAs(LINE);
        Collections.reverse(owners);
        return list.replaceFirst(
                "(?s) *<flow-owner .*</flow-owner>\\R",
                Matcher.quoteReplacement(owners.stream().map(MatchResult::group).collect(Collectors.joining())));
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
