package sandbox.binding;

import java.util.Map;

/** A named argument that cannot be bound; the message is one sentence. */
public final class BindingException extends IllegalArgumentException {
    private final transient Map<?, ?> where;
    private final String field;

    BindingException(String message, Map<?, ?> where, String field) {
        super(message);
        this.where = where;
        this.field = field;
    }

    /** The map that holds the argument; the same object that was passed, so that a reader can find its line. */
    public Map<?, ?> where() {
        return where;
    }

    /** The name of the argument, or null if the map as a whole is wrong. */
    public String field() {
        return field;
    }
}
