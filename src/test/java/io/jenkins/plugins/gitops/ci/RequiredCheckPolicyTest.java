package io.jenkins.plugins.gitops.ci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
        return new RequiredCheckPolicy(List.of(names).stream()
                .map(name -> new RequiredCheck(name, RequiredCheck.REPORTED, acceptSkipped, List.of()))
                .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "success, GREEN, GREEN",
        "failure, RED, RED",
        "error, RED, RED",
        "timed_out, RED, RED",
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
        assertThat(checks.statuses()).extracting(CheckStatus::state).containsExactly(CheckState.FAILURE);
        var again = checks.with(report(9, CheckState.SUCCESS));
        assertThat(again.statuses()).extracting(CheckStatus::state).containsExactly(CheckState.SUCCESS);
        assertThat(again.with(report(9, CheckState.SUCCESS))).as("nothing new").isSameAs(again);
        assertThat(CheckReportLog.parse(again.toJson().getBytes(StandardCharsets.UTF_8))
                        .toJson())
                .isEqualTo(again.toJson());
    }

    private static CheckReport report(long run, CheckState state) {
        return new CheckReport(
                "0".repeat(40),
                new CheckStatus("ci", state, Optional.of("https://ci.example.com/"), Optional.of("words"), NOW, run),
                "job");
    }
}
