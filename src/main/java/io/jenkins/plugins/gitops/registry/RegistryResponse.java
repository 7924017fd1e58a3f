package io.jenkins.plugins.gitops.registry;

import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Locale;

/**
 * The response to one request.
 *
 * @param body cut where it is larger than {@link RetryingClient#MOST_BYTES}
 */
record RegistryResponse(int status, HttpHeaders headers, byte[] body) {

    private static final int MAX_CODE = 40;

    /** Returns the media type without its parameters, in lower case; empty if there is none. */
    String mediaType() {
        String type = headers.firstValue("Content-Type").orElse("");
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
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
