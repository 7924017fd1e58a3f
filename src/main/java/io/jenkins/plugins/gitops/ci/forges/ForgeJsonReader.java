package io.jenkins.plugins.gitops.ci.forges;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.remote.AddressForm;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Reads fields of JSON of forges. Missing fields and fields of other types are tolerated. */
final class ForgeJsonReader {

    private static final int LONGEST_LINE = 300;

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
     * Returns an address that pages may link to, see {@link AddressForm#webPage}; empty if it is missing or another.
     */
    static Optional<String> link(JsonNode node, String name) {
        return text(node, name).flatMap(AddressForm::webPage);
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
