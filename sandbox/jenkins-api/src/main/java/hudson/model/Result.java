package hudson.model;

import com.thoughtworks.xstream.converters.SingleValueConverter;
import com.thoughtworks.xstream.converters.basic.AbstractSingleValueConverter;
import java.io.Serializable;
import java.util.List;

/** Implemented. */
public final class Result implements Serializable {
    private static final long serialVersionUID = 1L;

    public static final Result SUCCESS = new Result("SUCCESS", 0);

    public static final Result UNSTABLE = new Result("UNSTABLE", 1);

    public static final Result FAILURE = new Result("FAILURE", 2);

    public static final Result NOT_BUILT = new Result("NOT_BUILT", 3);

    public static final Result ABORTED = new Result("ABORTED", 4);

    public static final SingleValueConverter conv = new AbstractSingleValueConverter() {
        @Override
        public boolean canConvert(Class type) {
            return type == Result.class;
        }

        @Override
        public Object fromString(String name) {
            return Result.fromString(name);
        }
    };

    private static final List<Result> ALL = List.of(SUCCESS, UNSTABLE, FAILURE, NOT_BUILT, ABORTED);

    private final String name;

    public final int ordinal;

    private Result(String name, int ordinal) {
        this.name = name;
        this.ordinal = ordinal;
    }

    public boolean isWorseThan(Result that) {
        return ordinal > that.ordinal;
    }

    @Override
    public String toString() {
        return name;
    }

    public static Result fromString(String s) {
        return ALL.stream()
                .filter(result -> result.name.equalsIgnoreCase(s))
                .findFirst()
                .orElse(FAILURE);
    }

    private Object readResolve() {
        return fromString(name);
    }
}
