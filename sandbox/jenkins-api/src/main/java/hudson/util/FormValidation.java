package hudson.util;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.kohsuke.stapler.HttpResponse;
import sandbox.RealController;

/** Living: a kind and a sentence. */
public abstract class FormValidation extends IOException implements HttpResponse {
    private static final long serialVersionUID = 1L;

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

    public static FormValidation error(String format, Object... args) {
        return error(String.format(Locale.ROOT, format, args));
    }

    public static FormValidation warning(String format, Object... args) {
        return warning(String.format(Locale.ROOT, format, args));
    }

    public static FormValidation ok(String format, Object... args) {
        return ok(String.format(Locale.ROOT, format, args));
    }

    public static FormValidation error(Throwable e, String message) {
        return error(message);
    }

    @NonNull
    public static FormValidation aggregate(@NonNull Collection<FormValidation> validations) {
        Kind worst = validations.stream().map(each -> each.kind).max(Enum::compareTo).orElse(Kind.OK);
        String all = validations.stream()
                .map(Throwable::getMessage)
                .filter(message -> message != null)
                .collect(Collectors.joining("\n"));
        return plain(worst, all.isEmpty() ? null : all);
    }

    public static FormValidation validateRequired(String value) {
        throw RealController.needed();
    }

    public abstract String renderHtml();

    private static FormValidation plain(Kind kind, String message) {
        return new FormValidation(kind, message) {
            private static final long serialVersionUID = 1L;

            @Override
            public String renderHtml() {
                throw RealController.needed();
            }
        };
    }

    @Override
    public String toString() {
        return kind + ": " + getMessage();
    }
}
