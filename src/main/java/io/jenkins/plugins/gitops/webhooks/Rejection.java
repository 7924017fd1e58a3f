package io.jenkins.plugins.gitops.webhooks;

/** Ends a request with an answer that says what is wrong with it. */
final class Rejection extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient WebAnswer answer;

    Rejection(WebAnswer answer) {
        super(answer.body(), null, false, false);
        this.answer = answer;
    }

    Rejection(int status, String sentence) {
        this(WebAnswer.sentence(status, sentence));
    }

    WebAnswer answer() {
        return answer;
    }
}
