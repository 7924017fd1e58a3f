package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Builds wait within a {@code lock}, which is released however their wait ends, also after a restart. */
class LockITest {

    private static final String LOCKED = "lock('staging') {\n" + DeliveryFixture.DELIVER + "}";

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    private Path folder;

    private static WorkflowRun start(JenkinsRule jenkins, String service) throws Exception {
        String script = LOCKED.replace("Service1", service);
        return DeliveryFixture.job(jenkins, service, script).scheduleBuild2(0).waitForStart();
    }

    private static WorkflowRun build(JenkinsRule jenkins, String service) {
        return jenkins.jenkins.getItemByFullName(service, WorkflowJob.class).getBuildByNumber(1);
    }

    @Test
    void isReleasedHoweverTheWaitEnds() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            delivery.configure();
            jenkins.waitForMessage("which nobody has reported yet", start(jenkins, "Merged"));
            for (String next : new String[] {"Red", "Aborted", "Last"}) {
                jenkins.waitForMessage("[Resource: staging] is not free", start(jenkins, next));
            }
        });
        sessions.then(jenkins -> {
            assertThat(JenkinsRule.getLog(build(jenkins, "Red"))).doesNotContain("commitConfig");
            delivery.report(jenkins, "success");
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build(jenkins, "Merged")));

            jenkins.waitForMessage("which nobody has reported yet", build(jenkins, "Red"));
            delivery.report(jenkins, "failure");
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(build(jenkins, "Red")));

            jenkins.waitForMessage("which nobody has reported yet", build(jenkins, "Aborted"));
            build(jenkins, "Aborted").doStop();
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build(jenkins, "Aborted")));

            jenkins.waitForMessage("which nobody has reported yet", build(jenkins, "Last"));
            delivery.report(jenkins, "success");
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build(jenkins, "Last")));
            assertThat(delivery.show("master", "images/staging/tags.json"))
                    .contains("Merged", "Last")
                    .doesNotContain("Red");
        });
    }
}
