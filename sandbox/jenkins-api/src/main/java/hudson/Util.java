package hudson;

import java.util.List;
import sandbox.RealController;

/** Implemented in part. */
public class Util {

    public static String getTimeSpanString(long duration) {
        throw RealController.needed();
    }

    public static String fixNull(String s) {
        return s == null ? "" : s;
    }

    public static String fixEmpty(String s) {
        return s == null || s.isEmpty() ? null : s;
    }

    public static String fixEmptyAndTrim(String s) {
        return s == null ? null : fixEmpty(s.trim());
    }

    public static <T> List<T> fixNull(List<T> l) {
        return l == null ? List.of() : l;
    }
}
