package sandbox.demo;

/** Something that was read is not what the demo expects; the message is one sentence. */
final class Surprise extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Surprise(String sentence) {
        super(sentence);
    }
}
