package sandbox.casc;

/** A Configuration-as-Code file that cannot be applied; the message is one sentence that begins with its line. */
public final class CascException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CascException(int line, String message) {
        super((line == 0 ? "" : "Line " + line + " of the Configuration-as-Code file: ") + message);
    }
}
