package io.jenkins.plugins.gitops.worktree;

import io.jenkins.plugins.gitops.common.SingleLine;
import java.io.Serializable;
import java.util.List;

/**
 * Patterns of paths in a repository: {@code *} and {@code ?} stay within one folder, {@code **} stands for any number of
 * folders, and a pattern that ends in a slash for all that is below.
 */
public record PathPatterns(List<String> patterns) implements Serializable {

    /** No path at all. */
    public static final PathPatterns NONE = new PathPatterns(List.of());

    private static final String ANY_FOLDERS = "**";

    /**
     * Checks the patterns.
     *
     * @throws IllegalArgumentException with a sentence, if one could not be meant
     */
    public PathPatterns {
        patterns = List.copyOf(patterns);
        for (String pattern : patterns) {
            boolean plain = !pattern.isEmpty() && !pattern.startsWith("/") && !pattern.contains("\\");
            for (String name : pattern.split("/")) {
                plain &= !name.isEmpty() && !name.equals(".") && !name.equals("..");
                plain &= !name.equalsIgnoreCase(".git") && name.chars().noneMatch(Character::isISOControl);
            }
            if (!plain) {
                throw new IllegalArgumentException("\"" + SingleLine.of(pattern)
                        + "\" is no pattern of paths in the repository; write one such as generated/**.");
            }
        }
    }

    /** Whether one of the patterns covers the path; no pattern covers none. */
    public boolean match(String path) {
        String[] names = path.split("/");
        return patterns.stream()
                .map(pattern -> pattern.endsWith("/") ? pattern + ANY_FOLDERS : pattern)
                .anyMatch(pattern -> matches(pattern.split("/"), names));
    }

    /** Takes time in proportion to what is matched, whatever the pattern. */
    private static boolean matches(String[] pattern, String[] path) {
        int at = 0;
        int any = -1;
        int resume = 0;
        for (int i = 0; i < path.length; ) {
            if (at < pattern.length && pattern[at].equals(ANY_FOLDERS)) {
                any = at++;
                resume = i;
            } else if (at < pattern.length && matches(pattern[at], path[i])) {
                at++;
                i++;
            } else if (any >= 0) {
                at = any + 1;
                i = ++resume;
            } else {
                return false;
            }
        }
        while (at < pattern.length && pattern[at].equals(ANY_FOLDERS)) {
            at++;
        }
        return at == pattern.length;
    }

    private static boolean matches(String pattern, String name) {
        int at = 0;
        int any = -1;
        int resume = 0;
        for (int i = 0; i < name.length(); ) {
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                any = at++;
                resume = i;
            } else if (at < pattern.length() && (pattern.charAt(at) == '?' || pattern.charAt(at) == name.charAt(i))) {
                at++;
                i++;
            } else if (any >= 0) {
                at = any + 1;
                i = ++resume;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }
}
