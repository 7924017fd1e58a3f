package io.jenkins.plugins.gitops.ci;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.json.MalformedJsonException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Reads what forges say. */
final class ForgeJson {

    private ForgeJson() {}

    /** The list that is expected there. */
    static JsonNode list(JsonNode node, String what) {
        if (!node.isArray()) {
            throw new MalformedJsonException("has no list of " + what);
        }
        return node;
    }

    /** A text, or null. */
    @CheckForNull
    static String text(JsonNode node, String name) {
        return node.path(name).isTextual() ? node.path(name).asText() : null;
    }

    /** A text, or an empty one. */
    static String word(JsonNode node, String name) {
        String text = text(node, name);
        return text == null ? "" : text;
    }

    /** The first of these times that is there; {@link Instant#EPOCH} if none is. */
    static Instant time(JsonNode node, String... names) {
        for (String name : names) {
            try {
                return OffsetDateTime.parse(word(node, name)).toInstant();
            } catch (DateTimeException e) {
                // Not yet, or in another form.
            }
        }
        return Instant.EPOCH;
    }
}
