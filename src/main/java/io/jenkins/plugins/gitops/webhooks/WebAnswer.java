package io.jenkins.plugins.gitops.webhooks;

import java.util.Map;

/**
 * An answer, whatever server gives it.
 *
 * @param body empty where the status has none
 * @param headers besides the type of the body
 */
public record WebAnswer(int status, String contentType, String body, Map<String, String> headers) {

    public WebAnswer {
        headers = Map.copyOf(headers);
    }

    /** A sentence for people. */
    static WebAnswer sentence(int status, String sentence) {
        return new WebAnswer(status, "text/plain;charset=utf-8", sentence + "\n", Map.of());
    }

    /** A sentence for people, who may try again soon. */
    static WebAnswer unavailable(String sentence) {
        return sentence(503, sentence).with(Map.of("Retry-After", "5"));
    }

    WebAnswer with(Map<String, String> more) {
        return new WebAnswer(status, contentType, body, more);
    }
}
