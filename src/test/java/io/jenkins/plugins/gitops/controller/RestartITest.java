package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import com.google.common.util.concurrent.Uninterruptibles;
import hudson.Util;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.steps.ArgoCdFixture;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

class RestartITest {

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    private Path folder;

    @Test
    void waitsOnAfterARestart() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            delivery.configure();
            DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER));
        });
        sessions.then(jenkins -> {
            WorkflowRun run =
                    jenkins.jenkins.getItemByFullName("app", WorkflowJob.class).getBuildByNumber(1);
            delivery.report(jenkins, "success");
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.assertLogContains("true merged 1", run);
        });
    }

    @Test
    void judgesAQueueThatNoBuildWaitsFor() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        String commitOnly = DeliveryFixture.DELIVER.substring(0, DeliveryFixture.DELIVER.indexOf("def merged"));
        sessions.then(jenkins -> {
            delivery.configure();
            jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "app", commitOnly));
        });
        sessions.then(jenkins -> {
            String queued = delivery.tip("auto");
            delivery.report(jenkins, queued, "success");
            await().untilAsserted(() -> assertThat(delivery.tip("master")).isEqualTo(queued));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"program.dat", "build.xml", "workflow"})
    void whatAKillLeftHalfWrittenEndsABuildAndNotItsChange(String damaged) throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        var build = new AtomicReference<Path>();
        sessions.then(jenkins -> {
            delivery.configure();
            WorkflowRun run =
                    DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER));
            build.set(run.getRootDir().toPath());
        });
        Path file = build.get().resolve(damaged);
        if (damaged.equals("build.xml")) {
            Files.writeString(file, Files.readString(file).substring(0, 500));
        } else {
            Util.deleteRecursive(file.toFile());
        }
        sessions.then(jenkins -> {
            String queued = delivery.tip("auto");
            delivery.report(jenkins, queued, "success");
            await().untilAsserted(() -> assertThat(delivery.tip("master")).isEqualTo(queued));
            WorkflowRun run =
                    jenkins.jenkins.getItemByFullName("app", WorkflowJob.class).getBuildByNumber(1);
            if (run != null) {
                jenkins.waitForCompletion(run);
            }
            jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "next", "echo 'Jenkins works on'"));
        });
    }

    @Test
    void awaitsARolloutAfterARestart() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        try (ArgoCdFixture argo = new ArgoCdFixture(folder.resolve("argocd"), delivery.url())) {
            sessions.then(jenkins -> {
                argo.configure(delivery.definition());
                WorkflowRun run = DeliveryFixture.startWaiting(
                        jenkins,
                        DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER + "awaitArgoSync wave: 'staging'"));
                delivery.report(jenkins, "success");
                jenkins.waitForMessage("Wave staging: 0 of 2 targets", run);
            });
            argo.server.settle();
            sessions.then(jenkins -> {
                WorkflowRun run = jenkins.jenkins
                        .getItemByFullName("app", WorkflowJob.class)
                        .getBuildByNumber(1);
                jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
                jenkins.assertLogContains("on all of its 2 targets", run);
            });
        }
    }

    @Test
    void promotesAfterARestartWhatBecameWellMeanwhile() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        try (ArgoCdFixture argo = new ArgoCdFixture(folder.resolve("argocd"), delivery.url())) {
            sessions.then(jenkins -> {
                argo.configure(delivery.definition());
                WorkflowRun run = DeliveryFixture.startWaiting(
                        jenkins,
                        DeliveryFixture.job(
                                jenkins,
                                "app",
                                DeliveryFixture.DELIVER
                                        + "promoteWave to: 'internal', wait: true\nwaitForCiAndMerge()"));
                delivery.report(jenkins, "success");
                jenkins.waitForMessage("deployed and healthy", run);
            });
            argo.server.settle();
            sessions.then(jenkins -> {
                WorkflowRun run = jenkins.jenkins
                        .getItemByFullName("app", WorkflowJob.class)
                        .getBuildByNumber(1);
                jenkins.waitForMessage("Promoted what staging runs to internal", run);
                delivery.report(jenkins, "success");
                jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            });
        }
    }

    @Test
    void waitsOnInADeclarativePipeline() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        try (ArgoCdFixture argo = new ArgoCdFixture(folder.resolve("argocd"), delivery.url())) {
            sessions.then(jenkins -> {
                argo.configure(delivery.definition());
                DeliveryFixture.startWaiting(
                        jenkins, DeliveryFixture.job(jenkins, "app", """
                        pipeline {
                          agent none
                          stages {
                            stage('Deliver') {
                              steps {
                                recordImage service: 'Service1', image: 'docker.example.com/service1', tag: '1',
                                    digest: 'DIGEST', verify: false
                                commitConfig wave: 'staging'
                                waitForCiAndMerge()
                                awaitArgoSync wave: 'staging'
                                promoteWave to: 'internal', wait: true
                                waitForCiAndMerge()
                              }
                            }
                          }
                        }
                        """.replace("DIGEST", DeliveryFixture.DIGEST)));
            });
            sessions.then(jenkins -> {
                delivery.report(jenkins, "success");
                jenkins.waitForMessage("Wave staging: 0 of 2 targets", first(jenkins));
            });
            sessions.then(jenkins -> {
                argo.server.settle();
                jenkins.waitForMessage("Promoted what staging runs to internal", first(jenkins));
                await().until(() -> JenkinsRule.getLog(first(jenkins)).matches("(?s).*Promoted what.*nobody has.*"));
            });
            sessions.then(jenkins -> {
                delivery.report(jenkins, "success");
                jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(first(jenkins)));
            });
            assertThat(ids(delivery)).as("each change is made once").hasSize(2).doesNotHaveDuplicates();
        }
    }

    /** The push of the change is on its way when the controller stops, and arrives when it is gone. */
    @Test
    void commitsOnceWhatWasBeingPushed() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        var pushed = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var git = GitHttpServer.start(folder, "bot", "a-long-password")) {
            sessions.then(jenkins -> {
                SystemCredentialsProvider.getInstance()
                        .getCredentials()
                        .add(new UsernamePasswordCredentialsImpl(
                                CredentialsScope.GLOBAL, "git", "", "bot", "a-long-password"));
                SystemCredentialsProvider.getInstance().save();
                RepositoryDefinition repository = DeliveryFixture.definition(git.url("cfg-app.git"));
                repository.setCredentialsId("git");
                GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
                // The auto branch is there.
                await().until(() -> GitCli.succeeds(delivery.bare(), "rev-parse", "-q", "--verify", "refs/heads/auto"));
                git.beforeNextPush(() -> {
                    pushed.countDown();
                    Uninterruptibles.awaitUninterruptibly(go);
                });
                DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER)
                        .scheduleBuild2(0)
                        .waitForStart();
                assertThat(pushed.await(1, TimeUnit.MINUTES)).isTrue();
            });
            go.countDown();
            sessions.then(jenkins -> {
                jenkins.waitForMessage("which nobody has reported yet", first(jenkins));
                delivery.report(jenkins, "success");
                jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(first(jenkins)));
            });
            assertThat(ids(delivery)).hasSize(1);
        }
    }

    private static WorkflowRun first(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName("app", WorkflowJob.class).getBuildByNumber(1);
    }

    /** The ids of all changes that lie on auto. */
    private static List<String> ids(DeliveryFixture delivery) {
        return GitCli.run(
                        delivery.bare(),
                        "log",
                        "--format=%(trailers:key=Autocommit-Id,valueonly,separator=)",
                        "refs/heads/auto")
                .lines()
                .filter(id -> !id.isBlank())
                .toList();
    }
}
