package io.jenkins.plugins.gitops.worktree;

import io.jenkins.plugins.gitops.common.SingleLine;
import java.io.Serializable;
import java.util.List;

/**
 * Patterns of paths in a repository: {@code *} and {@code ?} match within one folder, {@code **} matches any number of
 * folders, and a pattern that ends in a slash matches all files below.
 */
public record PathPatterns(List<String> patterns) implements Serializable {

    /** Matches no path. */
    public static final PathPatterns NONE = new PathPatterns(List.of());

    private static final String ANY_FOLDERS = "**";

    /**
     * Checks the patterns.
     *
     * @throws IllegalArgumentException with a sentence for users, if a pattern is malformed
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

    /** Whether one of the patterns matches the path. */
    public boolean match(String path) {
        String[] names = path.split("/");
        return patterns.stream()
                .map(pattern -> pattern.endsWith("/") ? pattern + ANY_FOLDERS : pattern)
                .anyMatch(pattern -> matches(pattern.split("/"), names));
    }

    /** Runs in polynomial time, whatever the pattern. */
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
