package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * A set that a wave ran before the present one.
 *
 * @param set the set, with the time at which it was first found deployed
 * @param until when another set was first found deployed in its place
 */
public record PastDeployment(DeployedSet set, Instant until) {

    void writeInto(ObjectNode node) {
        set.writeInto(node);
        node.put("until", until.toString());
    }

    /** Reads an entry; empty if it does not say when the set ran. */
    static Optional<PastDeployment> read(JsonNode node) {
        try {
            return Optional.of(new PastDeployment(
                    new DeployedSet(
                            node.path("identity").asText(),
                            node.path("sha").asText(),
                            Instant.parse(node.path("since").asText())),
                    Instant.parse(node.path("until").asText())));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
