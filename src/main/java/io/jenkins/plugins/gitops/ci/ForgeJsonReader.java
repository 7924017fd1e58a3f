package io.jenkins.plugins.gitops.ci;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads fields of JSON of forges. Missing fields and fields of other types are tolerated. */
final class ForgeJsonReader {

    private static final int LONGEST_LINE = 300;
    private static final int LONGEST_LINK = 2000;
    private static final Pattern LINK = Pattern.compile("https?://\\S+");

    private ForgeJsonReader() {}

    /**
     * Returns the node if it is a list.
     *
     * @param what names the list in the error
     * @throws MalformedJsonException if the node is no list
     */
    static JsonNode list(JsonNode node, String what) {
        if (!node.isArray()) {
            throw new MalformedJsonException("has no list of " + what);
        }
        return node;
    }

    /** Returns a text as it is; an empty string if it is missing or no text. */
    static String word(JsonNode node, String name) {
        return text(node, name).orElse("");
    }

    /** Returns a text as it is; empty if it is missing or no text. */
    static Optional<String> text(JsonNode node, String name) {
        return node.path(name).isTextual() ? Optional.of(node.path(name).asText()) : Optional.empty();
    }

    /** Returns a text for people, on one line of at most 300 characters; empty if it is missing or blank. */
    static Optional<String> line(JsonNode node, String name) {
        return text(node, name).map(text -> SingleLine.of(text, LONGEST_LINE)).filter(line -> !line.isEmpty());
    }

    /**
     * Returns an address that pages may link to; empty if it is missing, longer than 2000 characters or not of http or
     * https.
     */
    static Optional<String> link(JsonNode node, String name) {
        return text(node, name)
                .filter(url -> url.length() <= LONGEST_LINK && LINK.matcher(url).matches());
    }

    /** Returns the first of these times that is present; {@link Instant#EPOCH} if none is. */
    static Instant time(JsonNode node, String... names) {
        for (String name : names) {
            try {
                return OffsetDateTime.parse(word(node, name)).toInstant();
            } catch (DateTimeException e) {
                // Missing, or in another form.
            }
        }
        return Instant.EPOCH;
    }
}
