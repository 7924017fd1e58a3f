package sandbox.demo;

/** Something that was read is not what the demo expects; the message is one sentence. */
final class UnexpectedState extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnexpectedState(String sentence) {
        super(sentence);
    }
}
