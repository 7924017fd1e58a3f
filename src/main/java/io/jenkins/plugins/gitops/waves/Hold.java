package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * The state of a wave that takes no changes except rollbacks.
 *
 * @param by the person or build that holds it
 * @param reason why, in their words
 * @param since when the hold began
 * @param until when it ends by itself; empty if only a release ends it
 */
public record Hold(String by, String reason, Instant since, Optional<Instant> until) {

    /** Whether the hold is in force at a time. */
    public boolean isInForce(Instant now) {
        return until.isEmpty() || now.isBefore(until.get());
    }

    /** The sentence that says who holds a wave and why. */
    public String sentence(String wave) {
        return wave + " is held by " + by + " since " + since + ": " + reason
                + until.map(end -> "; it ends at " + end + ", or by releaseWave.")
                        .orElse("; releaseWave ends it.");
    }

    void writeInto(ObjectNode node) {
        node.put("by", by).put("reason", reason).put("since", since.toString());
        until.ifPresent(end -> node.put("until", end.toString()));
    }

    /** Reads a hold. Whatever somebody else wrote there counts as a hold too, since that is the safer reading. */
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
