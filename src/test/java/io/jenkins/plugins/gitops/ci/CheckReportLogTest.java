package io.jenkins.plugins.gitops.ci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckReportLogTest {

    private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");

    private static CheckReport report(String context, long run, CheckState state, String reporter) {
        return new CheckReport("0".repeat(40), new CheckStatus(context, state, NOW, run), reporter);
    }

    private static CheckReportLog parse(String json) {
        return CheckReportLog.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aLogIsWrittenWithAllThatIsKnown() {
        var build = new CheckReport(
                "0".repeat(40),
                new CheckStatus(
                        "ci",
                        CheckState.ERROR,
                        Optional.of("https://ci.example.com/7"),
                        Optional.of("The disk is full."),
                        NOW,
                        7),
                "acme/ci");
        String json = CheckReportLog.none()
                .with(build)
                .with(report("schema", 3, CheckState.SUCCESS, CheckReport.ENDPOINT))
                .toJson();

        assertThat(json).isEqualTo("""
                        {
                          "ci": {
                            "at": "2026-11-23T09:00:00Z",
                            "broken": 1,
                            "description": "The disk is full.",
                            "reporter": "acme/ci",
                            "run": 7,
                            "state": "error",
                            "url": "https://ci.example.com/7"
                          },
                          "schema": {
                            "at": "2026-11-23T09:00:00Z",
                            "reporter": "endpoint:status",
                            "run": 3,
                            "state": "success"
                          }
                        }
                        """);
        assertThat(parse(json).toJson()).isEqualTo(json);
        assertThat(parse(json).results().get(0))
                .isEqualTo(new CheckResult(build.status(), CheckResult.NO_APP).broken(1));
    }

    /** What is known of run 7, who reports then, and what counts afterwards. */
    @ParameterizedTest
    @CsvSource({
        "pending, endpoint:status, 7, success, success",
        "cancelled, endpoint:status, 7, failure, failure",
        "success, endpoint:status, 7, failure, success",
        "failure, endpoint:status, 7, success, failure",
        "error, endpoint:status, 7, success, error",
        "success, endpoint:status, 8, failure, failure",
        "success, endpoint:status, 6, failure, success",
        "pending, endpoint:status, 6, failure, pending",
        "failure, acme/ci, 7, success, success",
        "failure, acme/ci, 6, success, failure"
    })
    void theHighestRunCountsAndOverHttpWhatItDecidedFirst(
            String known, String reporter, long run, String reported, String expected) {
        CheckReportLog before = CheckReportLog.none().with(report("ci", 7, CheckState.parse(known), "acme/ci"));

        CheckReportLog after = before.with(report("ci", run, CheckState.parse(reported), reporter));

        assertThat(after.results())
                .extracting(result -> result.status().state())
                .containsExactly(CheckState.parse(expected));
        if (known.equals(expected)) {
            assertThat(after).isSameAs(before);
        }
    }

    @Test
    void whatALaterVersionSaysOfAStatusStaysAsLongAsTheStatus() {
        String json = """
                {
                  "ci": {
                    "seal": "7f",
                    "at": "2026-11-23T09:00:00Z",
                    "reporter": "acme/ci",
                    "run": 7,
                    "state": "pending"
                  }
                }
                """;
        CheckReportLog log = parse(json);

        assertThat(log.toJson()).isEqualTo(json);
        assertThat(log.with(report("schema", 1, CheckState.SUCCESS, "acme/ci")).toJson())
                .contains("\"seal\": \"7f\"");
        assertThat(log.with(report("ci", 7, CheckState.SUCCESS, "acme/ci")).toJson())
                .doesNotContain("seal");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | is not a JSON object",
                "{\"ci\": {\"state\": \"great\"}} | has \"great\" where the state of a check belongs",
                "{\"ci\": {\"state\": \"success\", \"at\": \"today\"}} | holds \"today\" where a time belongs",
                "{\"ci\": 5} | has \"\" where the state of a check belongs"
            })
    void otherFilesAreRefusedWithWhatIsWrong(String json, String problem) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessage(problem);
    }

    @Test
    void whatAnotherProgramWroteIsLimited() {
        String check = "{\"state\": \"success\", \"at\": \"2026-11-23T09:00:00Z\", \"url\": %s}";
        assertThat(parse("{\"" + "c".repeat(1000) + "\": " + check.formatted("7") + ", \"" + "c".repeat(1001) + "\": "
                                + check.formatted("7") + "}")
                        .results())
                .extracting(result -> result.status().context())
                .containsExactly("c".repeat(1000));
        for (String url : new String[] {"7", "\"javascript:alert(1)\""}) {
            assertThat(parse("{\"ci\": " + check.formatted(url) + "}")
                            .results()
                            .get(0)
                            .status()
                            .url())
                    .isEmpty();
        }

        CheckReportLog log = CheckReportLog.none();
        for (int number = 0; number < 1000; number++) {
            log = log.with(report("c" + number, 1, CheckState.SUCCESS, "acme/ci"));
        }
        assertThat(log.results()).hasSize(1000);
        assertThat(log.with(report("ci", 1, CheckState.SUCCESS, "acme/ci")).results())
                .extracting(result -> result.status().context())
                .containsExactly("ci");
    }

    @Test
    void fieldsOfOthersGiveWayWhereTheyLeaveNoRoom() {
        CheckReportLog full = parse("{\"schema\": {\"state\": \"success\", \"at\": \"" + NOW
                + "\", \"run\": 3, \"more\": \"" + "x".repeat(Json.MAX_STORED_BYTES - 200) + "\"}}");

        String json = full.with(report("ci", 7, CheckState.SUCCESS, "acme/ci")).toJson();

        assertThat(json.length()).isLessThan(1000);
        assertThat(parse(json).results())
                .extracting(result -> result.status().context())
                .containsExactly("ci", "schema");
    }

    @Test
    void whoReportedAStatusIsKnownOfThatVeryStatus() {
        var log = CheckReportLog.none()
                .with(report("ci", 7, CheckState.SUCCESS, "acme/ci"))
                .with(report("schema", 3, CheckState.SUCCESS, CheckReport.ENDPOINT));

        assertThat(log.reporterOf(new CheckStatus("ci", CheckState.SUCCESS, NOW, 7)))
                .contains("acme/ci #7");
        assertThat(log.reporterOf(new CheckStatus("schema", CheckState.SUCCESS, NOW, 3)))
                .contains("HTTP, run 3");
        assertThat(log.reporterOf(new CheckStatus("ci", CheckState.SUCCESS, NOW, 8)))
                .isEmpty();
        assertThat(log.reporterOf(new CheckStatus("other", CheckState.SUCCESS, NOW, 7)))
                .isEmpty();
    }
}
