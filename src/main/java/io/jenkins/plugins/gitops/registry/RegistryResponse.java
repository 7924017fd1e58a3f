package io.jenkins.plugins.gitops.registry;

import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.remote.ContentType;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The response to one request.
 *
 * @param body cut where it is larger than {@link RetryingClient#MOST_BYTES}
 */
record RegistryResponse(int status, HttpHeaders headers, byte[] body) {

    private static final int MAX_CODE = 40;

    /** Returns the media type without its parameters, in lower case; empty if there is none. */
    String mediaType() {
        return ContentType.mediaType(headers);
    }

    /** Returns the response without secrets; the body of one that succeeded is as it is, since its digest counts. */
    RegistryResponse redacted(SecretRedaction redaction) {
        Map<String, List<String>> redacted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.map()
                .forEach((name, values) -> redacted.put(
                        name, values.stream().map(redaction::redact).toList()));
        byte[] text = status == HttpURLConnection.HTTP_OK
                ? body
                : redaction.redact(new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        return new RegistryResponse(status, HttpHeaders.of(redacted, (name, value) -> true), text);
    }

    boolean isRedirect() {
        return status >= 300 && status < 400;
    }

    /** Returns scheme and host that a redirect leads to, for messages; path and query may hold secrets. */
    String redirectedTo() {
        try {
            URI location = URI.create(headers.firstValue("Location").orElse(""));
            return location.getHost() == null ? "another path" : location.getScheme() + "://" + location.getHost();
        } catch (IllegalArgumentException e) {
            return "nowhere";
        }
    }

    /**
     * Returns the status, with the error code of the distribution protocol if there is one: {@code 404 (NAME_UNKNOWN)}.
     */
    String reason() {
        String code = "";
        try {
            code = Json.parse(body).path("errors").path(0).path("code").asText();
        } catch (MalformedJsonException e) {
            // The response of a proxy before the registry has another form.
        }
        return code.length() <= MAX_CODE && code.matches("[A-Z_]+") ? status + " (" + code + ")" : "" + status;
    }
}
