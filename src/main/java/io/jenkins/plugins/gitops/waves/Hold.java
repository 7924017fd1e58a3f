package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * A hold of a wave: no changes except rollbacks are written into it.
 *
 * @param by the name of the user or build that holds the wave
 * @param reason the reason that they gave
 * @param since when the hold began
 * @param until when the hold ends by itself; empty if only a release ends it
 */
public record Hold(String by, String reason, Instant since, Optional<Instant> until) {

    /** Keeps texts as single lines, so that what is written is equal to what is read back. */
    public Hold {
        by = SingleLine.whole(by);
        reason = SingleLine.whole(reason);
    }

    /** Whether the hold is in force at a time. */
    public boolean isInForce(Instant now) {
        return until.isEmpty() || now.isBefore(until.get());
    }

    /** A sentence for users: who holds a wave, since when, why, and what ends the hold. */
    public String sentence(String wave) {
        return wave + " is held by " + by + " since " + since + ": " + reason
                + until.map(end -> "; it ends at " + end + ", or by releaseWave.")
                        .orElse("; releaseWave ends it.");
    }

    /** The same hold with texts of bounded length. */
    Hold bounded() {
        return new Hold(SingleLine.of(by), SingleLine.of(reason), since, until);
    }

    void writeInto(ObjectNode node) {
        node.put("by", by).put("reason", reason).put("since", since.toString());
        until.ifPresent(end -> node.put("until", end.toString()));
    }

    /** Reads a hold. Malformed JSON counts as a hold without an end, since that is the safe interpretation. */
    static Hold read(JsonNode node) {
        return new Hold(
                node.path("by").asText("somebody"),
                node.path("reason").asText("no reason is given"),
                instant(node.path("since")).orElse(Instant.EPOCH),
                instant(node.path("until")));
    }

    private static Optional<Instant> instant(JsonNode node) {
        try {
            return node.isTextual() ? Optional.of(Instant.parse(node.asText())) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
