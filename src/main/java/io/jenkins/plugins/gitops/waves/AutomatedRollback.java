package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * The last rollback of a wave that a failed verification caused.
 *
 * @param failed the identity of the set that failed
 * @param to the identity of the set that it was rolled back to
 * @param at when
 */
public record AutomatedRollback(String failed, String to, Instant at) {

    /** Whether it concerns a set, so that a failure of that set causes no further rollback. */
    public boolean concerns(String identity) {
        return failed.equals(identity) || to.equals(identity);
    }

    static Optional<AutomatedRollback> read(JsonNode node) {
        try {
            return node.isObject()
                    ? Optional.of(new AutomatedRollback(
                            node.path("failed").asText(),
                            node.path("to").asText(),
                            Instant.parse(node.path("at").asText())))
                    : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
