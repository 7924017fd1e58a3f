package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.User;
import io.jenkins.plugins.gitops.gates.VerificationRunner;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jenkinsfiles that verify, approve, report, reject and accept, and jobs of verifications that are not as they should be. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GateStepsTest {

    private static final Duration LONG = Duration.ofSeconds(90);

    private static final String DELIVER = """
        def change = commitConfig(wave: 'staging', images: [shop: [
            Tag: 'docker.example.com/shop:VERSION',
            Digest: 'docker.example.com/shop@sha256:' + 'VERSION' * 64]])
        reportCiStatus(sha: change.sha, context: 'ci/check', state: 'success')
        waitForCiAndMerge(commit: change.sha)
        """;

    private static final String PROMOTE = """
        def change = promoteWave(from: 'staging', to: 'production')
        reportCiStatus(sha: change.sha, context: 'ci/check', state: 'success')
        waitForCiAndMerge(commit: change.sha)
        """;

    private static final String CREDENTIALS = """
        credentials:
          system:
            domainCredentials:
              - credentials:
                  - usernamePassword: {scope: GLOBAL, id: git, username: bot, password: git-password}
        """;

    private static final String JOB = "verifications: [{name: smoke, job: acme/smoke, timeout: TIMEOUT}]";
    private static final String REPORTED = "verifications: [{name: load}]";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Path bare;

    /** The address of the config repository, and the fields for its login. */
    private String url;

    private Sandbox sandbox;

    @BeforeEach
    void begin() {
        bare = GitCli.createBare(folder.resolve("cfg-app.git"), "main");
        url = bare.toUri().toString();
        GitCli.beginBranch(bare, "main");
    }

    @AfterEach
    void close() {
        if (sandbox != null) {
            sandbox.close();
        }
        AwaitFileStep.forgetAll();
    }

    /**
     * Opens the sandbox, again with another configuration.
     *
     * @param jobs the fields that say which jobs are allowed
     * @param staging fields of the wave staging
     * @param production fields of the wave production
     */
    private void open(String jobs, String staging, String production) {
        open(jobs, staging, production, "");
    }

    /**
     * Opens it with credentials.
     *
     * @param before what stands before the section {@code unclassified}
     */
    private void open(String jobs, String staging, String production, String before) {
        if (sandbox != null) {
            sandbox.close();
        }
        sandbox = Sandbox.open(
                folder.resolve("home"), before + """
                    unclassified:
                      gitopsWaves:
                        repositories:
                          - name: cfg-app
                            url: %s
                            allowInsecure: true
                            mainBranch: main
                            pollInterval: 1s
                            checks: [{reported: {}}]
                            requiredChecks: [ci/check]
                            %s
                            waves:
                              - {name: staging%s}
                              - {name: production, promotesFrom: staging%s}
                    """.formatted(url, jobs, comma(staging), comma(production)), Map.of());
    }

    private static String comma(String fields) {
        return fields.isEmpty() ? "" : ", " + fields;
    }

    private void serveSmoke(String jenkinsfile) throws IOException {
        VerificationRunner.get().setStarter(VerificationJob.in(sandbox, "acme/smoke", jenkinsfile, log));
    }

    private BuildResult build(String job, String jenkinsfile) {
        return sandbox.build(new BuildRequest(job, jenkinsfile, null, Map.of(), Map.of()), log);
    }

    private void deliver(String version) {
        assertThat(build("app", DELIVER.replace("VERSION", version)).isSuccess())
                .as(this::log)
                .isTrue();
    }

    private BuildResult buildAs(String person, String jenkinsfile) {
        User.getById(person, true);
        BuildRequest request = new BuildRequest("people", jenkinsfile, null, Map.of(), Map.of());
        return sandbox.start(request, log, new CauseAction(new Cause.UserIdCause(person)))
                .await();
    }

    private String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    private String state(String wave) {
        String file = "refs/gitops-waves/main/state:waves/" + wave + ".json";
        return GitCli.succeeds(bare, "cat-file", "-e", file) ? GitCli.run(bare, "show", file) : "";
    }

    private void awaitState(String... texts) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(state("staging")).as(this::log).contains(texts));
    }

    private boolean isPromoted(String version) {
        String file = "main:images/production/digests.json";
        return GitCli.succeeds(bare, "cat-file", "-e", file)
                && GitCli.run(bare, "show", file).contains(version.repeat(64));
    }

    // ---- verifications by jobs -----------------------------------------------------------------------------------

    @Test
    void aVerificationByAJobIsToldWhatItVerifiesAndLetsItThrough() throws Exception {
        open("allJobs: true", JOB.replace("TIMEOUT", "5m"), "");
        Path broken = folder.resolve("broken");
        serveSmoke("""
            echo "verifies ${params.GITOPS_REPO} ${params.GITOPS_WAVE} '${params.GITOPS_SET}'"
            echo "of ${params.GITOPS_REVISION} ${params.GITOPS_IDENTITY}"
            node { sh 'test ! -e %s' }
            """.formatted(broken));
        deliver("1");
        awaitState("\"passed\"");
        assertThat(log())
                .contains("verifies cfg-app staging ''")
                .contains("of " + GitCli.run(bare, "rev-parse", "main").strip() + " ");

        Files.createFile(broken);
        assertThat(build("again", "verifyWave(wave: 'staging', name: 'smoke')").isSuccess())
                .as(this::log)
                .isTrue();
        awaitState("\"failed\"", "acme » smoke #2 ended as FAILURE");
        assertThat(build("promote", PROMOTE).failure())
                .contains("verified: in staging: smoke failed", "/job/acme/job/smoke/2/");

        Files.delete(broken);
        assertThat(build("again", "verifyWave(wave: 'staging')").isSuccess())
                .as(this::log)
                .isTrue();
        awaitState("\"passed\"");
        assertThat(build("promote", PROMOTE).isSuccess()).as(this::log).isTrue();
        assertThat(isPromoted("1")).isTrue();
    }

    @Test
    void aJobThatIsMissingOrNotAllowedIsNamedAndStartedOnceThatIsMended() throws Exception {
        open("allJobs: true", JOB.replace("TIMEOUT", "5m"), "");
        deliver("1");
        awaitState("\"blocked\"", "there is no job acme/smoke here; serve it with --verification acme/smoke");

        open("allowedJobs: [app, promote]", JOB.replace("TIMEOUT", "5m"), "");
        serveSmoke("echo 'verified'");
        awaitState("\"blocked\"", "may not use the config repository", "allowedJobs");
        assertThat(build("promote", PROMOTE).failure()).contains("verified: in staging: smoke cannot be started");

        open("allowedJobs: [app, promote, acme/smoke]", JOB.replace("TIMEOUT", "5m"), "");
        serveSmoke("echo 'verified'");
        awaitState("\"passed\"");
    }

    @Test
    void aJobThatNeverEndsIsAbortedAndHasFailed() throws Exception {
        open("allJobs: true", JOB.replace("TIMEOUT", "3s"), "");
        serveSmoke("""
            try {
                awaitFile(path: '%s')
            } finally {
                echo 'cleaned up'
            }
            """.formatted(folder.resolve("never")));
        deliver("1");
        awaitState("\"failed\"", "acme/smoke did not end in time");
        await().atMost(LONG).untilAsserted(() -> assertThat(log()).contains("cleaned up", "Finished: ABORTED"));
    }

    @Test
    void aVerificationThatRunsGoesOnAfterARestart() throws Exception {
        Path go = folder.resolve("go");
        open("allJobs: true", JOB.replace("TIMEOUT", "5m"), "");
        String waits = "awaitFile(path: '" + go + "')\necho 'verified'";
        serveSmoke(waits);
        deliver("1");
        awaitState("\"running\"");
        await().atMost(LONG).until(() -> AwaitFileStep.WAITED_FOR.contains("go"));

        AwaitFileStep.forgetAll();
        open("allJobs: true", JOB.replace("TIMEOUT", "5m"), "");
        serveSmoke(waits);
        Files.createFile(go);

        awaitState("\"passed\"", "\"attempt\": 1", "/job/acme/job/smoke/1/");
    }

    // ---- reports -------------------------------------------------------------------------------------------------

    @Test
    void aReportIsTakenForWhatTheWaveRunsAndNothingElse() {
        open("allJobs: true", REPORTED, "");
        String report = "reportVerification(wave: 'staging', name: 'load', state: 'success')";
        assertThat(build("load", report).failure()).contains("Nothing was verified", "staging");
        deliver("1");
        String first = GitCli.run(bare, "rev-parse", "main").strip();
        deliver("2");

        assertThat(build("load", report.replace("'load'", "'laod'")).failure()).contains("laod", "load");
        assertThat(build("load", report.replace("state", "revision: '" + first + "', state"))
                        .failure())
                .contains("staging runs another set by now", "nothing was recorded");
        assertThat(build("promote", PROMOTE).failure()).contains("verified: in staging: load is not reported yet");
        assertThat(build("load", report).isSuccess()).as(this::log).isTrue();
        assertThat(build("promote", PROMOTE).isSuccess()).as(this::log).isTrue();
        assertThat(isPromoted("2")).isTrue();
    }

    @Test
    void aVerificationByAJobTakesNoReport() {
        open("allJobs: true", JOB.replace("TIMEOUT", "5m"), "");
        deliver("1");

        assertThat(build("load", "reportVerification(wave: 'staging', name: 'smoke', state: 'success')")
                        .failure())
                .contains("is done by the job acme/smoke", "verifyWave");
    }

    // ---- approvals -----------------------------------------------------------------------------------------------

    @Test
    void approvalsAreOfPeopleAndCountOnce() {
        open("allJobs: true", "", "approvals: {count: 2, from: [ada, bob]}");
        deliver("1");
        String approve = "approveSet(wave: 'production', comment: 'tried it')";

        assertThat(build("people", approve).failure()).contains("no person did", "start it by hand");
        assertThat(buildAs("eve", approve).failure()).contains("eve may not approve for production", "ada", "bob");
        assertThat(buildAs("ada", approve).isSuccess()).as(this::log).isTrue();
        assertThat(buildAs("ADA", approve).isSuccess()).as(this::log).isTrue();
        assertThat(build("promote", PROMOTE).failure()).contains("approved", "1 of 2");
        assertThat(buildAs("bob", approve).isSuccess()).as(this::log).isTrue();
        assertThat(buildAs("bob", "approveSet(wave: 'production', withdraw: true)")
                        .isSuccess())
                .as(this::log)
                .isTrue();
        assertThat(build("promote", PROMOTE).failure()).contains("approved", "1 of 2");
        assertThat(buildAs("bob", approve).isSuccess()).as(this::log).isTrue();
        assertThat(build("promote", PROMOTE).isSuccess()).as(this::log).isTrue();
        assertThat(isPromoted("1")).isTrue();
    }

    @Test
    void whoeverStartedTheDeliveryDoesNotApproveAndWhoLostTheRightCountsNoMore() {
        open("allJobs: true", "", "approvals: {count: 1, from: [ada, bob], notAuthor: true}");
        assertThat(buildAs("ada", DELIVER.replace("VERSION", "1")).isSuccess())
                .as(this::log)
                .isTrue();
        String approve = "approveSet(wave: 'production')";

        assertThat(buildAs("ada", approve).failure()).contains("ada has started", "somebody else has to approve");
        assertThat(buildAs("bob", approve).isSuccess()).as(this::log).isTrue();

        open("allJobs: true", "", "approvals: {count: 1, from: [ada], notAuthor: true}");
        assertThat(build("promote", PROMOTE).failure()).contains("approved", "0 of 1");
    }

    @Test
    void moreApprovalsThanApproversLetNothingThrough() {
        open("allJobs: true", "", "approvals: {count: 3, from: [ada, bob]}");
        deliver("1");
        for (String person : new String[] {"ada", "bob"}) {
            assertThat(buildAs(person, "approveSet(wave: 'production')").isSuccess())
                    .as(this::log)
                    .isTrue();
        }

        assertThat(build("promote", PROMOTE).failure()).contains("approved", "2 of 3");
    }

    @Test
    void anApprovalWaitsThroughTroubleOfTheGitServer() {
        try (GitHttpServer server = GitHttpServer.start(folder, "bot", "git-password")) {
            url = server.url("cfg-app.git");
            open(
                    "credentialsId: git\n        allJobs: true",
                    "",
                    "approvals: {count: 1, from: [ada, bob], notAuthor: true}",
                    CREDENTIALS);
            deliver("1");
            String approve = "approveSet(wave: 'production'";
            server.answerUnavailable(20);
            assertThat(buildAs("ada", approve + ")").isSuccess()).as(this::log).isTrue();
            assertThat(log()).contains("Trying again for up to 10m", "The git server answers again");
            server.answerUnavailable(Integer.MAX_VALUE);

            assertThat(buildAs("bob", approve + ", timeout: '1s')").failure())
                    .contains("Nothing was done within 1s, and nothing will be");
            assertThat(buildAs("ada", approve + ", withdraw: true, timeout: '1s')")
                            .failure())
                    .contains("Nothing was done within 1s, and nothing will be");
            server.answerUnavailable(0);
            assertThat(build("promote", PROMOTE).isSuccess()).as(this::log).isTrue();
            assertThat(GitCli.run(bare, "log", "--format=%B", "refs/gitops-waves/main/state"))
                    .contains("ada")
                    .doesNotContain("bob");
        }
    }

    @Test
    void anApprovalOfWhatWouldBePromotedWaitsUntilThatIsRead() {
        try (GitHttpServer server = GitHttpServer.start(folder, "bot", "git-password")) {
            url = server.url("cfg-app.git");
            String jobs = "credentialsId: git\n        allJobs: true";
            String production = "approvals: {count: 1, from: [ada]}";
            open(jobs, "", production, CREDENTIALS);
            deliver("1");
            server.answerUnavailable(20);
            open(jobs, "", production, CREDENTIALS);

            assertThat(buildAs("ada", "approveSet(wave: 'production')").isSuccess())
                    .as(this::log)
                    .isTrue();

            assertThat(build("promote", PROMOTE).isSuccess()).as(this::log).isTrue();
        }
    }

    // ---- images --------------------------------------------------------------------------------------------------

    @Test
    void whatIsRejectedIsPromotedOnceItIsAcceptedAgain() {
        open("allJobs: true", "", "");
        deliver("1");
        String digests = "digests: ['sha256:' + '1' * 64], reason: ";
        assertThat(build("people", "rejectImages(" + digests + "'leaks')").isSuccess())
                .as(this::log)
                .isTrue();
        assertThat(build("promote", PROMOTE).failure()).contains("leaks");

        assertThat(build("people", "acceptImages(" + digests + "'false alarm')").isSuccess())
                .as(this::log)
                .isTrue();
        assertThat(build("promote", PROMOTE).isSuccess()).as(this::log).isTrue();
        assertThat(GitCli.run(bare, "log", "--format=%B", "refs/gitops-waves/main/state"))
                .contains("leaks", "false alarm");
        assertThat(build("people", "rejectImages(digests: ['sha256:' + '9' * 64], reason: 'x')")
                        .isSuccess())
                .as(this::log)
                .isTrue();
        assertThat(log()).contains("No wave had sha256:9999", "is that the digest that was meant?");
    }

    // ---- triggers ------------------------------------------------------------------------------------------------

    @Test
    void theTriggersOfTheHowtosAreKnown() {
        open("allJobs: true", "", "");

        assertThat(build("mail", "properties([pipelineTriggers([changeEnded(outcomes: ['evicted'])])])")
                        .isSuccess())
                .as(this::log)
                .isTrue();
        assertThat(build("mail", "properties([pipelineTriggers([changeEnded(outcome: 'evicted')])])")
                        .failure())
                .contains("changeEnded has no parameter 'outcome'", "repo, outcomes");
    }
}
