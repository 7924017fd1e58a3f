package io.jenkins.plugins.gitops.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.ApplicationListing.VersionedApplication;
import io.jenkins.plugins.gitops.argocd.ArgoCdClient.StreamListener;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import io.jenkins.plugins.gitops.remote.StreamingBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a stream of events in both of Argo CD's shapes: {@code {"result":{"type":"MODIFIED","application":{…}}}} on a
 * line of its own, or the same as a server-sent event after {@code data:}, where a line that begins with a colon only
 * keeps the connection alive. An error comes as {@code {"error":{"http_code":401,"message":"…"}}}.
 */
final class StreamFrameReader implements StreamingBody.BodyReader<Void> {

    /** The beginnings of lines without data: comments, and the other fields of server-sent events. */
    private static final List<String> IGNORED = List.of(":", "event", "id:", "retry");

    private final StreamListener events;
    private final SecretRedaction redaction;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    StreamFrameReader(StreamListener events, SecretRedaction redaction) {
        this.events = events;
        this.redaction = redaction;
    }

    @Override
    public void take(byte[] piece) throws IOException {
        events.alive();
        int from = 0;
        for (int i = 0; i < piece.length; i++) {
            if (piece[i] == '\n') {
                add(piece, from, i);
                line(line.toByteArray());
                line.reset();
                from = i + 1;
            }
        }
        add(piece, from, piece.length);
    }

    private void add(byte[] piece, int from, int to) {
        if (line.size() + to - from > ApplicationReader.MAX_BYTES) {
            throw ApplicationReader.tooLarge();
        }
        line.write(piece, from, to - from);
    }

    private void line(byte[] bytes) throws IOException {
        String start = new String(bytes, 0, Math.min(bytes.length, "data:".length()), StandardCharsets.UTF_8);
        if (start.startsWith("{")) {
            frame(bytes);
        } else if (start.equals("data:")) {
            frame(Arrays.copyOfRange(bytes, start.length(), bytes.length));
        } else if (!start.isBlank() && IGNORED.stream().noneMatch(start::startsWith)) {
            throw new MalformedJsonException("has a line that is not an event");
        }
    }

    private void frame(byte[] json) throws IOException {
        JsonNode frame = redaction.redact(ApplicationReader.parse(json));
        JsonNode error = frame.path("error");
        if (!error.isMissingNode()) {
            throw new ArgoCdHttpException(
                    error.path("http_code").asInt(500),
                    SingleLine.excerpt(error.path("message").asText()),
                    null,
                    null);
        }
        JsonNode result = frame.path("result");
        VersionedApplication observed = ApplicationJson.read(result.path("application"));
        switch (result.path("type").asText()) {
            case "ADDED", "MODIFIED" -> events.changed(observed);
            case "DELETED" -> events.deleted(observed);
            default -> throw new MalformedJsonException("has an event that is neither a change nor a deletion");
        }
    }

    @Override
    @Nullable
    public Void end() {
        return null;
    }
}
