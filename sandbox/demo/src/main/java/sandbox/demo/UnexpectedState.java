package sandbox.demo;

/** The repositories or Argo CD are not in the state that the demo expects; the message is one sentence. */
final class UnexpectedState extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnexpectedState(String sentence) {
        super(sentence);
    }
}
