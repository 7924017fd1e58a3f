package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.gitops.world.ApplicationSpec;
import io.jenkins.plugins.gitops.world.ArgoCdSimulator;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every failure of the steps is handled by a Jenkinsfile as one of {@code error} is. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailureHandlingTest {

    private static final String IMAGES = "images: '{\"Service1\": {\"Tag\": \"docker.example.com/service1:1\", "
            + "\"Digest\": \"docker.example.com/service1@sha256:"
            + "6a9ca693f6fff83215c00b653bcf2106124705ad538dc509373523fdd6cefdb4\"}}'";

    @TempDir
    Path folder;

    private Path bare;
    private ArgoCdSimulator argo;
    private Sandbox sandbox;

    /** A failure of a step, and a part of its message. */
    private enum Failure {
        RECORD(
                "recordImage service: 'Service1', image: 'docker.example.com/service1', tag: '1', digest: 'x'",
                "digest"),
        COMMIT("commitConfig wave: 'nowhere', IMAGES", "nowhere"),
        RED("""
                def change = commitConfig(IMAGES)
                reportCiStatus sha: change.sha, context: 'ci/check', state: 'failure', description: '3 tests failed'
                waitForCiAndMerge()
                """, "because a required check failed: ci/check: failure, 3 tests failed"),
        NOT_MERGED("commitConfig(IMAGES); waitForCiAndMerge timeout: '1s'", "was not merged within 1s"),
        NOTHING_TO_WAIT_FOR("waitForCiAndMerge()", "This build has committed nothing"),
        UNKNOWN_CHANGE("waitForCiAndMerge commit: 'f00df00df00d'", "f00df00df00d"),
        REPORT("reportCiStatus sha: 'x', context: 'ci/check', state: 'failure'", "sha"),
        ROLLOUT("awaitArgoSync wave: 'broken', revision: 'MAIN'", "the quota is used up"),
        ROLLOUT_TOO_LATE("awaitArgoSync wave: 'late', revision: 'MAIN', timeout: '1s'", "did not come to run"),
        NOT_ON_MAIN(
                "awaitArgoSync wave: 'broken', revision: 'f00df00df00df00df00df00df00df00df00df00d'",
                "has no commit f00df00d"),
        PROMOTION("promoteWave to: 'broken'", "was not promoted to broken"),
        HOLD("holdWave wave: 'nowhere', reason: 'no'", "nowhere"),
        RELEASE("releaseWave wave: 'nowhere'", "nowhere"),
        REJECTION("rejectImages digests: ['nonsense'], reason: 'no'", "nonsense"),
        ACCEPTANCE("acceptImages digests: ['nonsense'], reason: 'no'", "nonsense"),
        APPROVAL("approveSet wave: 'nowhere'", "nowhere"),
        VERIFICATION("verifyWave wave: 'nowhere'", "nowhere"),
        VERIFICATION_REPORT("reportVerification wave: 'nowhere', name: 'load', state: 'success'", "nowhere"),
        BODY("node { commitConfig(IMAGES) { error 'the generator is broken' } }", "the generator is broken");

        private final String script;
        private final String message;

        Failure(String script, String message) {
            this.script = script;
            this.message = message;
        }
    }

    @BeforeEach
    void open() {
        bare = GitCli.createBare(folder.resolve("cfg-app.git"), "main");
        String blob = GitCli.run(Map.of(), "{}\n", bare, "hash-object", "-w", "--stdin")
                .strip();
        String files = "100644 blob " + blob + "\tdigests.json\n100644 blob " + blob + "\ttags.json\n";
        String wave = GitCli.run(Map.of(), files, bare, "mktree").strip();
        String waves = GitCli.run(Map.of(), "040000 tree " + wave + "\tbroken\n", bare, "mktree")
                .strip();
        String tree = GitCli.run(Map.of(), "040000 tree " + waves + "\timages\n", bare, "mktree")
                .strip();
        String commit = GitCli.run(bare, "commit-tree", tree, "-m", "Begin").strip();
        GitCli.run(bare, "update-ref", "refs/heads/main", commit);
        argo = ArgoCdSimulator.start(folder.resolve("argo"), Clock.systemUTC(), 0);
        argo.add(new ApplicationSpec("broken-1", bare.toUri().toString(), "images/broken", "main"))
                .failNext(1000, "Failed", "the quota is used up");
        argo.settle();
        sandbox = Sandbox.open(
                folder.resolve("home"),
                """
                credentials:
                  system:
                    domainCredentials:
                      - credentials:
                          - string: {scope: GLOBAL, id: argo, secret: "${ARGO_TOKEN}"}
                unclassified:
                  gitopsWaves:
                    argoServers: [{name: main, url: "%s", credentialsId: argo, allowInsecure: true}]
                    repositories:
                      - name: cfg-app
                        url: %s
                        allowInsecure: true
                        allJobs: true
                        mainBranch: main
                        pollInterval: 1s
                        checks: [{reported: {}}]
                        requiredChecks: [ci/check]
                        redGrace: 0s
                        generatedPaths: ["generated/**"]
                        waves:
                          - {name: staging}
                          - {name: broken, promotesFrom: staging, argoServer: main, applications: [broken-1]}
                          - {name: late, promotesFrom: staging, argoServer: main, applications: [late-1]}
                """.formatted(argo.url(), bare.toUri()),
                Map.of("ARGO_TOKEN", argo.token("jenkins")));
        build("reportCiStatus sha: 'MAIN', context: 'ci/check', state: 'success'")
                .expect(Result.SUCCESS);
    }

    @AfterEach
    void close() {
        sandbox.close();
        argo.close();
    }

    /** A build that has ended. */
    private record Ended(BuildResult result, String log) {

        Ended expect(Result expected) {
            assertThat(result.result()).as(log).isEqualTo(expected);
            assertThat(log).doesNotContain("\tat ", "io.jenkins.plugins", "Exception");
            return this;
        }
    }

    private Ended build(String jenkinsfile) {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        String script = jenkinsfile
                .replace("IMAGES", IMAGES)
                .replace("MAIN", GitCli.run(bare, "rev-parse", "main").strip());
        BuildResult result = sandbox.build(new BuildRequest("app", script, null, Map.of(), Map.of()), log);
        return new Ended(result, log.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @EnumSource
    void isHandledAsThatOfError(Failure failure) {
        String body = "{ " + failure.script + " }";

        Ended plain = build(failure.script).expect(Result.FAILURE);
        assertThat(plain.result.failure()).contains(failure.message);
        assertThat(plain.log).contains("ERROR: " + plain.result.failure());

        assertThat(build("try " + body + " catch (e) { echo \"caught ${e.message}\" }")
                        .expect(Result.SUCCESS)
                        .log)
                .containsPattern("caught .*" + Pattern.quote(failure.message));
        assertThat(build("try " + body + " finally { echo 'cleaned up' }").expect(Result.FAILURE).log)
                .contains("cleaned up");
        assertThat(build("warnError('not so bad') " + body + "; echo 'went on'").expect(Result.UNSTABLE).log)
                .containsSubsequence("ERROR: not so bad", failure.message, "went on");
        build("catchError " + body).expect(Result.FAILURE);
        build("catchError(buildResult: 'SUCCESS', stageResult: 'FAILURE') " + body)
                .expect(Result.SUCCESS);
        build("catchError(buildResult: 'UNSTABLE', stageResult: 'UNSTABLE') " + body)
                .expect(Result.UNSTABLE);
        build("catchError(catchInterruptions: false, buildResult: 'SUCCESS') " + body)
                .expect(Result.SUCCESS);
        build("timeout(5) " + body).expect(Result.FAILURE);
        assertThat(build("int n = 0; retry(2) { echo \"attempt ${++n}\"; " + failure.script + " }")
                        .expect(Result.FAILURE)
                        .log)
                .containsSubsequence("attempt 1", "Retrying", "attempt 2");
        assertThat(build("parallel bad: " + body + ", good: { echo 'the other' }")
                        .expect(Result.FAILURE)
                        .log)
                .contains("the other");
    }

    @ParameterizedTest
    @EnumSource
    void isRetriedByItsOwnConditionOnly(Failure failure) {
        for (String condition : new String[] {"checksFailed", "rolloutFailed", "configConflict"}) {
            boolean holds = failure == Failure.RED && condition.equals("checksFailed")
                    || failure == Failure.ROLLOUT && condition.equals("rolloutFailed");

            String log = build("int n = 0; retry(count: 2, conditions: [" + condition + "()]) "
                            + "{ echo \"attempt ${++n}\"; " + failure.script + " }")
                    .expect(Result.FAILURE)
                    .log;

            assertThat(log.contains("attempt 2")).as(condition + log).isEqualTo(holds);
        }
    }
}
