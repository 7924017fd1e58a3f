package hudson.model;

import com.thoughtworks.xstream.converters.SingleValueConverter;
import com.thoughtworks.xstream.converters.basic.AbstractSingleValueConverter;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serializable;
import java.util.List;

/** Living. */
public final class Result implements Serializable {
    private static final long serialVersionUID = 1L;

    @NonNull
    public static final Result SUCCESS = new Result("SUCCESS", 0, true);

    @NonNull
    public static final Result UNSTABLE = new Result("UNSTABLE", 1, true);

    @NonNull
    public static final Result FAILURE = new Result("FAILURE", 2, true);

    @NonNull
    public static final Result NOT_BUILT = new Result("NOT_BUILT", 3, false);

    @NonNull
    public static final Result ABORTED = new Result("ABORTED", 4, false);

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

    @NonNull
    private final String name;

    public final int ordinal;
    public final boolean completeBuild;

    private Result(String name, int ordinal, boolean completeBuild) {
        this.name = name;
        this.ordinal = ordinal;
        this.completeBuild = completeBuild;
    }

    public boolean isWorseThan(@NonNull Result that) {
        return ordinal > that.ordinal;
    }

    @Override
    @NonNull
    public String toString() {
        return name;
    }

    @NonNull
    public static Result fromString(@NonNull String s) {
        return ALL.stream().filter(result -> result.name.equalsIgnoreCase(s)).findFirst().orElse(FAILURE);
    }

    private Object readResolve() {
        return fromString(name);
    }
}
