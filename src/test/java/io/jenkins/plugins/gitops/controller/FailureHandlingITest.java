package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A red check is handled by Pipeline as a failure of {@code error} is. */
@WithJenkins
class FailureHandlingITest extends DeliveryITestBase {

    private static final String RED = """
            def change = commitConfig wave: 'staging', images: '{"Service1": {"Tag": "docker.example.com/service1:1", \
            "Digest": "docker.example.com/service1@DIGEST"}}'
            reportCiStatus sha: change.sha, context: 'CHECK', state: 'failure', description: '3 tests failed'
            waitForCiAndMerge()
            """;

    @Override
    void configure() {
        RepositoryDefinition repository = delivery.definition();
        repository.setRedGrace("0s");
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    private WorkflowRun build(String name, String script, Result result) throws Exception {
        delivery.report(jenkins, delivery.tip("master"), "success");
        String jenkinsfile = script.replace("RED", RED)
                .replace("DIGEST", DeliveryFixture.DIGEST)
                .replace("CHECK", DeliveryFixture.CHECK);
        WorkflowRun run = DeliveryFixture.job(jenkins, name, jenkinsfile)
                .scheduleBuild2(0)
                .get();
        jenkins.assertBuildStatus(result, run);
        assertThat(run.getLog(1000).toString()).doesNotContain("io.jenkins.plugins.gitops", "Exception", "\tat ");
        return run;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RED | FAILURE",
                "try { RED } catch (e) { echo \"caught ${e.message}\" } | SUCCESS",
                "warnError('not so bad') { RED } | UNSTABLE",
                "catchError { RED } | FAILURE",
                "catchError(buildResult: 'SUCCESS', stageResult: 'FAILURE') { RED } | SUCCESS",
                "catchError(buildResult: 'UNSTABLE', stageResult: 'UNSTABLE') { RED } | UNSTABLE",
                "catchError(catchInterruptions: false, buildResult: 'SUCCESS') { RED } | SUCCESS",
                "timeout(5) { RED } | FAILURE",
                "retry(2) { RED } | FAILURE",
                "parallel(failFast: true, bad: { RED }, good: { sleep 600 }) | FAILURE",
                "node { stage('x') { warnError('not so bad') { RED } } } | UNSTABLE"
            })
    void scripted(String script, String result) throws Exception {
        WorkflowRun run = build("scripted", script, Result.fromString(result));

        jenkins.assertLogContains("because a required check failed: " + DeliveryFixture.CHECK, run);
        jenkins.assertLogContains("3 tests failed", run);
        if (script.equals("RED")) {
            jenkins.assertLogContains("ERROR: Change ", run);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "script { RED } | FAILURE | failure",
                "warnError('not so bad') { script { RED } } | UNSTABLE | unstable",
                "catchError(buildResult: 'SUCCESS', stageResult: 'UNSTABLE') { script { RED } } | SUCCESS | success"
            })
    void declarative(String steps, String result, String post) throws Exception {
        WorkflowRun run = build("declarative", """
                pipeline {
                  agent any
                  stages { stage('Deliver') { steps { STEPS } } }
                  post {
                    failure { echo 'post: failure' }
                    unstable { echo 'post: unstable' }
                    success { echo 'post: success' }
                    always { echo 'post: always' }
                  }
                }
                """.replace("STEPS", steps), Result.fromString(result));

        jenkins.assertLogContains("because a required check failed: " + DeliveryFixture.CHECK, run);
        jenkins.assertLogContains("post: " + post, run);
        jenkins.assertLogContains("post: always", run);
    }
}
