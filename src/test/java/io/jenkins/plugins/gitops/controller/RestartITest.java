package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

class RestartITest {

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    private Path folder;

    @Test
    void waitsOnAfterARestart() throws Throwable {
        Delivery delivery = Delivery.create(folder);
        sessions.then(jenkins -> {
            delivery.configure();
            Delivery.startWaiting(jenkins, Delivery.job(jenkins, "app", Delivery.DELIVER));
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
        Delivery delivery = Delivery.create(folder);
        String commitOnly = Delivery.DELIVER.substring(0, Delivery.DELIVER.indexOf("def merged"));
        sessions.then(jenkins -> {
            delivery.configure();
            jenkins.buildAndAssertSuccess(Delivery.job(jenkins, "app", commitOnly));
        });
        sessions.then(jenkins -> {
            String queued = delivery.tip("auto");
            delivery.report(jenkins, queued, "success");
            await().untilAsserted(() -> assertThat(delivery.tip("master")).isEqualTo(queued));
        });
    }

    @Test
    void awaitsARolloutAfterARestart() throws Throwable {
        Delivery delivery = Delivery.create(folder);
        try (Rollouts argo = new Rollouts(folder.resolve("argocd"), delivery)) {
            sessions.then(jenkins -> {
                argo.configure(delivery);
                WorkflowRun run = Delivery.startWaiting(
                        jenkins, Delivery.job(jenkins, "app", Delivery.DELIVER + "awaitArgoSync wave: 'staging'"));
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
        Delivery delivery = Delivery.create(folder);
        try (Rollouts argo = new Rollouts(folder.resolve("argocd"), delivery)) {
            sessions.then(jenkins -> {
                argo.configure(delivery);
                WorkflowRun run = Delivery.startWaiting(
                        jenkins,
                        Delivery.job(
                                jenkins,
                                "app",
                                Delivery.DELIVER + "promoteWave to: 'internal', wait: true\nwaitForCiAndMerge()"));
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
}
