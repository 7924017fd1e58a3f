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
        assertThat(judge(required(false, "ci"), said).color()).isEqualTo(strict);
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
                "skipped | ci was skipped, which counts only where the required check has acceptSkipped: run it again."
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
}
