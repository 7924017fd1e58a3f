package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import sandbox.RealController;

/** Living where it is a line. */
public class Util {

    @NonNull
    public static String getTimeSpanString(long duration) {
        throw RealController.needed();
    }

    @NonNull
    public static String fixNull(@CheckForNull String s) {
        return s == null ? "" : s;
    }

    @CheckForNull
    public static String fixEmpty(@CheckForNull String s) {
        return s == null || s.isEmpty() ? null : s;
    }

    @CheckForNull
    public static String fixEmptyAndTrim(@CheckForNull String s) {
        return s == null ? null : fixEmpty(s.trim());
    }

    @NonNull
    public static <T> List<T> fixNull(@CheckForNull List<T> l) {
        return l == null ? List.of() : l;
    }
}
