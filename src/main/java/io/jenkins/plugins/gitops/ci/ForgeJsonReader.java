package io.jenkins.plugins.gitops.ci;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/** Reads what forges say. */
final class ForgeJsonReader {

    private static final int LONGEST_LINE = 300;
    private static final int LONGEST_LINK = 2000;
    private static final Pattern LINK = Pattern.compile("https?://\\S+");

    private ForgeJsonReader() {}

    /** The list that is expected there. */
    static JsonNode list(JsonNode node, String what) {
        if (!node.isArray()) {
            throw new MalformedJsonException("has no list of " + what);
        }
        return node;
    }

    /** A text as it is, or an empty one. */
    static String word(JsonNode node, String name) {
        return node.path(name).isTextual() ? node.path(name).asText() : "";
    }

    /** A text for people, on one line that is not too long, or null. */
    @CheckForNull
    static String line(JsonNode node, String name) {
        String line = SingleLine.of(word(node, name), LONGEST_LINE);
        return line.isEmpty() ? null : line;
    }

    /** An address that may be linked, or null. */
    @CheckForNull
    static String link(JsonNode node, String name) {
        String url = word(node, name);
        return url.length() <= LONGEST_LINK && LINK.matcher(url).matches() ? url : null;
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
