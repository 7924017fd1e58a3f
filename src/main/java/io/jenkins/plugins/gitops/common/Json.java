package io.jenkins.plugins.gitops.common;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads and writes JSON. Reading refuses duplicate keys, trailing text and documents over a limit. Writing is
 * canonical, so that equal values give equal bytes: keys of maps are sorted, fields of trees keep their order, the
 * indent is two spaces, {@code "key": value}, and the text ends in a newline.
 */
public final class Json {

    /** The largest document that users and other systems may send, in bytes of UTF-8. */
    public static final int MAX_BYTES = 1 << 20;

    /**
     * The largest document that is stored in the config repository, in bytes of UTF-8. A larger one is refused before
     * it is pushed, since all drivers of the repository would fail to read it back.
     */
    public static final int MAX_STORED_BYTES = 16 << 20;

    /** Some tools of Windows begin files with it. A reader may ignore it (RFC 8259, 8.1). */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private static final ObjectWriter WRITER = MAPPER.writer(printer());

    private Json() {}

    /**
     * Parses a document of at most {@link #MAX_BYTES}.
     *
     * @throws MalformedJsonException if it is too large, is not JSON, or has a key twice
     */
    public static JsonNode parse(byte[] utf8) {
        return parse(utf8, MAX_BYTES);
    }

    /**
     * Parses a document with a limit of its own.
     *
     * @param maxBytes a multiple of 1 MiB
     * @throws MalformedJsonException if it is too large, is not JSON, or has a key twice
     */
    public static JsonNode parse(byte[] utf8, int maxBytes) {
        checkSize(utf8.length, maxBytes);
        try {
            String text = new String(utf8, StandardCharsets.UTF_8);
            JsonNode node = MAPPER.readTree(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
            if (node == null || node.isMissingNode()) {
                throw new MalformedJsonException("is empty");
            }
            return node;
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
            throw new MalformedJsonException("is not valid JSON: " + oneLine(e.getOriginalMessage()) + where);
        }
    }

    /** Parses a document given as text, see {@link #parse(byte[])}. */
    public static JsonNode parse(String text) {
        // The length in characters never exceeds the length in bytes, so a huge text is refused before it is copied.
        checkSize(text.length(), MAX_BYTES);
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Parses a document that is stored in the config repository.
     *
     * @throws MalformedJsonException if it is larger than {@link #MAX_STORED_BYTES}, is not JSON, or has a key twice
     */
    public static JsonNode parseStored(byte[] utf8) {
        return parse(utf8, MAX_STORED_BYTES);
    }

    /**
     * Checks that a document may be kept in the config repository: both before it is written and before it is read.
     *
     * @param bytes its size
     * @throws MalformedJsonException if it is larger than {@link #MAX_STORED_BYTES}
     */
    public static void checkStorable(long bytes) {
        checkSize(bytes, MAX_STORED_BYTES);
    }

    private static void checkSize(long bytes, int maxBytes) {
        if (bytes > maxBytes) {
            throw new MalformedJsonException("is larger than " + (maxBytes >> 20) + " MiB");
        }
    }

    /** Returns an empty object to fill. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * Converts each text of a tree to a single line of any length, since texts of other systems are shown to users.
     *
     * @return the same tree, changed
     */
    public static ObjectNode withSingleLines(ObjectNode root) {
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            field.setValue(withSingleLines(field.getValue()));
        }
        return root;
    }

    private static JsonNode withSingleLines(JsonNode value) {
        if (value.isTextual()) {
            return TextNode.valueOf(SingleLine.whole(value.asText()));
        }
        if (value instanceof ObjectNode object) {
            return withSingleLines(object);
        }
        if (value instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                list.set(i, withSingleLines(list.get(i)));
            }
        }
        return value;
    }

    /** Writes a tree, a map or a list in canonical form. */
    public static String write(Object value) {
        try {
            return WRITER.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    /** Writes a tree on one line, for programs; not in canonical form. */
    public static String writeLine(JsonNode value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON", e);
        }
    }

    private static String oneLine(String message) {
        return message == null
                ? "unreadable"
                : SingleLine.of(message)
                        .replaceAll(" ?\\(start marker at \\[Source:[^\\]]*\\]\\)", "")
                        .strip();
    }

    private static DefaultPrettyPrinter printer() {
        var indenter = new DefaultIndenter("  ", "\n");
        return new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                        .withObjectEmptySeparator("")
                        .withArrayEmptySeparator(""))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
    }
}
