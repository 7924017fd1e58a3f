package sandbox.runner;

/** Wrong usage of a command; the message is one sentence. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
