package io.jenkins.plugins.gitops.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** Reads why something was not answered: always ends in a {@link ArgoCdHttpException}. */
final class ErrorBodyReader<T> implements StreamingBody.Reader<T> {

    private static final int MAX_BYTES = 64 << 10;

    private final ResponseInfo head;
    private final String token;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /**
     * Begins to read.
     *
     * @param token is not repeated, even if the server does
     */
    ErrorBodyReader(ResponseInfo head, String token) {
        this.head = head;
        this.token = token;
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
                head.headers().firstValue("Location").map(ErrorBodyReader::origin).orElse(""),
                retryAfter(head.headers()));
    }

    /**
     * Argo CD's own words: {@code {"error":"…","code":7,"message":"…"}}, or for a stream
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
        return SingleLine.excerpt(message.replace(token, "..."));
    }

    /** Without path and query, which may hold what is nobody's business. */
    private static String origin(String location) {
        try {
            URI uri = URI.create(location);
            return uri.getHost() == null ? "" : uri.getScheme() + "://" + uri.getHost();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** In seconds, or a time, which is compared with the server's own clock. */
    @CheckForNull
    private static Duration retryAfter(HttpHeaders headers) {
        String value = headers.firstValue("Retry-After").orElse("").strip();
        try {
            return value.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(time(headers.firstValue("Date").orElse("")), time(value));
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static Instant time(String text) {
        return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
    }
}
