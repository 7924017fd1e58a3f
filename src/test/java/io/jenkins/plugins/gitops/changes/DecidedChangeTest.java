package io.jenkins.plugins.gitops.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecidedChangeTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final String SHA = "1".repeat(40);

    private static DecidedChange change(String reason, Optional<ChangeTrailers> trailers, List<CheckStatus> checks) {
        return new DecidedChange(
                "change-0001",
                SHA,
                "chore: update app",
                trailers,
                new DecidedChange.End(
                        Outcome.EVICTED, Optional.of(DecidedChange.RED), reason, Optional.of("2".repeat(40)), checks),
                "https://jenkins.example.com/",
                NOON);
    }

    private static DecidedChange parse(String json) {
        return DecidedChange.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void allThatIsKnownIsWrittenAndReadBack() {
        ChangeTrailers trailers = ChangeTrailers.builder(
                        "change-0001", ChangeOperation.REPLACE, WavePath.of("staging", "shop"))
                .services(new TreeSet<>(Set.of("web", "api")))
                .appSha("3".repeat(40))
                .order(BuildSequence.of("acme/app#7"))
                .buildUrl("https://jenkins.example.com/job/app/7/")
                .build();
        var check = new CheckStatus(
                "ci",
                CheckState.FAILURE,
                Optional.of("https://ci.example.com/7"),
                Optional.of("2 tests failed"),
                NOON.minusSeconds(60),
                7);
        var plain = new CheckStatus("schema", CheckState.SUCCESS, NOON, 1);
        DecidedChange change = change("ci failed", Optional.of(trailers), List.of(check, plain));

        assertThat(change.toJson()).isEqualTo("""
                        {
                          "appSha": "3333333333333333333333333333333333333333",
                          "build": "https://jenkins.example.com/job/app/7/",
                          "at": "2026-11-23T12:00:00Z",
                          "by": "https://jenkins.example.com/",
                          "cause": "red",
                          "checks": [
                            {
                              "at": "2026-11-23T11:59:00Z",
                              "context": "ci",
                              "description": "2 tests failed",
                              "run": 7,
                              "state": "failure",
                              "url": "https://ci.example.com/7"
                            },
                            {
                              "at": "2026-11-23T12:00:00Z",
                              "context": "schema",
                              "run": 1,
                              "state": "success"
                            }
                          ],
                          "id": "change-0001",
                          "mainSha": "2222222222222222222222222222222222222222",
                          "operation": "replace",
                          "order": "acme/app#7",
                          "outcome": "evicted",
                          "reason": "ci failed",
                          "services": [
                            "api",
                            "web"
                          ],
                          "set": "shop",
                          "sha": "1111111111111111111111111111111111111111",
                          "subject": "chore: update app",
                          "target": "staging"
                        }
                        """);
        assertThat(parse(change.toJson())).isEqualTo(change);
        DecidedChange handMade = change("ci failed", Optional.empty(), List.of());
        assertThat(parse(handMade.toJson())).isEqualTo(handMade);
    }

    @Test
    void theEndOfACommitIsOfThatCommit() {
        String headers = "tree " + SHA + "\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n";
        QueuedCommit commit =
                QueuedCommit.of(RevCommit.parse((headers + "\nwords\n").getBytes(StandardCharsets.UTF_8)));
        var check = new CheckStatus("ci", CheckState.FAILURE, NOON, 1);
        DecidedChange.End end = DecidedChange.End.evicted(DecidedChange.RED, "ci failed", List.of())
                .withChecks(List.of(check));

        assertThat(end.checks()).containsExactly(check);
        assertThat(end.cause()).contains("red");
        assertThat(DecidedChange.of(commit, end, "jenkins", NOON))
                .isEqualTo(new DecidedChange(
                        commit.sha().name(), commit.sha().name(), "words", Optional.empty(), end, "jenkins", NOON));
        assertThat(DecidedChange.End.of(Outcome.SATISFIED, "main has it", Optional.of(SHA)))
                .isEqualTo(new DecidedChange.End(
                        Outcome.SATISFIED, Optional.empty(), "main has it", Optional.of(SHA), List.of()));
    }

    @Test
    void aVeryLongReasonIsCut() {
        assertThat(change("r".repeat(10_001), Optional.empty(), List.of()).reason())
                .hasSize(10_000);
        assertThat(change("r".repeat(10_000), Optional.empty(), List.of()).reason())
                .isEqualTo("r".repeat(10_000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"outcome\": \"great\"} | has the outcome \"great\", which is none",
                "{\"outcome\": \"merged\"} | has no time",
                "{\"outcome\": \"merged\", \"at\": \"today\"} | has no time",
                "{\"outcome\": \"merged\", \"at\": \"2026-11-23T12:00:00Z\", \"checks\": [{\"state\": \"success\"}]}"
                        + " | has no time"
            })
    void otherFilesAreRefusedWithWhatIsWrong(String json, String problem) {
        assertThatThrownBy(() -> parse(json)).hasMessage(problem);
    }

    @Test
    void fieldsOfOtherTypesAreLeftOut() {
        DecidedChange read =
                parse("{\"outcome\": \"merged\", \"at\": \"2026-11-23T12:00:00Z\", \"cause\": 7, \"mainSha\": []}");

        assertThat(read.outcome()).isEqualTo(Outcome.MERGED);
        assertThat(read.cause()).isEmpty();
        assertThat(read.mainSha()).isEmpty();
        assertThat(read.trailers()).isEmpty();
    }
}
