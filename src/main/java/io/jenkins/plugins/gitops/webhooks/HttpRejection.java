package io.jenkins.plugins.gitops.webhooks;

/** Ends a request with an answer that says what is wrong with it. */
final class HttpRejection extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient WebResponse answer;

    HttpRejection(WebResponse answer) {
        super(answer.body(), null, false, false);
        this.answer = answer;
    }

    HttpRejection(int status, String sentence) {
        this(WebResponse.sentence(status, sentence));
    }

    WebResponse answer() {
        return answer;
    }
}
