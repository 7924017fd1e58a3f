package io.jenkins.plugins.gitops.ci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequiredCheckPolicyTest {

    private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");

    private static CheckStatus status(String context, CheckState state) {
        return new CheckStatus(context, state, NOW, 1);
    }

    private static Verdict judge(RequiredCheckPolicy required, List<CheckStatus> reported) {
        return required.judge(Map.of(RequiredCheck.REPORTED, SourceResponse.of(reported)));
    }

    private static RequiredCheckPolicy required(boolean acceptSkipped, String... names) {
        return policy(NOW, acceptSkipped, names);
    }

    private static RequiredCheckPolicy policy(Instant now, boolean acceptSkipped, String... names) {
        return new RequiredCheckPolicy(
                List.of(names).stream()
                        .map(name -> new RequiredCheck(name, RequiredCheck.REPORTED, acceptSkipped, List.of()))
                        .toList(),
                Duration.ofMinutes(30),
                Clock.fixed(now, ZoneOffset.UTC));
    }

    @ParameterizedTest
    @CsvSource({
        "success, GREEN, GREEN",
        "failure, RED, RED",
        "error, UNDECIDED, UNDECIDED",
        "timed_out, UNDECIDED, UNDECIDED",
        "neutral, UNDECIDED, GREEN",
        "skipped, UNDECIDED, GREEN",
        "pending, UNDECIDED, UNDECIDED",
        "cancelled, UNDECIDED, UNDECIDED",
        "stale, UNDECIDED, UNDECIDED",
        "action_required, UNDECIDED, UNDECIDED"
    })
    void oneCheck(String state, Verdict.Color strict, Verdict.Color acceptingSkipped) {
        var said = List.of(status("ci", CheckState.parse(state)));
        Verdict verdict = judge(required(false, "ci"), said);
        assertThat(verdict.color()).isEqualTo(strict);
        assertThat(verdict.isRed()).isEqualTo(strict == Verdict.Color.RED);
        assertThat(verdict.isGreen()).isEqualTo(strict == Verdict.Color.GREEN);
        assertThat(said.get(0).isFailed())
                .isEqualTo(Set.of("failure", "error", "timed_out").contains(state));
        assertThat(judge(required(true, "ci"), said).color()).isEqualTo(acceptingSkipped);
    }

    @Test
    void severalChecks() {
        var two = required(false, "build", "schema");
        assertThat(judge(two, List.of(status("build", CheckState.SUCCESS))).missing())
                .containsExactly("schema");
        assertThat(judge(two, List.of(status("build", CheckState.SUCCESS), status("Schema", CheckState.SUCCESS)))
                        .color())
                .as("names are exact")
                .isEqualTo(Verdict.Color.UNDECIDED);
        Verdict red = judge(two, List.of(status("build", CheckState.PENDING), status("schema", CheckState.FAILURE)));
        assertThat(red.isRed()).isTrue();
        assertThat(red.failed()).extracting(CheckStatus::context).containsExactly("schema");
        assertThat(judge(
                                two,
                                List.of(
                                        status("build", CheckState.SUCCESS),
                                        status("schema", CheckState.SUCCESS),
                                        status("other", CheckState.FAILURE)))
                        .isGreen())
                .as("a check that is not required does not count")
                .isTrue();
        assertThat(judge(required(false), List.of()).isGreen()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "success, success, GREEN",
        "success, pending, UNDECIDED",
        "success, skipped, UNDECIDED",
        "success, failure, RED",
        "pending, failure, RED",
        "cancelled, failure, RED",
        "skipped, failure, RED"
    })
    void ofSeveralRunsOfOneCheckTheWorstCountsInWhateverOrder(String better, String worse, Verdict.Color expected) {
        var first = new CheckResult(status("ci", CheckState.parse(better)), 1, Optional.of("push"));
        // The better one is the newer and has the higher run.
        var second = new CheckResult(
                new CheckStatus("ci", CheckState.parse(worse), NOW.minusSeconds(60), 0),
                1,
                Optional.of("pull_request"));
        for (List<CheckResult> results : List.of(List.of(first, second), List.of(second, first))) {
            Verdict verdict = required(false, "ci")
                    .judge(Map.of(RequiredCheck.REPORTED, new SourceResponse(results, List.of(), Optional.empty())));

            assertThat(verdict.color()).isEqualTo(expected);
        }
    }

    @Test
    void anUnknownStateIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> CheckState.parse("great")).hasMessageContaining("pending, success, failure");
    }

    @Test
    void theHighestRunWinsWheneverItArrives() {
        var checks = CheckReportLog.none()
                .with(report(7, CheckState.PENDING))
                .with(report(9, CheckState.FAILURE))
                .with(report(8, CheckState.SUCCESS));
        assertThat(checks.results())
                .extracting(result -> result.status().state())
                .containsExactly(CheckState.FAILURE);
        var again = checks.with(report(9, CheckState.SUCCESS));
        assertThat(again.results())
                .extracting(result -> result.status().state())
                .containsExactly(CheckState.SUCCESS);
        assertThat(again.with(report(9, CheckState.SUCCESS))).as("nothing new").isSameAs(again);
        assertThat(CheckReportLog.parse(again.toJson().getBytes(StandardCharsets.UTF_8))
                        .toJson())
                .isEqualTo(again.toJson());
    }

    @Test
    void aCheckThatBrokeDownIsRedAfterItsGrace() {
        var said = List.of(status("ci", CheckState.ERROR));
        Verdict early = judge(policy(NOW.plus(Duration.ofMinutes(29)), false, "ci"), said);
        assertThat(early.color()).isEqualTo(Verdict.Color.UNDECIDED);
        assertThat(early.redAt()).contains(NOW.plus(Duration.ofMinutes(30)));
        assertThat(early.remarks())
                .containsExactly("ci broke down and found nothing (error): run it again. It counts as"
                        + " red if another run of it breaks down, or if no better one comes by 2026-11-23T09:30:00Z.");

        Verdict late = judge(policy(NOW.plus(Duration.ofMinutes(30)), false, "ci"), said);
        assertThat(late.isRed()).isTrue();
        assertThat(late.describeFailures()).isEqualTo("ci reported error (no better run came for 30m)");
    }

    @Test
    void aSecondRunThatBreaksDownIsRedAtOnce() {
        var checks = CheckReportLog.none().with(report(7, CheckState.ERROR));
        assertThat(judge(checks).color()).isEqualTo(Verdict.Color.UNDECIDED);
        checks = checks.with(report(8, CheckState.PENDING));
        assertThat(judge(checks).pending()).containsExactly("ci");
        checks = CheckReportLog.parse(checks.toJson().getBytes(StandardCharsets.UTF_8));
        var again = checks.with(report(8, CheckState.TIMED_OUT));
        assertThat(judge(again).describeFailures())
                .isEqualTo("ci reported timed_out (words; 2 runs of it broke down on this commit)");
        assertThat(judge(again.with(report(9, CheckState.SUCCESS))).isGreen()).isTrue();
        assertThat(judge(checks.with(report(8, CheckState.FAILURE))).isRed()).isTrue();
        assertThat(judge(CheckReportLog.none().with(report(7, CheckState.ERROR)).with(report(7, CheckState.TIMED_OUT)))
                        .color())
                .as("one run")
                .isEqualTo(Verdict.Color.UNDECIDED);
    }

    private static Verdict judge(CheckReportLog log) {
        return required(false, "ci").judge(Map.of(RequiredCheck.REPORTED, SourceResponse.of(log.results())));
    }

    @Test
    void anotherReportOfOneRunIsNotAnotherRun() {
        var first = List.of(forge(10, CheckState.ERROR, "https://ci.example.com/1"));
        assertThat(broken(first, forge(11, CheckState.ERROR, "https://ci.example.com/1")))
                .isEqualTo(1);
        assertThat(broken(first, forge(11, CheckState.ERROR, "https://ci.example.com/2")))
                .isEqualTo(2);
        var rerun =
                CheckResult.countBroken(first, List.of(forge(11, CheckState.PENDING, "https://ci.example.com/1")), NOW);
        assertThat(broken(rerun, forge(12, CheckState.ERROR, "https://ci.example.com/1")))
                .isEqualTo(2);
        assertThat(broken(rerun, forge(12, CheckState.SUCCESS, "https://ci.example.com/1")))
                .isEqualTo(1);
    }

    private static CheckResult forge(long run, CheckState state, String url) {
        return new CheckResult(
                new CheckStatus("ci", state, Optional.of(url), Optional.empty(), NOW, run), CheckResult.NO_APP);
    }

    private static int broken(List<CheckResult> before, CheckResult newer) {
        return CheckResult.countBroken(before, List.of(newer), NOW).get(0).brokenRuns();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cancelled | ci was cancelled: run it again.",
                "stale | ci was given up as stale: run it again.",
                "action_required | ci waits for somebody to start or approve it there.",
                "skipped | ci was skipped, which counts only where the required check has acceptSkipped: run it again.",
                "neutral | ci was neutral, which counts only where the required check has acceptSkipped: run it again."
            })
    void whatHasEndedWithoutAVerdictSaysWhatToDo(String state, String sentence) {
        Verdict verdict = judge(required(false, "ci"), List.of(status("ci", CheckState.parse(state))));

        assertThat(verdict.remarks()).containsExactly(sentence);
        assertThat(verdict.pending()).isEmpty();
    }

    private static CheckReport report(long run, CheckState state) {
        return new CheckReport(
                "0".repeat(40),
                new CheckStatus("ci", state, Optional.of("https://ci.example.com/"), Optional.of("words"), NOW, run),
                "job");
    }

    private static CheckStatus explained(CheckState state, Instant at, long run) {
        return new CheckStatus(
                "ci", state, Optional.of("https://ci.example.com/" + run), Optional.of("The disk is full."), at, run);
    }

    private static Verdict judge(CheckResult... results) {
        return required(false, "ci").judge(Map.of(RequiredCheck.REPORTED, SourceResponse.of(List.of(results))));
    }

    @Test
    void aRunThatDecidesNothingIsNamedWithItsPageAndWords() {
        assertThat(judge(new CheckResult(explained(CheckState.CANCELLED, NOW, 7), 1))
                        .remarks())
                .containsExactly("ci (https://ci.example.com/7) was cancelled: run it again.");
        assertThat(judge(new CheckResult(explained(CheckState.TIMED_OUT, NOW, 7), 1))
                        .remarks())
                .containsExactly("ci (https://ci.example.com/7) broke down and found nothing (timed_out, The disk is"
                        + " full.): run it again. It counts as red if another run of it breaks down, or if no better"
                        + " one comes by 2026-11-23T09:30:00Z.");
    }

    @Test
    void ofSeveralRunsAllAreNamed() {
        var good = new CheckResult(explained(CheckState.SUCCESS, NOW, 7), 1, Optional.of("push"));
        var open = new CheckResult(explained(CheckState.PENDING, NOW, 8), 1, Optional.of("pull_request"));
        var bad = new CheckResult(status("ci", CheckState.FAILURE), 1, Optional.of("schedule"));
        var laterBad = new CheckResult(
                explained(CheckState.FAILURE, NOW.plusSeconds(5), 9), 1, Optional.of("workflow_dispatch"));

        assertThat(judge(good, open).remarks())
                .containsExactly("Of ci 2 runs the worst counts: success in run 7 (https://ci.example.com/7), pending"
                        + " in run 8 (https://ci.example.com/8).");
        assertThat(judge(good, open).pending()).containsExactly("ci");
        assertThat(judge(bad, good).describeFailures())
                .isEqualTo("ci reported failure (of 2 runs the worst counts: failure in run 1, success in run 7"
                        + " (https://ci.example.com/7))");
        for (Verdict both : List.of(judge(bad, laterBad), judge(laterBad, bad))) {
            assertThat(both.failed()).extracting(CheckStatus::run).containsExactly(9L);
        }
    }

    @Test
    void sourcesThatDoNotAnswerAreNamedOnceAndTheirChecksAreNotMissing() {
        var policy = new RequiredCheckPolicy(
                List.of(
                        new RequiredCheck("a", "github", false, List.of()),
                        new RequiredCheck("b", "github", false, List.of()),
                        new RequiredCheck("c", "gitlab", false, List.of()),
                        new RequiredCheck("d", "gitea", false, List.of()),
                        new RequiredCheck("e", "gitea", false, List.of())),
                Duration.ofMinutes(30),
                Clock.fixed(NOW, ZoneOffset.UTC));
        Verdict verdict = policy.judge(Map.of(
                "gitlab", SourceResponse.failed("GitLab sleeps."),
                "gitea",
                        SourceResponse.of(
                                List.of(new CheckResult(status("d", CheckState.SUCCESS), 0)),
                                List.of("Gitea hides a page."))));

        assertThat(verdict.sourceProblems())
                .containsExactly("github cannot be asked here.", "GitLab sleeps.", "Gitea hides a page.");
        assertThat(verdict.missing()).isEmpty();
        assertThat(verdict.required()).extracting(CheckStatus::context).containsExactly("d");
        assertThat(verdict.color()).isEqualTo(Verdict.Color.UNDECIDED);
        assertThat(verdict.isSilent()).isFalse();
        assertThat(judge(required(false, "ci"), List.of()).isSilent()).isTrue();
        assertThat(policy.judge(Map.of()).isSilent()).isFalse();
    }

    @Test
    void aStatusWithoutAnAppIsExplainedWhereTheCheckNamesOne() {
        var policy = new RequiredCheckPolicy(
                List.of(new RequiredCheck("ci", "github", 15368, false, List.of())),
                Duration.ofMinutes(30),
                Clock.fixed(NOW, ZoneOffset.UTC));
        String remark = "ci is reported as a commit status, and a commit status names no app: leave appId out of the"
                + " required check, or have the app report a check run.";

        Verdict status = policy.judge(Map.of("github", SourceResponse.of(List.of(status("ci", CheckState.SUCCESS)))));
        assertThat(status.remarks()).containsExactly(remark);
        assertThat(status.missing()).containsExactly("ci");
        for (CheckResult other : List.of(
                new CheckResult(status("ci", CheckState.SUCCESS), 7),
                new CheckResult(status("schema", CheckState.SUCCESS), CheckResult.NO_APP))) {
            assertThat(policy.judge(Map.of("github", SourceResponse.of(List.of(other))))
                            .remarks())
                    .isEmpty();
        }
        assertThat(judge(required(false, "ci"), List.of(status("schema", CheckState.SUCCESS)))
                        .remarks())
                .as("no app is named")
                .isEmpty();
        assertThat(policy.judge(Map.of(
                                "github",
                                SourceResponse.of(List.of(new CheckResult(status("ci", CheckState.SUCCESS), 15368)))))
                        .isGreen())
                .isTrue();
    }

    @Test
    void theLastReportAndTheFirstGraceAreTold() {
        var earlier = new CheckStatus("a", CheckState.ERROR, NOW.minusSeconds(60), 1);
        var later = new CheckStatus("b", CheckState.TIMED_OUT, NOW, 1);
        for (List<CheckStatus> said : List.of(List.of(earlier, later), List.of(later, earlier))) {
            for (RequiredCheckPolicy policy : List.of(required(false, "a", "b"), required(false, "b", "a"))) {
                assertThat(judge(policy, said).since()).isEqualTo(NOW);
                assertThat(judge(policy, said).redAt()).contains(NOW.plus(Duration.ofMinutes(29)));
            }
        }
        assertThat(judge(required(false, "a"), List.of()).since()).isEqualTo(Instant.EPOCH);
        assertThat(judge(required(false, "a"), List.of(status("a", CheckState.PENDING)))
                        .redAt())
                .isEmpty();
    }

    private static CheckResult undated(CheckState state, long run) {
        return new CheckResult(explained(state, Instant.EPOCH, run), CheckResult.NO_APP);
    }

    @Test
    void aBrokenRunWithoutATimeIsAsOldAsItIsKnown() {
        Instant later = NOW.plusSeconds(600);
        CheckResult error = undated(CheckState.ERROR, 1);
        List<CheckResult> first = CheckResult.countBroken(List.of(), List.of(error), NOW);
        assertThat(first.get(0).status().at()).isEqualTo(NOW);
        assertThat(CheckResult.countBroken(first, List.of(error), later)).isEqualTo(first);
        CheckResult another = undated(CheckState.ERROR, 2);
        assertThat(CheckResult.countBroken(first, List.of(another), later)
                        .get(0)
                        .status()
                        .at())
                .isEqualTo(later);
        var dated = new CheckResult(status("ci", CheckState.ERROR), CheckResult.NO_APP);
        assertThat(CheckResult.countBroken(List.of(), List.of(dated), later)
                        .get(0)
                        .status()
                        .at())
                .as("the source said when")
                .isEqualTo(NOW);
        CheckResult good = undated(CheckState.SUCCESS, 2);
        assertThat(CheckResult.countBroken(first, List.of(good), later)
                        .get(0)
                        .status()
                        .at())
                .as("a success needs no time")
                .isEqualTo(Instant.EPOCH);
    }
}
