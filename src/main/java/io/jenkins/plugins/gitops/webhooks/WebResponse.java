package io.jenkins.plugins.gitops.webhooks;

import java.util.Map;

/**
 * An answer, whatever server gives it.
 *
 * @param body empty where the status has none
 * @param headers besides the type of the body
 */
public record WebResponse(int status, String contentType, String body, Map<String, String> headers) {

    public WebResponse {
        headers = Map.copyOf(headers);
    }

    /** A sentence for people. */
    static WebResponse sentence(int status, String sentence) {
        return new WebResponse(status, "text/plain;charset=utf-8", sentence + "\n", Map.of());
    }

    /** A sentence for people, who may try again soon. */
    static WebResponse unavailable(String sentence) {
        return sentence(503, sentence).with(Map.of("Retry-After", "5"));
    }

    WebResponse with(Map<String, String> more) {
        return new WebResponse(status, contentType, body, more);
    }
}
