package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * Somebody's word that nothing but a rollback gets into a wave.
 *
 * @param by who holds it
 * @param reason why, in their words
 * @param since when it was held
 * @param until when it ends by itself, or null if only a release ends it
 */
public record Hold(
        String by,
        String reason,
        Instant since,
        @CheckForNull Instant until) {

    public Hold(String by, String reason, Instant since, @Nullable Instant until) {
        this.by = by;
        this.reason = reason;
        this.since = since;
        this.until = until;
    }

    /** Whether it still holds. */
    public boolean isInForce(Instant now) {
        return until == null || now.isBefore(until);
    }

    /** Says who holds a wave and why. */
    public String sentence(String wave) {
        return wave + " is held by " + by + " since " + since + ": " + reason
                + (until == null ? "; releaseWave ends it." : "; it ends at " + until + ", or by releaseWave.");
    }

    void writeInto(ObjectNode node) {
        node.put("by", by).put("reason", reason).put("since", since.toString());
        if (until != null) {
            node.put("until", until.toString());
        }
    }

    /** Reads a hold; whatever somebody wrote there holds the wave, rather than let it go. */
    static Hold read(JsonNode node) {
        return new Hold(
                node.path("by").asText("somebody"),
                node.path("reason").asText("no reason is given"),
                instant(node.path("since")).orElse(Instant.EPOCH),
                instant(node.path("until")).orElse(null));
    }

    private static Optional<Instant> instant(JsonNode node) {
        try {
            return node.isTextual() ? Optional.of(Instant.parse(node.asText())) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
