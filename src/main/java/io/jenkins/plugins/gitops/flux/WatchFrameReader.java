package io.jenkins.plugins.gitops.flux;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import io.jenkins.plugins.gitops.remote.StreamingBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Reads a watch of Kubernetes: a JSON document on each line, {@code {"type":"MODIFIED","object":{…}}}. The types are
 * {@code ADDED}, {@code MODIFIED}, {@code DELETED}, {@code BOOKMARK}, whose object has only the resource version, and
 * {@code ERROR}, whose object is a {@code Status}.
 */
final class WatchFrameReader implements StreamingBody.BodyReader<Void> {

    /** More than twice what Kubernetes stores of an object. */
    private static final int MAX_BYTES = 4 << 20;

    private final FluxKind kind;
    private final KubernetesClient.WatchListener listener;
    private final SecretRedaction redaction;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    WatchFrameReader(FluxKind kind, KubernetesClient.WatchListener listener, SecretRedaction redaction) {
        this.kind = kind;
        this.listener = listener;
        this.redaction = redaction;
    }

    @Override
    public void take(byte[] piece) throws IOException {
        int from = 0;
        for (int i = 0; i < piece.length; i++) {
            if (piece[i] == '\n') {
                add(piece, from, i);
                if (line.size() > 0) {
                    frame(line.toByteArray());
                }
                line.reset();
                from = i + 1;
            }
        }
        add(piece, from, piece.length);
    }

    private void add(byte[] piece, int from, int to) {
        if (line.size() + to - from > MAX_BYTES) {
            throw new MalformedJsonException("has an object of more than 4 MiB");
        }
        line.write(piece, from, to - from);
    }

    private void frame(byte[] json) throws IOException {
        JsonNode frame = redaction.redact(Json.parse(json, MAX_BYTES));
        JsonNode object = frame.path("object");
        String version = object.path("metadata").path("resourceVersion").asText();
        switch (frame.path("type").asText()) {
            case "ADDED", "MODIFIED" -> listener.changed(FluxObjectReader.read(kind, object), known(version));
            case "DELETED" ->
                listener.deleted(FluxObjectReader.read(kind, object).id(), known(version));
            case "BOOKMARK" -> listener.reached(known(version));
            case "ERROR" ->
                throw new KubernetesHttpException(
                        object.path("code").asInt(500),
                        SingleLine.excerpt(object.path("message").asText()),
                        null);
            default -> throw new MalformedJsonException("has an event of an unknown type");
        }
    }

    /** A watch from no version on would not report what was deleted before. */
    private static String known(String version) {
        if (version.isEmpty()) {
            throw new MalformedJsonException("has an event without a resourceVersion");
        }
        return version;
    }

    @Override
    @Nullable
    public Void end() {
        return null;
    }
}
