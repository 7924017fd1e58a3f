package sandbox.binding;

import java.util.Map;

/** A named argument that fits nothing; the message is one sentence. */
public final class BindingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final transient Map<?, ?> where;
    private final String field;

    BindingException(String message, Map<?, ?> where, String field) {
        super(message);
        this.where = where;
        this.field = field;
    }

    /** The map that the argument stands in: the very object, so that a reader can tell its line. */
    public Map<?, ?> where() {
        return where;
    }

    /** The argument's name, or null where the map as a whole is meant. */
    public String field() {
        return field;
    }
}
