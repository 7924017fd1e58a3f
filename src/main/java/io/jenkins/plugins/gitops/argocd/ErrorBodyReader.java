package io.jenkins.plugins.gitops.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.remote.RetryAfter;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import io.jenkins.plugins.gitops.remote.StreamingBody;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;

/** Reads the body of an error response. It has no result: reading always ends in an {@link ArgoCdHttpException}. */
final class ErrorBodyReader<T> implements StreamingBody.BodyReader<T> {

    private static final int MAX_BYTES = 64 << 10;

    private final ResponseInfo head;
    private final SecretRedaction redaction;
    private final Clock clock;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /**
     * Creates a reader.
     *
     * @param redaction removes the token from the message of the server
     */
    ErrorBodyReader(ResponseInfo head, SecretRedaction redaction, Clock clock) {
        this.head = head;
        this.redaction = redaction;
        this.clock = clock;
    }

    @Override
    public void take(byte[] piece) throws ArgoCdHttpException {
        if (body.size() + piece.length > MAX_BYTES) {
            throw refusal("");
        }
        body.writeBytes(piece);
    }

    @Override
    public T end() throws ArgoCdHttpException {
        throw refusal(message());
    }

    private ArgoCdHttpException refusal(String message) {
        return new ArgoCdHttpException(
                head.statusCode(),
                message,
                head.headers()
                        .firstValue("Location")
                        .map(redaction::redact)
                        .flatMap(ErrorBodyReader::origin)
                        .orElse(null),
                RetryAfter.of(head.headers(), RetryAfter.serverTime(head.headers(), clock))
                        .orElse(null));
    }

    /**
     * The error message of Argo CD, from {@code {"error":"…","code":7,"message":"…"}}, or for a stream
     * {@code {"error":{"grpc_code":7,"http_code":403,"message":"…"}}}, possibly after {@code data:}.
     */
    private String message() {
        String text = body.toString(StandardCharsets.UTF_8).strip();
        JsonNode node;
        try {
            node = Json.parse(text.startsWith("data:") ? text.substring("data:".length()) : text);
        } catch (MalformedJsonException e) {
            return "";
        }
        String message =
                node.path("message").asText(node.path("error").path("message").asText());
        return SingleLine.excerpt(redaction.redact(message));
    }

    /** Returns scheme and host without path and query, which may hold secrets; empty if the location is malformed. */
    private static Optional<String> origin(String location) {
        try {
            URI uri = URI.create(location);
            return Optional.ofNullable(uri.getHost()).map(host -> uri.getScheme() + "://" + host);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
