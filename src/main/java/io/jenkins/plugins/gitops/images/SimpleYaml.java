package io.jenkins.plugins.gitops.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the part of YAML that image files are written in, and that tools write when they edit them: mappings and lists
 * in block style, scalars on one line, comments. Every scalar is a text. Everything else is refused, so that nothing is
 * read otherwise than Helm or Kustomize would.
 */
final class SimpleYaml {

    /** A quoted or plain key with a colon, and the value after it. */
    private static final Pattern ENTRY = Pattern.compile("(\"[^\"\\\\]*\"|'[^']*'|[A-Za-z0-9_./-]++):(?: ++(.*+))?");

    /** Characters with which other things than plain scalars begin. */
    private static final String INDICATORS = "&*!|>%@`{}[],?";

    private record Line(int number, int indent, String text) {}

    private final List<Line> lines = new ArrayList<>();
    private int next;

    private SimpleYaml(String text) {
        int number = 0;
        for (String line : text.split("\r?\n", -1)) {
            number++;
            String content = line.strip();
            if (content.isEmpty() || content.startsWith("#") || lines.isEmpty() && content.equals("---")) {
                continue;
            }
            String indent = line.substring(0, line.indexOf(content.charAt(0)));
            if (!indent.isBlank() || indent.indexOf('\t') >= 0) {
                throw malformed(number, "is indented by something else than blanks");
            }
            lines.add(new Line(number, indent.length(), content));
        }
    }

    /**
     * Parses a document.
     *
     * @throws MalformedJsonException with the line, as the end of a sentence that begins with the file
     */
    static JsonNode parse(byte[] bytes) {
        var yaml = new SimpleYaml(new String(bytes, StandardCharsets.UTF_8));
        if (yaml.lines.isEmpty()) {
            return Json.object();
        }
        JsonNode root = yaml.block(yaml.lines.get(0).indent());
        if (yaml.next < yaml.lines.size()) {
            throw malformed(yaml.lines.get(yaml.next).number(), "has an indent that fits nothing above it");
        }
        return root;
    }

    private boolean isItem(int indent) {
        return next < lines.size()
                && lines.get(next).indent() == indent
                && (lines.get(next).text().startsWith("- ")
                        || lines.get(next).text().equals("-"));
    }

    private JsonNode block(int indent) {
        return isItem(indent) ? list(indent) : mapping(indent);
    }

    private ArrayNode list(int indent) {
        ArrayNode items = Json.object().arrayNode();
        while (isItem(indent)) {
            Line line = lines.get(next);
            String rest = line.text().substring(1).strip();
            if (rest.isEmpty() || !ENTRY.matcher(rest).matches()) {
                throw malformed(line.number(), "is a list item that is no mapping");
            }
            // The mapping begins on the line of its item.
            int inner = indent + line.text().indexOf(rest.charAt(0), 1);
            lines.set(next, new Line(line.number(), inner, rest));
            items.add(mapping(inner));
        }
        return items;
    }

    private ObjectNode mapping(int indent) {
        ObjectNode mapping = Json.object();
        while (next < lines.size() && lines.get(next).indent() == indent && !isItem(indent)) {
            Line line = lines.get(next);
            Matcher entry = ENTRY.matcher(line.text());
            if (!entry.matches()) {
                throw malformed(line.number(), "is neither \"key: value\" nor a list item");
            }
            String key = scalar(line.number(), entry.group(1));
            if (mapping.has(key)) {
                throw malformed(line.number(), "has the key " + SingleLine.excerpt(key) + " a second time");
            }
            next++;
            String value = entry.group(2) == null ? "" : entry.group(2);
            mapping.set(key, value.isEmpty() || value.startsWith("#") ? nested(indent) : value(line.number(), value));
        }
        return mapping;
    }

    /** What a key has on the lines below it; a list may stand at the indent of its key. */
    private JsonNode nested(int indent) {
        if (isItem(indent)) {
            return list(indent);
        }
        return next < lines.size() && lines.get(next).indent() > indent
                ? block(lines.get(next).indent())
                : TextNode.valueOf("");
    }

    private static JsonNode value(int line, String text) {
        return switch (text) {
            case "{}" -> Json.object();
            case "[]" -> Json.object().arrayNode();
            default -> TextNode.valueOf(scalar(line, text));
        };
    }

    private static String scalar(int line, String text) {
        char first = text.charAt(0);
        if (first == '"' || first == '\'') {
            int end = text.indexOf(first, 1);
            String rest = end < 0 ? "" : text.substring(end + 1).strip();
            if (end < 0 || text.indexOf('\\') >= 0 || !(rest.isEmpty() || rest.startsWith("#"))) {
                throw malformed(line, "has a quoted text that does not end where it should");
            }
            return text.substring(1, end);
        }
        if (INDICATORS.indexOf(first) >= 0) {
            throw malformed(line, "has a value in a form that is not read");
        }
        int comment = text.indexOf(" #");
        String plain = (comment < 0 ? text : text.substring(0, comment)).strip();
        if (plain.contains(": ") || plain.endsWith(":")) {
            throw malformed(line, "has a value in a form that is not read");
        }
        return plain;
    }

    private static MalformedJsonException malformed(int line, String what) {
        return new MalformedJsonException("is not an image file as it is written here: line " + line + " " + what);
    }
}
