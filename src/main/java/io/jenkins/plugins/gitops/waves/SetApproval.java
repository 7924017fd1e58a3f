package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * A person's approval of one set for one wave.
 *
 * @param identity the {@link io.jenkins.plugins.gitops.images.ImageSet#identity} of the set
 * @param by the id of the person
 * @param right the user or group of the configuration by which the person could approve; empty for the permission alone
 * @param comment what the person said; may be empty
 * @param at when it was given
 */
public record SetApproval(String identity, String by, String right, String comment, Instant at) {

    /** Keeps texts as single lines, so that what is written is equal to what is read back. */
    public SetApproval {
        by = SingleLine.whole(by);
        right = SingleLine.whole(right);
        comment = SingleLine.whole(comment);
    }

    void writeInto(ObjectNode node) {
        node.put("identity", identity).put("by", by).put("right", right);
        node.put("comment", comment).put("at", at.toString());
    }

    /** Reads an approval; empty if it is malformed, since it approves nothing then. */
    static Optional<SetApproval> read(JsonNode node) {
        try {
            var approval = new SetApproval(
                    node.path("identity").asText(),
                    node.path("by").asText(),
                    node.path("right").asText(),
                    node.path("comment").asText(),
                    Instant.parse(node.path("at").asText()));
            return approval.by().isEmpty() ? Optional.empty() : Optional.of(approval);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
