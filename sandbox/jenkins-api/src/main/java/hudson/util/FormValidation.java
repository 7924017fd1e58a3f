package hudson.util;

import java.io.IOException;
import org.kohsuke.stapler.HttpResponse;

/** Implemented: a kind and a message. */
public abstract class FormValidation extends IOException implements HttpResponse {
    public enum Kind {
        OK,
        WARNING,
        ERROR
    }

    public final Kind kind;

    private FormValidation(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public static FormValidation error(String message) {
        return plain(Kind.ERROR, message);
    }

    public static FormValidation warning(String message) {
        return plain(Kind.WARNING, message);
    }

    public static FormValidation ok(String message) {
        return plain(Kind.OK, message);
    }

    public static FormValidation ok() {
        return plain(Kind.OK, null);
    }

    private static FormValidation plain(Kind kind, String message) {
        return new FormValidation(kind, message) {};
    }

    @Override
    public String toString() {
        return kind + ": " + getMessage();
    }
}
