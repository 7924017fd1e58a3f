package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SandboxTest {
    private static final String CASC = """
        credentials:
          system:
            domainCredentials:
              - credentials:
                  - usernamePassword: {scope: GLOBAL, id: git, username: bot, password: "${GIT_TOKEN}"}
                  - string: {scope: GLOBAL, id: token, secret: hunter2}
        """;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Sandbox sandbox;

    @BeforeEach
    void open() {
        sandbox = Sandbox.open(folder.resolve("home"), CASC, Map.of("GIT_TOKEN", "s3cret"));
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    private BuildRequest request(String jenkinsfile) {
        return new BuildRequest(
                "acme/app", jenkinsfile, null, Map.of("TARGET", "staging"), Map.of("GIT_COMMIT", "c0ffee"));
    }

    private BuildResult build(String jenkinsfile) {
        return sandbox.build(request(jenkinsfile), log);
    }

    private String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void variablesOfTheBuildAreThere() {
        build("echo \"${env.JOB_NAME} ${BUILD_NUMBER} ${env.BUILD_URL} ${GIT_COMMIT} ${params.TARGET} ${env.NOPE}\"");

        assertThat(log()).contains("acme/app 1 http://localhost:8080/job/acme/job/app/1/ c0ffee staging null");
    }

    @Test
    void scriptsRunInTheWorkspace() {
        BuildResult result = build("""
            node {
                writeFile file: 'sub/hello.txt', text: 'hello'
                dir('sub') {
                    echo readFile('hello.txt') + sh(script: 'pwd', returnStdout: true).trim()
                    withEnv(['NAME=world', 'PATH+X=/x']) { sh 'echo "$NAME $PATH" ; echo $WORKSPACE' }
                }
                echo "status ${sh(script: 'exit 7', returnStatus: true)}"
            }
            """);

        Path workspace = folder.resolve("home/workspace/acme/app");
        assertThat(log())
                .contains("hello" + workspace.resolve("sub"), "world /x:", "\n" + workspace + "\n", "status 7");
        assertThat(result.isSuccess()).isTrue();
    }

    @Test
    void propertiesOfTheJobAreSaidToBeForAController() {
        BuildResult result = build("""
            properties([disableConcurrentBuilds(), pipelineTriggers([
                cron('H/15 * * * *'), wavePromotion(from: 'staging', to: 'internal'), imagesAnnounced()])])
            """);

        assertThat(result.isSuccess()).as(() -> log()).isTrue();
        assertThat(log()).contains("Triggers are for a controller");
        assertThat(build("properties([wavePromotion(form: 'staging')])").failure())
                .isEqualTo("wavePromotion has no parameter 'form' in the sandbox; it knows from, to, schedule, repo, "
                        + "set.");
    }

    @Test
    void scmIsTheRepositoryThatIsNamed() throws Exception {
        Path repository = Files.createDirectory(folder.resolve("app"));
        GitCli.run(repository, "init", "-q", "--initial-branch=main");
        Files.writeString(repository.resolve("hello.txt"), "hello");
        GitCli.run(repository, "add", "--all");
        GitCli.run(repository, "commit", "-q", "-m", "Begin");
        String commit = GitCli.run(repository, "rev-parse", "HEAD").strip();
        GitCli.run(repository, "tag", "v1");
        Files.writeString(repository.resolve("hello.txt"), "later");
        GitCli.run(repository, "commit", "-q", "-a", "-m", "Go on");
        BuildRequest request = new BuildRequest(
                "app",
                "node { def at = checkout scm; echo readFile('hello.txt') + ' of ' + at.GIT_COMMIT }",
                null,
                Map.of(),
                Map.of(),
                BuildRequest.Answer.NONE,
                ScmSource.parse(repository + "@v1"));

        assertThat(sandbox.build(request, log).isSuccess()).as(() -> log()).isTrue();
        assertThat(log()).contains("Checking out v1 of " + repository, "hello of " + commit);
        assertThat(ScmSource.parse("git@git.example.com:acme/app.git").ref()).isEqualTo("HEAD");
        assertThat(ScmSource.parse("ssh://git@git.example.com/acme/app.git@main"))
                .isEqualTo(new ScmSource("ssh://git@git.example.com/acme/app.git", "main"));
    }

    @Test
    void concurrentBuildsHaveWorkspacesOfTheirOwn() throws IOException {
        Path go = folder.resolve("go");
        String jenkinsfile = "node { awaitFile '" + go + "'; echo pwd() }".replace("pwd()", "WORKSPACE");
        RunningBuild first = sandbox.start(request(jenkinsfile), log);
        await().until(() -> log().contains("Waiting for"));
        RunningBuild second = sandbox.start(request(jenkinsfile), log);
        await().until(() -> log().split("Waiting for", -1).length == 3);
        Files.createFile(go);

        assertThat(first.await().isSuccess() && second.await().isSuccess()).isTrue();
        Path workspace = folder.resolve("home/workspace/acme/app");
        assertThat(log()).contains("\n" + workspace + "\n", "\n" + workspace + "@2\n");
        build("node { echo WORKSPACE }");
        assertThat(log()).as("the first is free again").endsWith("SUCCESS\n").doesNotContain("@3");
    }

    @Test
    void buildsOfAJobThatWantsItBeginOneAfterTheOther() throws IOException {
        Path go = folder.resolve("go");
        String jenkinsfile = "properties([disableConcurrentBuilds()]); awaitFile '" + go + "'; echo 'done'";
        RunningBuild first = sandbox.start(request(jenkinsfile), log);
        await().until(() -> log().contains("Waiting for go"));
        RunningBuild second = sandbox.start(request("echo 'second'"), log);
        RunningBuild third = sandbox.start(request("echo 'third'"), log);
        third.abort("test");
        assertThat(third.await().result()).isEqualTo(Result.ABORTED);
        assertThat(log()).contains("Waiting for the end of build 1: the job has disableConcurrentBuilds()");
        Files.createFile(go);

        assertThat(first.await().isSuccess() && second.await().isSuccess()).isTrue();
        assertThat(log().indexOf("second")).isGreaterThan(log().indexOf("done"));
        assertThat(log()).doesNotContain("third\n");
    }

    @Test
    void aToolIsAskedForTheDigestOfAnImage() {
        BuildResult result = build("""
            node {
                writeFile file: 'docker', text: '''#!/bin/sh
                    echo '["docker.example.com/shop@sha256:%s"]'
                    '''
                sh 'chmod +x docker'
                def image = recordImage(
                    service: 'shop', image: 'docker.example.com/shop', tag: '1',
                    inspect: "${WORKSPACE}/docker", verify: false)
                echo "recorded ${image.Digest}"
            }
            """.formatted("0a".repeat(32)));

        assertThat(result.isSuccess()).as(() -> log()).isTrue();
        assertThat(log()).contains("recorded docker.example.com/shop@sha256:0a0a");
    }

    @Test
    void loopsAndClosuresWaitInTheMiddle() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        build("""
            def twice(n) { return 2 * awaitFile(path: '%1$s', answer: n) }
            for (n in [1, 2]) { echo "list ${twice(n)}" }
            for (e in [a: 3]) { echo "map ${e.key} ${twice(e.value)}" }
            [4].each { echo "each ${twice(it)}" }
            def all = (5..6).collect { twice(it) }
            echo "collect $all"
            """.formatted(file));

        assertThat(log()).contains("list 2", "list 4", "map a 6", "each 8", "collect [10, 12]");
    }

    @Test
    void branchesWaitBesideEachOther() {
        build("""
            def results = parallel(
                one: { node { sh 'until test -e ../app@2/two; do sleep 0.01; done' }; return 1 },
                two: { node { sh 'touch two' }; return 2 })
            echo "results ${results.one} ${results.two}"
            node { echo WORKSPACE }
            """);

        assertThat(log())
                .contains("results 1 2")
                .containsPattern("(?m)^\\Q" + folder.resolve("home/workspace/acme/app") + "\\E$");
    }

    @Test
    void theFirstFailedBranchFailsTheBuildAndStopsTheOthers() {
        BuildResult result = build("""
            parallel failFast: true,
                one: { awaitFile '/nonexistent' },
                two: { error 'two is broken' }
            """);

        assertThat(result.result()).isEqualTo(Result.FAILURE);
        assertThat(result.failure()).isEqualTo("two is broken");
    }

    @Test
    void failuresAreTriedAgain() {
        build("""
            int n = 0
            retry(3) {
                n++
                if (n < 3) { error "attempt $n" }
            }
            echo "succeeded at $n"
            """);

        assertThat(log()).contains("ERROR: attempt 1", "ERROR: attempt 2", "Retrying", "succeeded at 3");
    }

    @Test
    void onlyFailuresThatMeetAConditionAreTriedAgain() {
        BuildResult result = build("retry(count: 3, conditions: [failureNamed('this')]) { error 'something else' }");

        assertThat(result.failure()).isEqualTo("something else");
        assertThat(log()).doesNotContain("Retrying");
        assertThat(build("retry(count: 3, conditions: [failureNamed('this')]) { error 'this' }")
                        .failure())
                .isEqualTo("this");
        assertThat(log()).contains("Retrying");
    }

    @Test
    void timeLimitsEndWhatWaits() {
        BuildResult result = build("timeout(time: 50, unit: 'MILLISECONDS') { awaitFile '/nonexistent' }");

        assertThat(result.result()).isEqualTo(Result.ABORTED);
        assertThat(log()).contains("Cancelling nested steps due to timeout", "Timeout has been exceeded");
    }

    @Test
    void caughtFailuresMakeTheBuildUnstable() {
        BuildResult result =
                build("catchError(buildResult: 'UNSTABLE', message: 'flaky') { error 'x' }; echo 'went on'");

        assertThat(result.result()).isEqualTo(Result.UNSTABLE);
        assertThat(log()).containsSubsequence("ERROR: flaky", "ERROR: x", "went on", "Finished: UNSTABLE");
    }

    @Test
    void warnErrorAndUnstableMakeTheBuildUnstable() {
        assertThat(build("warnError('flaky') { error 'x' }; echo 'went on'").result())
                .isEqualTo(Result.UNSTABLE);
        assertThat(log()).containsSubsequence("ERROR: flaky", "ERROR: x", "went on");
        assertThat(build("unstable 'half of it'; echo 'went on'").result()).isEqualTo(Result.UNSTABLE);
        assertThat(log()).containsSubsequence("WARNING: half of it", "went on");
        assertThat(build("warnError { error 'x' }").failure()).isEqualTo("Step warnError needs a text for 'message'.");
    }

    @Test
    void anAbortKeepsItsResultInAWarning() {
        assertThat(build("warnError('slow') { timeout(time: 50, unit: 'MILLISECONDS') { awaitFile '/nonexistent' } }")
                        .result())
                .isEqualTo(Result.ABORTED);
    }

    @Test
    void secretsAreMaskedAndNowhereSaved() throws IOException {
        build("""
            node {
                withCredentials([
                    usernamePassword(credentialsId: 'git', usernameVariable: 'USER_', passwordVariable: 'PASS'),
                    string(credentialsId: 'token', variable: 'TOKEN')]) {
                    sh 'echo "$USER_ $PASS $TOKEN"; env >/dev/null'
                    echo "${TOKEN}"
                    awaitFile env.WORKSPACE
                }
                sh 'echo "left: $TOKEN"'
            }
            """);

        assertThat(log()).contains("bot **** ****", "left: \n").doesNotContain("hunter2", "s3cret");
        try (var files = Files.walk(folder.resolve("home/jobs"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("hunter2", "s3cret");
            }
        }
    }

    @Test
    void anAbortedBuildStillCleansUp() {
        RunningBuild build =
                sandbox.start(request("try { awaitFile '/nonexistent' } finally { echo 'cleaned up' }"), log);
        await().until(() -> log().contains("Waiting for"));

        build.abort("ada");

        assertThat(build.await().result()).isEqualTo(Result.ABORTED);
        assertThat(log()).contains("cleaned up", "Aborted by ada", "Finished: ABORTED");
    }

    @Test
    void inputIsAnsweredByTheFlag() {
        BuildRequest asking = request("input 'Deploy?'; echo 'deployed'");
        assertThat(sandbox.build(asking, log).failure())
                .isEqualTo("input 'Deploy?' needs an answer; pass --input proceed or --input abort.");

        assertThat(sandbox.build(answered(asking, BuildRequest.Answer.ABORT), log)
                        .result())
                .isEqualTo(Result.ABORTED);
        assertThat(sandbox.build(answered(asking, BuildRequest.Answer.PROCEED), log)
                        .isSuccess())
                .isTrue();
        assertThat(log()).containsOnlyOnce("deployed");
    }

    private static BuildRequest answered(BuildRequest request, BuildRequest.Answer answer) {
        return new BuildRequest(
                request.job(),
                request.jenkinsfile(),
                request.workspace(),
                request.parameters(),
                request.environment(),
                answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        pipeline { agent any }                     \
        | Declarative pipelines run on a controller; the sandbox runs scripted ones, beginning with node or stage.
        awaitFile(pfad: 'x')                       | awaitFile has no parameter 'pfad'; it knows answer, path.
        awaitFile(path: 'x', answer: 'y')          | Parameter 'answer' of awaitFile takes a number, not 'y'.
        echo(message: 'x', to: 'y')                | echo has no parameter 'to' in the sandbox; it knows message.
        sh 'true'                                  | Step sh needs a workspace; put it into node { … }.
        node { sh 'exit 3' }                       | script returned exit code 3
        node { readFile 'nope' }                   | There is no file %s/home/workspace/acme/app/nope to read.
        withEnv(['X']) { }                         | withEnv takes texts of the form NAME=value, not 'X'.
        stage 'x'                                  | Step stage needs a block { … }.
        timeout(time: 1, unit: 'AGES') { }         \
        | timeout takes MILLISECONDS, SECONDS, MINUTES, HOURS or DAYS for 'unit', not 'AGES'.
        withCredentials([string(credentialsId: 'x', variable: 'X')]) { } \
        | Could not find credentials entry with ID 'x' of kind secret text; add it to 'credentials' of the \
        Configuration-as-Code file.
        null.call()                                \
        | java.lang.NullPointerException: Cannot invoke method call() on null object (Jenkinsfile, line 1)
        def m = 'a' =~ /a/; awaitFile '/'; m.find() \
        | The state of the build cannot be saved: java.util.regex.Matcher; keep such a value inside one @NonCPS \
        method.
        """)
    void whatCannotBeDoneIsSaidInASentence(String jenkinsfile, String sentence) {
        BuildResult result = build(jenkinsfile);

        assertThat(result.result()).isEqualTo(Result.FAILURE);
        assertThat(result.failure()).isEqualTo(sentence.replace("%s", folder.toString()));
        assertThat(log()).contains("ERROR: " + result.failure()).doesNotContain("\tat ");
    }

    @Test
    void unknownStepsAreNamedWithTheKnownOnes() {
        assertThat(build("archiveArtifacts 'x'").failure())
                .startsWith(
                        "Step archiveArtifacts is not known; the sandbox knows acceptImages, appendLine, approveSet, "
                                + "awaitArgoSync, awaitFile, awaitRollout, catchError, ")
                .contains("recordImage", "waitForCiAndMerge", "withEnv");
    }

    @Test
    void buildsAreFoundAgain() throws IOException {
        assertThat(build("echo 'first'").number()).isEqualTo(1);
        sandbox.close();
        open();

        BuildResult second = build("echo 'second'");

        assertThat(second.number()).isEqualTo(2);
        assertThat(Files.readString(sandbox.folder(second).toPath().resolve("log")))
                .contains("second");
    }
}
