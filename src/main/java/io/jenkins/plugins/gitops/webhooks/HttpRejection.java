package io.jenkins.plugins.gitops.webhooks;

/** Ends the processing of a request with the response that says what is wrong with the request. */
final class HttpRejection extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient WebResponse response;

    HttpRejection(WebResponse response) {
        super(response.body(), null, false, false);
        this.response = response;
    }

    HttpRejection(int status, String sentence) {
        this(WebResponse.sentence(status, sentence));
    }

    WebResponse response() {
        return response;
    }
}
