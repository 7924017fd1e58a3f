package io.jenkins.plugins.gitops.ci.forges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.ci.CheckResult;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.ci.RequiredCheckPolicy;
import io.jenkins.plugins.gitops.ci.SourceResponse;
import io.jenkins.plugins.gitops.ci.StatusSource;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.ci.Verdict.Color;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each forge says of a commit, and what required checks make of it. */
class ForgeChecksTest {

    private static final String SHA = "6a9ca693f6fff83215c00b653bcf2106124705ad";
    private static final String OTHER = "0000000000fff83215c00b653bcf2106124705ad";

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private FakeForge fake;

    @AfterEach
    void end() {
        timer.shutdownNow();
        fake.close();
    }

    private FakeGitHub gitHub() throws Exception {
        var gitHub = new FakeGitHub();
        fake = gitHub;
        return gitHub;
    }

    private FakeGitLab gitLab() throws Exception {
        var gitLab = new FakeGitLab();
        fake = gitLab;
        return gitLab;
    }

    private FakeGitea gitea() throws Exception {
        var gitea = new FakeGitea();
        fake = gitea;
        return gitea;
    }

    private List<CheckResult> said(String... branches) {
        ForgeClient forge =
                fake.forge(timer, timer, () -> Optional.of(FakeForge.TOKEN), new RateLimit(Clock.systemUTC()));
        return forge.fetch(SHA, Set.of(branches)).join().results();
    }

    private Verdict verdict(RequiredCheck check, String... branches) {
        ForgeClient forge = fake.forge(
                List.of(check), timer, timer, () -> Optional.of(FakeForge.TOKEN), new RateLimit(Clock.systemUTC()));
        StatusSource.PollResult said = forge.fetch(SHA, Set.of(branches)).join();
        return policy(check).judge(Map.of(check.source(), SourceResponse.of(said.results(), said.unread())));
    }

    private static RequiredCheckPolicy policy(RequiredCheck check) {
        Clock clock = Clock.fixed(Instant.parse("2026-11-24T08:02:00Z"), ZoneOffset.UTC);
        return new RequiredCheckPolicy(List.of(check), Duration.ofMinutes(30), clock);
    }

    private static RequiredCheck check(String source, long app, boolean acceptSkipped) {
        return new RequiredCheck("schema", source, app, acceptSkipped, List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "success, GREEN, GREEN",
        "failure, RED, RED",
        "timed_out, UNDECIDED, UNDECIDED",
        "startup_failure, UNDECIDED, UNDECIDED",
        "neutral, UNDECIDED, GREEN",
        "skipped, UNDECIDED, GREEN",
        "cancelled, UNDECIDED, UNDECIDED",
        "stale, UNDECIDED, UNDECIDED",
        "action_required, UNDECIDED, UNDECIDED",
        "a_word_of_the_future, UNDECIDED, UNDECIDED",
        ", UNDECIDED, UNDECIDED"
    })
    void checkRunsOfGitHub(String conclusion, Color strict, Color acceptingSkipped) throws Exception {
        gitHub().checkRun(SHA, "schema", conclusion, FakeGitHub.ACTIONS);

        assertThat(verdict(check("github", 0, false)).color()).isEqualTo(strict);
        assertThat(verdict(check("github", FakeGitHub.ACTIONS, true)).color()).isEqualTo(acceptingSkipped);
        assertThat(verdict(check("github", FakeGitHub.ACTIONS, true)).isSilent())
                .isFalse();
    }

    /** What waits for a reviewer of an environment or for another run has not ended, whatever it concluded before. */
    @ParameterizedTest
    @ValueSource(strings = {"queued", "in_progress", "waiting", "requested", "pending", "a_word_of_the_future"})
    void checkRunsOfGitHubThatHaveNotEnded(String status) throws Exception {
        FakeGitHub gitHub = gitHub();
        for (String conclusion : List.of("", "success", "failure")) {
            gitHub.checkRunInWords(SHA, "schema", status, conclusion);

            assertThat(verdict(check("github", 0, true)).color()).as(conclusion).isEqualTo(Color.UNDECIDED);
        }
    }

    @ParameterizedTest
    @CsvSource({"success, GREEN", "failure, RED", "error, UNDECIDED", "pending, UNDECIDED", "expected, UNDECIDED"})
    void statusesOfGitHub(String state, Color color) throws Exception {
        gitHub().status(SHA, "schema", state);

        assertThat(verdict(check("github", 0, false)).color()).isEqualTo(color);
    }

    @ParameterizedTest
    @CsvSource({
        "success, false, GREEN, GREEN",
        "failed, false, RED, RED",
        "failed, true, UNDECIDED, GREEN",
        "canceled, false, UNDECIDED, UNDECIDED",
        "canceled, true, UNDECIDED, UNDECIDED",
        "canceling, false, UNDECIDED, UNDECIDED",
        "waiting_for_callback, false, UNDECIDED, UNDECIDED",
        "manual, true, UNDECIDED, UNDECIDED",
        "skipped, false, UNDECIDED, GREEN",
        "manual, false, UNDECIDED, UNDECIDED",
        "created, false, UNDECIDED, UNDECIDED",
        "waiting_for_resource, false, UNDECIDED, UNDECIDED",
        "preparing, false, UNDECIDED, UNDECIDED",
        "pending, false, UNDECIDED, UNDECIDED",
        "running, false, UNDECIDED, UNDECIDED",
        "scheduled, false, UNDECIDED, UNDECIDED",
        "a_word_of_the_future, false, UNDECIDED, UNDECIDED"
    })
    void jobsOfGitLab(String status, boolean allowFailure, Color strict, Color acceptingSkipped) throws Exception {
        gitLab().status(SHA, "auto", "schema", status, allowFailure);

        assertThat(verdict(check("gitlab", 0, false), "auto").color()).isEqualTo(strict);
        assertThat(verdict(check("gitlab", 0, true), "auto").color()).isEqualTo(acceptingSkipped);
    }

    @ParameterizedTest
    @CsvSource({
        "success, GREEN, GREEN",
        "failure, RED, RED",
        "error, UNDECIDED, UNDECIDED",
        "warning, UNDECIDED, GREEN",
        "skipped, UNDECIDED, GREEN",
        "pending, UNDECIDED, UNDECIDED",
        "a_word_of_the_future, UNDECIDED, UNDECIDED"
    })
    void statusesOfGitea(String status, Color strict, Color acceptingSkipped) throws Exception {
        gitea().status(SHA, "schema", status);

        assertThat(verdict(check("gitea", 0, false)).color()).isEqualTo(strict);
        assertThat(verdict(check("gitea", 0, true)).color()).isEqualTo(acceptingSkipped);
    }

    @ParameterizedTest
    @CsvSource({"github", "gitlab", "gitea"})
    void aCheckThatNobodyReportedIsMissing(String source) throws Exception {
        switch (source) {
            case "github" -> gitHub().checkRun(SHA, "Schema", "success", FakeGitHub.ACTIONS);
            case "gitlab" -> gitLab().status(SHA, "auto", "schema ", "success", false);
            default -> gitea();
        }

        Verdict verdict = verdict(check(source, 0, true), "auto");
        assertThat(verdict.color()).isEqualTo(Color.UNDECIDED);
        assertThat(verdict.missing()).containsExactly("schema");
        assertThat(verdict.isSilent()).isTrue();
    }

    @Test
    void aForgedCheckOfAnotherAppOrSourceCountsForNothing() throws Exception {
        FakeGitHub gitHub = gitHub();
        gitHub.status(SHA, "schema", "success");
        gitHub.checkRun(SHA, "schema", "success", 666);

        RequiredCheck bound = check("github", FakeGitHub.ACTIONS, false);
        assertThat(verdict(bound).missing()).containsExactly("schema");
        assertThat(policy(bound)
                        .judge(Map.of(
                                "reported",
                                SourceResponse.of(said()),
                                "github",
                                SourceResponse.of(List.<CheckResult>of())))
                        .missing())
                .containsExactly("schema");

        gitHub.checkRun(SHA, "schema", "failure", FakeGitHub.ACTIONS);
        assertThat(verdict(bound).isRed()).isTrue();
        assertThat(verdict(bound).failed())
                .singleElement()
                .satisfies(failed -> assertThat(failed.url().orElseThrow())
                        .startsWith("https://github.example.com/acme/cfg-app/runs/"));
    }

    @Test
    void aNameThatIsBothStatusAndCheckRunNeedsBoth() throws Exception {
        FakeGitHub gitHub = gitHub();
        gitHub.checkRun(SHA, "schema", "success", FakeGitHub.ACTIONS);
        assertThat(verdict(check("github", 0, false)).isGreen()).isTrue();

        gitHub.status(SHA, "schema", "pending");
        assertThat(verdict(check("github", 0, false)).pending()).containsExactly("schema");
    }

    @ParameterizedTest
    @CsvSource({"403", "404"})
    void whatCanBeReadCountsThoughTheTokenMayNotReadCheckRuns(int status) throws Exception {
        FakeGitHub gitHub = gitHub();
        gitHub.status(SHA, "schema", "success");
        gitHub.refuse("/check-runs", status);

        assertThat(verdict(check("github", 0, false)).isGreen()).isTrue();
        Verdict ofAnApp = verdict(check("github", FakeGitHub.ACTIONS, false));
        assertThat(ofAnApp.color()).isEqualTo(Color.UNDECIDED);
        assertThat(ofAnApp.sourceProblems()).singleElement().asString().contains("(" + status);

        gitHub.refuse("/status", status);
        assertThatThrownBy(() -> said()).hasMessageContaining("(" + status);
    }

    @Test
    void aRequiredStatusWithAnAppIsToldThatStatusesHaveNone() throws Exception {
        gitHub().status(SHA, "schema", "success");

        Verdict verdict = verdict(check("github", FakeGitHub.ACTIONS, false));
        assertThat(verdict.isGreen()).isFalse();
        assertThat(verdict.remarks()).singleElement().asString().contains("a commit status names no app", "appId");
    }

    @Test
    void theLatestRunOfAnAppCounts() throws Exception {
        FakeGitHub gitHub = gitHub();
        gitHub.checkRun(SHA, "schema", "failure", FakeGitHub.ACTIONS);
        gitHub.checkRun(SHA, "schema", null, FakeGitHub.ACTIONS);
        assertThat(verdict(check("github", FakeGitHub.ACTIONS, false)).pending())
                .containsExactly("schema");

        gitHub.checkRun(SHA, "schema", "success", FakeGitHub.ACTIONS);
        assertThat(verdict(check("github", FakeGitHub.ACTIONS, false)).isGreen())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "failure, success, RED",
        "success, failure, RED",
        "failure, skipped, RED",
        "failure, , RED",
        ", success, UNDECIDED",
        "cancelled, success, UNDECIDED",
        "success, success, GREEN"
    })
    void ofRunsOfOneNameInTwoSuitesOfGitHubTheWorstCounts(String first, String second, Color color) throws Exception {
        FakeGitHub gitHub = gitHub();
        gitHub.checkRunOfSuite(SHA, "schema", first, 501);
        gitHub.checkRunOfSuite(SHA, "schema", second, 502);

        assertThat(verdict(check("github", 0, false)).color()).isEqualTo(color);
        assertThat(verdict(check("github", FakeGitHub.ACTIONS, false)).color()).isEqualTo(color);
    }

    @Test
    void aRunThatIsStartedAgainStaysInItsSuiteAndReplacesTheRunBefore() throws Exception {
        FakeGitHub gitHub = gitHub();
        gitHub.checkRunOfSuite(SHA, "schema", "failure", 501);
        gitHub.checkRunOfSuite(SHA, "schema", "success", 502);
        gitHub.checkRunOfSuite(SHA, "schema", "success", 501);

        assertThat(verdict(check("github", 0, false)).isGreen()).isTrue();
    }

    @Test
    void aCheckMayNameItsWorkflow() throws Exception {
        FakeGitHub gitHub = gitHub();
        gitHub.workflowRun(SHA, "Tests", "test.yml", 501);
        gitHub.workflowRun(SHA, "Nightly", "nightly.yml", 502);
        gitHub.checkRunOfSuite(SHA, "schema", "success", 501);
        gitHub.checkRunOfSuite(SHA, "schema", "failure", 502);

        for (String name : List.of("Tests", "test.yml", ".github/workflows/test.yml")) {
            assertThat(verdict(ofWorkflow(name)).isGreen()).as(name).isTrue();
        }
        assertThat(verdict(ofWorkflow("nightly.yml")).isRed()).isTrue();
        assertThat(verdict(ofWorkflow("tests")).missing()).as("names are exact").containsExactly("schema");
        assertThat(fake.asked("/actions/runs")).isEqualTo(5);
        assertThat(verdict(check("github", 0, false)).isRed()).isTrue();
        assertThat(fake.asked("/actions/runs"))
                .as("only where a workflow is named")
                .isEqualTo(5);
    }

    private static RequiredCheck ofWorkflow(String workflow) {
        return new RequiredCheck("schema", "github", 0, Optional.of(workflow), false, List.of());
    }

    @Test
    void theRunsOfOneNameAreNamedWithTheirPages() throws Exception {
        FakeGitHub gitHub = gitHub();
        gitHub.checkRunOfSuite(SHA, "schema", "failure", 501);
        gitHub.checkRunOfSuite(SHA, "schema", "success", 502);

        assertThat(verdict(check("github", 0, false)).describeFailures())
                .contains("schema reported failure")
                .contains("failure in run 1001 (https://github.example.com/acme/cfg-app/runs/1001)")
                .contains("success in run 1002 (https://github.example.com/acme/cfg-app/runs/1002)");

        gitHub.checkRunOfSuite(SHA, "schema", null, 501);
        assertThat(verdict(check("github", 0, false)).remarks())
                .singleElement()
                .asString()
                .contains("pending in run 1003")
                .contains("success in run 1002");
    }

    @ParameterizedTest
    @CsvSource({
        "success, failure, RED",
        "failure, success, RED",
        "failure, skipped, RED",
        "success, pending, UNDECIDED",
        "success, success, GREEN"
    })
    void aJobOfGiteaIsNamedWithItsEventOrForAllEvents(String push, String pullRequest, Color color) throws Exception {
        FakeGitea gitea = gitea();
        gitea.status(SHA, "ci / schema (push)", "pending");
        gitea.status(SHA, "ci / schema (push)", push);
        gitea.status(SHA, "ci / schema (pull_request)", pullRequest);
        gitea.status(SHA, "ci / schema (linux)", "failure");

        assertThat(verdict(new RequiredCheck("ci / schema", "gitea", false, List.of()))
                        .color())
                .isEqualTo(color);
        assertThat(verdict(new RequiredCheck("ci / schema (push)", "gitea", false, List.of()))
                        .isRed())
                .isEqualTo(push.equals("failure"));
    }

    /** The states of two runs under one context, in the order in which they end. */
    @ParameterizedTest
    @CsvSource({
        "failure, '', success, RED",
        "success, '', failure, RED",
        "success, '', pending, UNDECIDED",
        "pending, '', success, UNDECIDED",
        "success, '', success, GREEN",
        "failure, Has been cancelled, success, GREEN"
    })
    void ofTwoRunsOfGiteaUnderOneContextTheWorstCounts(String first, String description, String second, Color color)
            throws Exception {
        FakeGitea gitea = gitea();
        gitea.job(SHA, "ci / schema (push)", "failure", 7, "");
        gitea.job(SHA, "ci / schema (push)", first, 7, description);
        gitea.job(SHA, "ci / schema (push)", second, 8, "");
        gitea.job(SHA, "ci / other (push)", "failure", 6, "");

        for (String name : List.of("ci / schema (push)", "ci / schema")) {
            assertThat(verdict(new RequiredCheck(name, "gitea", false, List.of()))
                            .color())
                    .as(name)
                    .isEqualTo(color);
        }
        long asked = fake.asked("/statuses");
        gitea.status(SHA, "schema", "success");
        assertThat(verdict(check("gitea", 0, false)).isGreen()).isTrue();
        assertThat(fake.asked("/statuses"))
                .as("only where a run may hide another")
                .isEqualTo(asked);
    }

    @Test
    void aStatusOfAnotherSystemReplacesWhatARunOfGiteaSaidUnderItsContext() throws Exception {
        FakeGitea gitea = gitea();
        gitea.job(SHA, "ci / schema (push)", "failure", 7, "");
        gitea.status(SHA, "ci / schema (push)", "success");
        gitea.job(SHA, "ci / schema (schedule)", "success", 8, "");

        assertThat(verdict(new RequiredCheck("ci / schema", "gitea", false, List.of()))
                        .color())
                .isEqualTo(Color.GREEN);
        assertThat(fake.asked("/statuses")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"push, schedule", "push, merge_request_event", "schedule, web"})
    void ofJobsOfOneNameInPipelinesOfTwoSourcesTheWorstCounts(String one, String other) throws Exception {
        FakeGitLab gitLab = gitLab();
        String ref = other.equals("merge_request_event") ? "refs/merge-requests/7/head" : "auto";
        long first = gitLab.pipeline(SHA, "auto", one, "failed");
        long second = gitLab.pipeline(SHA, ref, other, "success");
        gitLab.job(SHA, "auto", "schema", "failed", false, first);
        gitLab.job(SHA, ref, "schema", "success", false, second);
        assertThat(verdict(check("gitlab", 0, false), "auto").isRed()).isTrue();
        assertThat(verdict(new RequiredCheck("pipeline", "gitlab", false, List.of()), "auto")
                        .isRed())
                .isTrue();

        gitLab.job(SHA, "auto", "schema", "success", false, first);
        assertThat(verdict(check("gitlab", 0, false), "auto").isGreen())
                .as("retried")
                .isTrue();

        long again = gitLab.pipeline(SHA, ref, other, "running");
        gitLab.job(SHA, ref, "schema", "running", false, again);
        assertThat(verdict(check("gitlab", 0, false), "auto").pending()).containsExactly("schema");
    }

    @ParameterizedTest
    @CsvSource({"403", "404"})
    void whatCanBeReadOfGitLabCountsThoughTheTokenMayNotReadTheRest(int status) throws Exception {
        FakeGitLab gitLab = gitLab();
        long push = gitLab.pipeline(SHA, "auto", "push", "success");
        gitLab.job(SHA, "auto", "schema", "success", false, push);
        var pipeline = new RequiredCheck("pipeline", "gitlab", false, List.of());
        gitLab.refuse("/pipelines", status);

        assertThat(verdict(check("gitlab", 0, false), "auto").isGreen()).isTrue();
        assertThat(verdict(pipeline, "auto").sourceProblems())
                .singleElement()
                .asString()
                .contains("(" + status);

        long schedule = gitLab.pipeline(SHA, "auto", "schedule", "failed");
        gitLab.job(SHA, "auto", "schema", "failed", false, schedule);
        gitLab.job(SHA, "auto", "schema", "success", false, push);
        assertThat(verdict(check("gitlab", 0, false), "auto").isRed())
                .as("of which source they are is not known")
                .isTrue();

        gitLab.refuse("/statuses", status);
        assertThatThrownBy(() -> said("auto")).hasMessageContaining("(" + status);
    }

    @ParameterizedTest
    @CsvSource({"/acme%2Fcfg-app", "/pipelines", "/statuses"})
    void theTestOfAConnectionAsksGitLabForWhatIsReadOfIt(String refused) throws Exception {
        FakeGitLab gitLab = gitLab();
        ForgeClient forge =
                fake.forge(timer, timer, () -> Optional.of(FakeForge.TOKEN), new RateLimit(Clock.systemUTC()));
        assertThat(forge.checkAccess()).succeedsWithin(Duration.ofSeconds(10));

        gitLab.refuse(refused.replace("%2F", "/"), 403);
        assertThatThrownBy(() -> forge.checkAccess().join()).hasMessageContaining("does not let the token do this");
    }

    @Test
    void aStatusThatGoesToAnotherPipelineOfGitLabReplacesThatOfThePipelineOfStatuses() throws Exception {
        FakeGitLab gitLab = gitLab();
        long statuses = gitLab.pipeline(SHA, "auto", "external", "pending");
        gitLab.job(SHA, "auto", "other", "success", false, statuses);
        gitLab.job(SHA, "auto", "schema", "failed", false, statuses);
        assertThat(verdict(check("gitlab", 0, false), "auto").isRed()).isTrue();
        long push = gitLab.pipeline(SHA, "auto", "push", "success");
        gitLab.job(SHA, "auto", "schema", "success", false, push);

        assertThat(verdict(check("gitlab", 0, false), "auto").isGreen()).isTrue();
    }

    @Test
    void whatIsSaidOfAnotherCommitCountsForNothing() throws Exception {
        FakeGitHub gitHub = gitHub();
        gitHub.checkRun(SHA, OTHER, "schema", "success", FakeGitHub.ACTIONS, "2026-11-24T08:01:00Z");

        assertThat(said()).isEmpty();
    }

    @Test
    void gitLabIsAskedForEachBranchAndTheLatestJobCounts() throws Exception {
        FakeGitLab gitLab = gitLab();
        gitLab.status(SHA, "auto", "schema", "failed", false);
        gitLab.status(SHA, "auto-ci/1", "schema", "success", false);
        gitLab.status(SHA, "feature", "schema", "failed", false);

        assertThat(verdict(check("gitlab", 0, false), "auto").isRed()).isTrue();
        assertThat(verdict(check("gitlab", 0, false), "auto", "auto-ci/1").isGreen())
                .isTrue();
        assertThat(fake.asked("ref=auto-ci%2F1&")).isEqualTo(1);
    }

    @Test
    void thePipelinesOfGitLabAreACheck() throws Exception {
        FakeGitLab gitLab = gitLab();
        var pipeline = new RequiredCheck("pipeline", "gitlab", false, List.of());
        gitLab.pipeline(SHA, "auto", "external", "pending");
        gitLab.pipeline(SHA, "feature", "push", "failed");
        gitLab.pipeline(OTHER, "auto", "push", "failed");
        assertThat(verdict(pipeline, "auto").missing()).containsExactly("pipeline");

        gitLab.pipeline(SHA, "auto", "push", "failed");
        assertThat(verdict(pipeline, "auto").isRed()).isTrue();
        assertThat(verdict(pipeline, "auto").failed())
                .extracting(CheckStatus::url)
                .containsExactly(Optional.of("https://gitlab.example.com/acme/cfg-app/-/pipelines/1"));
        gitLab.pipeline(SHA, "auto", "push", "success");
        assertThat(verdict(pipeline, "auto").isGreen()).as("the newest").isTrue();
        gitLab.pipeline(SHA, "auto", "push", "manual");
        assertThat(verdict(pipeline, "auto").color())
                .as("blocked by a manual job")
                .isEqualTo(Color.UNDECIDED);
        gitLab.pipeline(SHA, "auto", "push", "success");
        gitLab.pipeline(SHA, "auto", "schedule", "running");
        assertThat(verdict(pipeline, "auto").color()).as("of each kind").isEqualTo(Color.UNDECIDED);
    }

    @ParameterizedTest
    @CsvSource({"github", "gitlab", "gitea"})
    void aThousandContextsAreReadToTheLast(String source) throws Exception {
        switch (source) {
            case "github" -> {
                FakeGitHub gitHub = gitHub();
                for (int i = 0; i < 1000; i++) {
                    gitHub.status(SHA, "status-" + i, "success");
                    gitHub.checkRun(SHA, "run-" + i, "success", FakeGitHub.ACTIONS);
                }
                gitHub.checkRun(SHA, "schema", "failure", FakeGitHub.ACTIONS);
            }
            case "gitlab" -> {
                FakeGitLab gitLab = gitLab();
                for (int i = 0; i < 1000; i++) {
                    gitLab.status(SHA, "auto", "job-" + i, "success", false);
                }
                gitLab.status(SHA, "auto", "schema", "failed", false);
            }
            default -> {
                FakeGitea gitea = gitea();
                for (int i = 0; i < 500; i++) {
                    gitea.status(SHA, "status-" + i, "success");
                }
                gitea.status(SHA, "schema", "failure");
            }
        }

        assertThat(verdict(check(source, 0, false), "auto").isRed()).isTrue();
    }

    @Test
    void shortPagesOfGiteaAreReadToTheirTotal() throws Exception {
        FakeGitea gitea = gitea();
        gitea.limitPages(2, 5);
        for (int i = 0; i < 4; i++) {
            gitea.status(SHA, "status-" + i, "success");
        }
        gitea.status(SHA, "schema", "failure");

        assertThat(verdict(check("gitea", 0, false)).isRed()).isTrue();
    }

    @Test
    void timesAreReadWithTheirOffset() throws Exception {
        gitea().status(SHA, "schema", "success");

        assertThat(said())
                .extracting(said -> said.status().at())
                .containsExactly(Instant.parse("2026-11-24T08:01:00Z"));
        assertThat(said()).extracting(said -> said.status().description()).containsExactly(Optional.empty());
    }
}
