package io.jenkins.plugins.gitops.waves;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The files of waves are shared by controllers of several versions of the plugin. */
class WaveFileTest {

    private static final Instant NOW = Instant.parse("2026-11-29T10:00:00Z");

    private static final String A = "a".repeat(64);
    private static final String SHA = "1".repeat(40);

    /** What a controller of a later version has written. */
    private static final String LATER = """
            {
              "schema": 7,
              "canary": {"weight": 20},
              "deployed": {"identity": "aaaa", "sha": "1111", "since": "2026-11-01T00:00:00Z", "region": "eu"},
              "qualified": [
                {"identity": "aaaa", "sha": "1111", "at": "2026-11-01T01:00:00Z", "from": "staging", "score": 9}
              ],
              "verifications": [
                {"name": "smoke", "identity": "aaaa", "sha": "1111", "state": "passed", "attempt": 1, "by": "there",
                 "reason": "", "url": "", "at": "2026-11-01T01:00:00Z", "evidence": "sha256:1"},
                {"name": "smoke", "identity": "bbbb", "state": "deferred", "at": "2026-11-01T01:00:00Z"}
              ],
              "approvals": [
                {"identity": "aaaa", "by": "ada", "right": "", "comment": "", "at": "2026-11-01T01:00:00Z", "mfa": true}
              ]
            }
            """.replace("\"aaaa\"", "\"" + A + "\"")
            .replace("\"bbbb\"", "\"" + "b".repeat(64) + "\"")
            .replace("\"1111\"", "\"" + SHA + "\"");

    private static WaveFile later() {
        return new WaveFile(Optional.of(LATER.getBytes(StandardCharsets.UTF_8)));
    }

    private static VerificationResult smoke(String identity, VerificationResult.State state) {
        return VerificationResult.of("smoke", new DeployedSet(identity, SHA, NOW), state, 1, "here", NOW);
    }

    @Test
    void fieldsOfLaterVersionsSurviveEveryKindOfWrite() {
        String written = later().hold(Optional.of(new Hold("ada", "why", NOW, Optional.empty())))
                .unwell(NOW)
                .qualified(new QualifiedSet("cccc", "3333", NOW, Optional.of("staging")), Set.of())
                .verification(smoke(A, VerificationResult.State.FAILED), Set.of())
                .approval(new SetApproval(A, "grace", "", "fine", NOW), Set.of())
                .withoutApproval(A, "nobody")
                .rolledBack(new AutomatedRollback(A, "cccc", NOW))
                .json();

        JsonNode root = Json.parse(written);
        assertThat(root.path("schema").asInt()).isEqualTo(7);
        assertThat(root.at("/canary/weight").asInt()).isEqualTo(20);
        assertThat(root.at("/deployed/region").asText()).isEqualTo("eu");
        assertThat(root.at("/qualified/0/score").asInt()).isEqualTo(9);
        assertThat(root.at("/approvals/0/mfa").asBoolean()).isTrue();
        assertThat(root.at("/verifications/0/state").asText())
                .as("one that this version does not know")
                .isEqualTo("deferred");
        assertThat(root.at("/verifications/1/state").asText()).isEqualTo("failed");
        assertThat(root.at("/verifications/1/evidence").asText()).isEqualTo("sha256:1");
    }

    @Test
    void whatIsKnownOfThemIsRead() {
        WaveState state = WaveState.read(Optional.of(LATER.getBytes(StandardCharsets.UTF_8)));

        assertThat(state.deployed()).map(DeployedSet::identity).contains(A);
        assertThat(state.isQualified(A, "staging", true)).isTrue();
        assertThat(state.verifications())
                .singleElement()
                .satisfies(result -> assertThat(result.state()).isEqualTo(VerificationResult.State.PASSED));
        assertThat(state.approvals()).hasSize(1);
    }

    @Test
    void aSetThatIsDeployedTakesThePlaceOfTheOneBefore() {
        JsonNode root = Json.parse(later().unwell(NOW)
                .deployed(new DeployedSet("dddd", "4444", NOW))
                .json());

        assertThat(root.at("/deployed/identity").asText()).isEqualTo("dddd");
        assertThat(root.at("/deployed").has("region"))
                .as("that is said of the set before")
                .isFalse();
        assertThat(root.has("unwell")).isFalse();
    }

    @Test
    void aNewFileSaysItsVersion() {
        assertThat(Json.parse(new WaveFile(Optional.empty()).json())
                        .path("schema")
                        .asInt())
                .isEqualTo(WaveFile.SCHEMA);
    }

    @Test
    void aFileThatGrewTooLargeIsReducedToWhatIsKnown() {
        String huge = "{\"schema\": 7, \"later\": \"" + "x".repeat(Json.MAX_STORED_BYTES - 200) + "\"}";
        var file = new WaveFile(Optional.of(huge.getBytes(StandardCharsets.UTF_8)));
        for (int i = 0; i < 30; i++) {
            file.verification(smoke("%064x".formatted(i), VerificationResult.State.PASSED), Set.of());
            file.qualified(
                    new QualifiedSet("%064x".formatted(i), SHA, NOW, Optional.of(i % 2 == 0 ? "eu" : "us")), Set.of());
        }

        String written = file.json();

        assertThat(written.length()).isLessThan(100_000);
        WaveState state = WaveState.read(Optional.of(written.getBytes(StandardCharsets.UTF_8)));
        assertThat(state.verifications()).hasSize(10);
        assertThat(state.qualified()).as("ten of each wave before").hasSize(20);
        assertThat(state.isVerified("%064x".formatted(29), List.of())).isTrue();
    }

    @Test
    void whatIsSaidOfAPendingSetStaysHoweverMuchIsSaidOfNewerOnes() {
        var file = new WaveFile(Optional.empty());
        for (int i = 0; i < 200; i++) {
            String set = i == 0 ? A : "%064x".formatted(i);
            file.qualified(new QualifiedSet(set, SHA, NOW, Optional.of("eu")), Set.of(A));
            file.verification(smoke(set, VerificationResult.State.PASSED), Set.of(A));
            file.approval(new SetApproval(set, "ada", "", "", NOW), Set.of(A));
        }

        WaveState state = WaveState.read(Optional.of(file.json().getBytes(StandardCharsets.UTF_8)));
        assertThat(state.isQualified(A, "eu", true)).isTrue();
        assertThat(state.qualified()).hasSize(11);
        assertThat(state.verification("smoke", A)).isPresent();
        assertThat(state.verifications()).hasSize(11);
        assertThat(state.approvals(A, new ApprovalRule(1, List.of(), false))).hasSize(1);
        assertThat(state.approvals()).hasSize(101);
    }

    @Test
    void whatOthersWroteTooLongIsBoundedInEveryField() {
        String long16 = "x".repeat(Json.MAX_STORED_BYTES / 3);
        String others = "{\"rolledBack\": {\"failed\": \"" + long16 + "\", \"to\": \"\", \"at\": \"" + NOW
                + "\"}, \"verifications\": [{\"name\": \"" + long16 + "\", \"identity\": \"" + A
                + "\", \"sha\": \"" + SHA + "\", \"state\": \"passed\", \"at\": \"" + NOW + "\"}], \"more\": \""
                + "x".repeat(Json.MAX_STORED_BYTES / 3 - 1000) + "\"}";

        String written = new WaveFile(Optional.of(others.getBytes(StandardCharsets.UTF_8)))
                .hold(Optional.of(new Hold("ada", "y".repeat(1000), NOW, Optional.empty())))
                .json();

        assertThat(written.length()).isLessThan(100_000);
        WaveState state = WaveState.read(Optional.of(written.getBytes(StandardCharsets.UTF_8)));
        assertThat(state.hold()).isPresent();
        assertThat(state.rolledBack()).isPresent();
    }
}
