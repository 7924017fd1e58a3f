package io.jenkins.plugins.gitops.matching;

import java.util.function.IntPredicate;

/**
 * Matches names and paths with patterns of users: {@code *} and {@code ?} stay within one name, and a name {@code **}
 * of a path stands for any number of names. The time of a match grows at most with the product of both lengths.
 */
public final class WildcardMatch {

    private static final String ANY_NAMES = "**";

    private WildcardMatch() {}

    /** Whether a pattern covers a name. */
    public static boolean ofName(String pattern, String name) {
        return covers(
                pattern.length(),
                at -> pattern.charAt(at) == '*',
                name.length(),
                (at, i) -> pattern.charAt(at) == '?' || pattern.charAt(at) == name.charAt(i));
    }

    /** Whether a pattern covers a path, both with slashes between names. */
    public static boolean ofPath(String pattern, String path) {
        String[] patterns = pattern.split("/");
        String[] names = path.split("/");
        return covers(
                patterns.length,
                at -> patterns[at].equals(ANY_NAMES),
                names.length,
                (at, i) -> ofName(patterns[at], names[i]));
    }

    private interface PartMatch {
        boolean covers(int patternPart, int textPart);
    }

    /**
     * Matches with backtracking: if a part does not match, the last wildcard for any number of parts takes one more.
     */
    private static boolean covers(int patternLength, IntPredicate any, int textLength, PartMatch parts) {
        int at = 0;
        int lastAny = -1;
        int resume = 0;
        for (int i = 0; i < textLength; ) {
            if (at < patternLength && any.test(at)) {
                lastAny = at++;
                resume = i;
            } else if (at < patternLength && parts.covers(at, i)) {
                at++;
                i++;
            } else if (lastAny >= 0) {
                at = lastAny + 1;
                i = ++resume;
            } else {
                return false;
            }
        }
        while (at < patternLength && any.test(at)) {
            at++;
        }
        return at == patternLength;
    }
}
