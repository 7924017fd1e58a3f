package io.jenkins.plugins.gitops.webhooks;

import java.util.Map;

/**
 * An HTTP response, independent of the server that sends it.
 *
 * @param body empty if the status has none
 * @param headers all but that of the content type
 */
public record WebResponse(int status, String contentType, String body, Map<String, String> headers) {

    public WebResponse {
        headers = Map.copyOf(headers);
    }

    /** A response whose body is a sentence for people. */
    static WebResponse sentence(int status, String sentence) {
        return new WebResponse(status, "text/plain;charset=utf-8", sentence + "\n", Map.of());
    }

    /** 503 with a sentence for people and the advice to repeat the request in five seconds. */
    static WebResponse unavailable(String sentence) {
        return sentence(503, sentence).with(Map.of("Retry-After", "5"));
    }

    WebResponse with(Map<String, String> more) {
        return new WebResponse(status, contentType, body, more);
    }
}
