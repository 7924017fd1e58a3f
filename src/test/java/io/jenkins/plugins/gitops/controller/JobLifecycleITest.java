package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.DisableConcurrentBuildsJobProperty;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What people do to jobs and builds whose changes are queued. */
@WithJenkins
class JobLifecycleITest extends DeliveryITestBase {

    private static final String COMMIT_ONLY =
            DeliveryFixture.DELIVER.substring(0, DeliveryFixture.DELIVER.indexOf("def merged"));

    private void assertThatMainHas(String queued) {
        await().untilAsserted(() -> assertThat(delivery.tip("master")).isEqualTo(queued));
    }

    @Test
    void aBuildThatAbortsTheOneBeforeTakesItsPlace() throws Exception {
        WorkflowJob job = DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER);
        var oneAtATime = new DisableConcurrentBuildsJobProperty();
        oneAtATime.setAbortPrevious(true);
        job.addProperty(oneAtATime);
        WorkflowRun first = DeliveryFixture.startWaiting(jenkins, job);
        String queued = delivery.tip("auto");

        WorkflowRun second = DeliveryFixture.startWaiting(jenkins, job);

        jenkins.assertBuildStatus(Result.NOT_BUILT, jenkins.waitForCompletion(first));
        assertThat(delivery.tip("auto")).as("the same images are queued once").isEqualTo(queued);
        delivery.report(jenkins, "success");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(second));
        assertThatMainHas(queued);
    }

    @Test
    void aBuildWhoseJobIsDisabledWaitsOn() throws Exception {
        WorkflowJob job = DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER);
        WorkflowRun run = DeliveryFixture.startWaiting(jenkins, job);

        job.makeDisabled(true);

        delivery.report(jenkins, "success");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    void aBuildThatIsDiscardedLeavesItsChange() throws Exception {
        WorkflowJob job = DeliveryFixture.job(jenkins, "app", COMMIT_ONLY);
        jenkins.buildAndAssertSuccess(job).delete();
        String queued = delivery.tip("auto");

        delivery.report(jenkins, "success");

        assertThatMainHas(queued);
    }

    @Test
    void theCopyOfAJobThatWaitsHasNothingOfItsChange() throws Exception {
        WorkflowJob job = DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER);
        WorkflowRun run = DeliveryFixture.startWaiting(jenkins, job);
        WorkflowJob copy = jenkins.jenkins.copy(job, "copy");
        copy.setDefinition(new CpsFlowDefinition("waitForCiAndMerge()", true));

        WorkflowRun copied =
                jenkins.assertBuildStatus(Result.FAILURE, copy.scheduleBuild2(0).get());

        jenkins.assertLogContains("This build has committed nothing to", copied);
        delivery.report(jenkins, "success");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    void aChangeOfAnotherRepositoryIsRefused() throws Exception {
        Path bare = GitCli.createBare(folder.resolve("other.git"), "master");
        GitCli.run(delivery.bare(), "push", "-q", bare.toString(), "master");
        RepositoryDefinition other =
                new RepositoryDefinition("other", bare.toUri().toString());
        other.setAllowInsecure(true);
        other.setAllJobs(true);
        other.setMergeWithoutChecks(true);
        GitOpsWavesConfiguration.get().setRepositories(List.of(delivery.definition(), other));
        String script = DeliveryFixture.DELIVER
                .replace("wave: 'staging'", "wave: 'staging', repo: 'cfg-app'")
                .replace("waitForCiAndMerge()", "waitForCiAndMerge(repo: 'other', commit: change.id)");

        WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, DeliveryFixture.job(jenkins, "app", script));

        jenkins.assertLogContains("is one of the config repository \"cfg-app\", not of \"other\"", run);
    }

    @Test
    void theLogLinksToTheChangeAndToItsCheck() throws Exception {
        WorkflowJob job = DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER);
        WorkflowRun run = DeliveryFixture.startWaiting(jenkins, job);
        delivery.report(jenkins, "pending");
        jenkins.waitForMessage("Waiting for " + DeliveryFixture.CHECK + ".", run);

        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            List<String> links = browser.getPage(run, "console").getAnchors().stream()
                    .map(anchor -> anchor.getHrefAttribute())
                    .toList();
            assertThat(links)
                    .anyMatch(link -> link.matches("/jenkins/waves/cfg-app/\\?q=[0-9a-z]+"))
                    .contains("https://ci.example.com/1");
        }
    }
}
