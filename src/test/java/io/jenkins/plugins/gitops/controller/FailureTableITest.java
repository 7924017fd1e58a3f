package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.steps.ArgoCdFixture;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Each failure of each step, in each way in which a Jenkinsfile handles failures: as that of {@code error}. */
@WithJenkins
class FailureTableITest extends RolloutITestBase {

    private static final String IMAGES = "wave: 'staging', images: [Service1: [Tag: 'docker.example.com/service1:1', "
            + "Digest: 'docker.example.com/service1@" + DeliveryFixture.DIGEST + "']]";

    /** A failure of a step, and a part of its message. */
    private enum Failure {
        RECORD(
                "recordImage service: 'Service1', image: 'docker.example.com/service1', tag: '1', digest: 'x'",
                "digest"),
        COMMIT("commitConfig wave: 'nowhere', images: [:]", "nowhere"),
        BODY("node { commitConfig(IMAGES) { error 'the generator is broken' } }", "the generator is broken"),
        RED("""
            def change = commitConfig(IMAGES)
            reportCiStatus sha: change.sha, context: 'CHECK', state: 'failure', description: '3 tests failed'
            waitForCiAndMerge()
            """, "because a required check failed: CHECK: failure, 3 tests failed"),
        NOT_MERGED("commitConfig(IMAGES); waitForCiAndMerge timeout: '1s'", "was not merged within 1s"),
        LOST("""
            commitConfig(IMAGES)
            node { sh 'git -C BARE update-ref refs/heads/auto refs/heads/master' }
            waitForCiAndMerge()
            """, "was lost"),
        NOTHING_TO_WAIT_FOR("waitForCiAndMerge()", "This build has committed nothing"),
        UNKNOWN_CHANGE("waitForCiAndMerge commit: 'f00df00df00d'", "f00df00df00d"),
        ROLLOUT_TOO_LATE("awaitArgoSync wave: 'internal', revision: 'MAIN', timeout: '1s'", "did not come to run"),
        NOT_ON_MAIN(
                "awaitArgoSync wave: 'staging', revision: 'f00df00df00df00df00df00df00df00df00df00d'",
                "has no commit f00df00d"),
        PROMOTION("promoteWave to: 'internal'", "was not promoted to internal"),
        HOLD("holdWave wave: 'nowhere', reason: 'no'", "nowhere"),
        RELEASE("releaseWave wave: 'nowhere'", "nowhere"),
        REJECTION("rejectImages digests: ['nonsense'], reason: 'no'", "nonsense"),
        ACCEPTANCE("acceptImages digests: ['nonsense'], reason: 'no'", "nonsense"),
        APPROVAL("approveSet wave: 'nowhere'", "nowhere"),
        VERIFICATION("verifyWave wave: 'nowhere'", "nowhere"),
        VERIFICATION_REPORT("reportVerification wave: 'nowhere', name: 'load', state: 'success'", "nowhere"),
        REPORT_OF_CI("reportCiStatus sha: 'x', context: 'CHECK', state: 'failure'", "sha"),
        GENERATOR("node { generateConfig { echo 'never' } }", "is not the generator of any config repository");

        private final String script;
        private final String message;

        Failure(String script, String message) {
            this.script = script;
            this.message = message.replace("CHECK", DeliveryFixture.CHECK);
        }
    }

    /** How a Jenkinsfile handles what fails in it, and the result of its build. */
    private enum Handling {
        NONE("stage('x') { FAIL }", Result.FAILURE),
        TRY("try { FAIL } catch (e) { echo \"caught ${e.message}\" }", Result.SUCCESS),
        WARN_ERROR("warnError('not so bad') { FAIL }", Result.UNSTABLE),
        CATCH_ERROR("catchError { FAIL }", Result.FAILURE),
        BUILD_RESULT("catchError(buildResult: 'SUCCESS', stageResult: 'FAILURE') { FAIL }", Result.SUCCESS),
        UNSTABLE(
                "catchError(buildResult: 'UNSTABLE', stageResult: 'UNSTABLE', message: 'so what') { FAIL }",
                Result.UNSTABLE),
        INTERRUPTIONS("catchError(catchInterruptions: false, buildResult: 'SUCCESS') { FAIL }", Result.SUCCESS),
        TIMEOUT("timeout(5) { FAIL }", Result.FAILURE),
        RETRY("int n = 0; retry(2) { echo \"attempt ${++n}\"; FAIL }", Result.FAILURE),
        FAIL_FAST("parallel(failFast: true, bad: { FAIL }, good: { sleep 600 })", Result.FAILURE),
        POST_FAILURE(declarative("script { FAIL }"), Result.FAILURE),
        POST_UNSTABLE(declarative("warnError('not so bad') { script { FAIL } }"), Result.UNSTABLE),
        POST_SUCCESS(
                declarative("catchError(buildResult: 'SUCCESS', stageResult: 'UNSTABLE') { script { FAIL } }"),
                Result.SUCCESS);

        private final String script;
        private final Result result;

        Handling(String script, Result result) {
            this.script = script;
            this.result = result;
        }

        private static String declarative(String steps) {
            return """
                pipeline {
                  agent none
                  stages { stage('Deliver') { steps { STEPS } } }
                  post {
                    failure { echo 'post: FAILURE' }
                    unstable { echo 'post: UNSTABLE' }
                    success { echo 'post: SUCCESS' }
                    always { echo 'post: always' }
                  }
                }
                """.replace("STEPS", steps);
        }

        private List<String> signs() {
            return switch (this) {
                case NONE, CATCH_ERROR -> List.of("ERROR: ");
                case TRY -> List.of("caught ");
                case WARN_ERROR -> List.of("ERROR: not so bad");
                case UNSTABLE -> List.of("ERROR: so what");
                case RETRY -> List.of("attempt 1", "Retrying", "attempt 2");
                case POST_FAILURE, POST_UNSTABLE, POST_SUCCESS -> List.of("post: always", "post: " + result);
                default -> List.of("");
            };
        }
    }

    @Override
    void configure() throws IOException {
        argo = new ArgoCdFixture(folder.resolve("argocd"), delivery.url());
        RepositoryDefinition repository = delivery.definition();
        repository.setGeneratedPaths(List.of("generated/**"));
        argo.configure(repository);
    }

    @ParameterizedTest
    @EnumSource
    void isHandledAsThatOfError(Failure failure) throws Exception {
        delivery.report(jenkins, delivery.tip("master"), "success");
        for (Handling handling : Handling.values()) {
            String script = handling.script
                    .replace("{ FAIL }", "{ " + failure.script + " }")
                    .replace("; FAIL }", "; " + failure.script + " }")
                    .replace("IMAGES", IMAGES)
                    .replace("CHECK", DeliveryFixture.CHECK)
                    .replace("BARE", delivery.bare().toString())
                    .replace("MAIN", delivery.tip("master"));
            WorkflowRun run = DeliveryFixture.job(jenkins, (failure + "-" + handling).toLowerCase(Locale.ROOT), script)
                    .scheduleBuild2(0)
                    .get();

            String log = JenkinsRule.getLog(run);
            assertThat(run.getResult()).as(handling + "\n" + log).isEqualTo(handling.result);
            assertThat(log)
                    .as(handling.toString())
                    .contains(failure.message)
                    .containsSubsequence(handling.signs())
                    .doesNotContain("io.jenkins.plugins.gitops", "Exception", "\tat ");
        }
    }
}
