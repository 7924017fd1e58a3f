package io.jenkins.plugins.gitops.waves;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.common.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results are read from git, where others may have written, and become parameters of jobs. */
class VerificationResultTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static final VerificationResult RESULT = VerificationResult.of(
            "smoke",
            new DeployedSet("a".repeat(64), "b".repeat(40), NOON),
            VerificationResult.State.RUNNING,
            1,
            "https://ci.example.com/",
            NOON);

    private static ObjectNode written() {
        ObjectNode node = Json.object();
        RESULT.writeInto(node);
        return node;
    }

    @Test
    void isReadAsItWasWritten() {
        assertThat(VerificationResult.read(written())).contains(RESULT);
    }

    @ParameterizedTest
    @CsvSource({
        "sha, $(id)",
        "sha, bbbb",
        "sha, ''",
        "sha, refs/heads/main",
        "identity, `id`",
        "identity, ''",
        "identity, ../x",
        "at, yesterday",
        "state, unknown"
    })
    void isNoneWhereAFieldIsNotWhatItIsCalled(String field, String value) {
        assertThat(VerificationResult.read(written().put(field, value))).isEmpty();
    }
}
