package io.jenkins.plugins.gitops.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a real system said over HTTP, in the order in which it was said. A file has one entry a line, as JSON.
 *
 * @param entries in their order
 */
public record HttpConversation(List<Entry> entries) {

    /** Stands for the address of the system, so that a recording can be replayed anywhere. */
    public static final String SERVER = "{server}";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What an entry is. */
    public enum Kind {
        /** What was recorded, and what happened beside the conversation: text for people and tests. */
        NOTE,
        /** A request, and the answer to it as a whole. */
        ANSWER,
        /** A part of an answer that never ends, with the request that opened it. */
        PART,
        /** A request that the system made by itself. */
        HOOK
    }

    /**
     * One entry.
     *
     * @param at seconds since the beginning
     * @param method of the request; empty for a note
     * @param path of the request, with its query; empty for a note
     * @param request the body of the request, if it was sent to the system
     * @param status of the answer; 0 where there is none
     * @param headers of the answer; for a hook, of the request
     * @param body of the answer; for a hook, of the request; for a note, the note
     */
    public record Entry(
            double at,
            Kind kind,
            String method,
            String path,
            String request,
            int status,
            Map<String, String> headers,
            String body) {

        public Entry {
            headers = Map.copyOf(headers);
        }

        /** A note. */
        static Entry note(double at, String text) {
            return new Entry(at, Kind.NOTE, "", "", "", 0, Map.of(), text);
        }

        /** Returns the entry as a line of a file. */
        String toLine() {
            ObjectNode line = JSON.createObjectNode();
            line.put("at", at).put("kind", kind.name().toLowerCase(Locale.ROOT));
            put(line, "method", method);
            put(line, "path", path);
            put(line, "request", request);
            if (status != 0) {
                line.put("status", status);
            }
            if (!headers.isEmpty()) {
                ObjectNode written = line.putObject("headers");
                new TreeMap<>(headers).forEach(written::put);
            }
            put(line, "body", body);
            return line.toString();
        }

        private static void put(ObjectNode line, String field, String text) {
            if (!text.isEmpty()) {
                line.put(field, text);
            }
        }

        private static Entry parse(String line) throws JsonProcessingException {
            JsonNode json = JSON.readTree(line);
            var headers = new TreeMap<String, String>();
            json.path("headers")
                    .properties()
                    .forEach(header ->
                            headers.put(header.getKey(), header.getValue().asText()));
            return new Entry(
                    json.path("at").asDouble(),
                    Kind.valueOf(json.path("kind").asText().toUpperCase(Locale.ROOT)),
                    json.path("method").asText(),
                    json.path("path").asText(),
                    json.path("request").asText(),
                    json.path("status").asInt(),
                    headers,
                    json.path("body").asText());
        }
    }

    public HttpConversation {
        entries = List.copyOf(entries);
    }

    /** Reads a file. */
    public static HttpConversation read(Path file) throws IOException {
        var entries = new ArrayList<Entry>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank()) {
                entries.add(Entry.parse(line));
            }
        }
        return new HttpConversation(entries);
    }

    /** Returns the entries of a kind, in their order. */
    public List<Entry> of(Kind kind) {
        return entries.stream().filter(entry -> entry.kind() == kind).toList();
    }
}
