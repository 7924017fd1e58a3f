package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import java.nio.file.Files;
import java.util.List;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class DeliveryITest extends DeliveryITestBase {

    @Test
    void deliversFromAScript() throws Exception {
        WorkflowRun run =
                DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER));

        delivery.report(jenkins, "success");

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("true merged 1", run);
        assertThat(delivery.tip("master")).isEqualTo(delivery.tip("auto"));
    }

    @Test
    void deliversOneOfSeveralSets() throws Exception {
        RepositoryDefinition repository = delivery.definition();
        repository.setImageSets(List.of("shop", "blog"));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
        WorkflowRun run = DeliveryFixture.startWaiting(
                jenkins,
                DeliveryFixture.job(
                        jenkins,
                        "app",
                        DeliveryFixture.DELIVER.replace("commitConfig wave:", "commitConfig set: 'shop', wave:")));

        delivery.report(jenkins, "success");

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("staging/shop of cfg-app", run);
        assertThat(jenkins.createWebClient().getPage(run).asNormalizedText()).contains("wave staging/shop");
    }

    @Test
    void deliversFromADeclarativePipeline() throws Exception {
        WorkflowRun run = DeliveryFixture.startWaiting(
                jenkins, DeliveryFixture.job(jenkins, "app", """
                pipeline {
                  agent none
                  environment { GIT_COMMIT = '7d1043473d55bfa90e8530d35801d4e381bc69f0' }
                  stages {
                    stage('Deliver') {
                      steps {
                        commitConfig(wave: 'staging', images: [Service1: [
                          Tag: 'docker.example.com/service1:1', Digest: 'docker.example.com/service1@%s']])
                        waitForCiAndMerge(timeout: '1h')
                      }
                    }
                  }
                }
                """.formatted(DeliveryFixture.DIGEST)));

        delivery.report(jenkins, "success");

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    void showsAndExportsTheDelivery() throws Exception {
        WorkflowRun run =
                DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER));
        delivery.report(jenkins, "success");
        jenkins.waitForCompletion(run);

        HtmlPage page = jenkins.createWebClient().getPage(run);

        assertThat(page.asNormalizedText())
                .contains("Service1", DeliveryFixture.CHECK, "merged", "sha256:6a9ca693f6ff");
        assertThat(page.getAnchorByHref("https://ci.example.com/1").getTextContent())
                .isEqualTo(DeliveryFixture.CHECK);
        assertThat(jenkins.getJSON(run.getUrl()
                                + "api/json?tree=actions[images[service,tag,digest,changed],changes[state]]")
                        .getJSONObject()
                        .toString())
                .contains("docker.example.com/service1@" + DeliveryFixture.DIGEST, "merged");
    }

    @Test
    void keepsNoTypesOfTheEngineInTheBuild() throws Exception {
        WorkflowRun run =
                DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER));
        delivery.report(jenkins, "success");
        jenkins.waitForCompletion(run);

        String xml = Files.readString(run.getRootDir().toPath().resolve("build.xml"));

        assertThat(xml).contains(DeliveryAction.class.getName());
        assertThat(xml.replace("io.jenkins.plugins.gitops.build.", "")).doesNotContain("io.jenkins.plugins.gitops.");
    }

    @Test
    void failsWithTheFailedCheckAndNoStackTrace() throws Exception {
        delivery.report(jenkins, delivery.tip("master"), "success");
        WorkflowRun run =
                DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER));

        delivery.report(jenkins, "failure");

        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
        jenkins.assertLogContains(DeliveryFixture.CHECK + ": failure https://ci.example.com/1", run);
        jenkins.assertLogNotContains("\tat ", run);
    }

    @Test
    void abortsWithoutTouchingGit() throws Exception {
        WorkflowRun run =
                DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER));
        String queued = delivery.tip("auto");

        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        assertThat(delivery.tip("auto")).isEqualTo(queued).isNotEqualTo(delivery.tip("master"));
    }

    @Test
    void evictsOnAbortWhenAskedTo() throws Exception {
        WorkflowRun run = DeliveryFixture.startWaiting(
                jenkins,
                DeliveryFixture.job(
                        jenkins,
                        "app",
                        DeliveryFixture.DELIVER.replace(
                                "waitForCiAndMerge()", "waitForCiAndMerge(evictOnAbort: true)")));

        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        await().until(() -> delivery.tip("auto").equals(delivery.tip("master")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "commitConfig repo: 'nope'                       | There is no config repository \"nope\"",
                "commitConfig wave: 'nope', images: '{}'         | has no wave \"nope\"",
                "commitConfig set: 'nope', wave: 'staging'       | leave set: out",
                "commitConfig images: '{'                        | not valid JSON",
                "commitConfig dry: true                          | commitConfig has no parameter \"dry\"",
                "commitConfig(images: '{}') { }                  | needs a workspace",
                "waitForCiAndMerge timeout: 5                    | takes timeout: as a text",
                "waitForCiAndMerge()                             | has committed nothing",
                "waitForCiAndMerge commit: '00000000000000000000'| is not known in cfg-app",
                "reportCiStatus sha: 'a', context: 'b', state: 'c' | 40 hexadecimal digits",
                "recordImage service: '../x', image: 'a/b', tag: '1' | ../x",
            })
    void endsBadInputWithOneSentence(String script, String sentence) throws Exception {
        WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, DeliveryFixture.job(jenkins, "bad", script));

        jenkins.assertLogContains("ERROR: ", run);
        jenkins.assertLogContains(sentence, run);
        jenkins.assertLogNotContains("\tat ", run);
    }
}
