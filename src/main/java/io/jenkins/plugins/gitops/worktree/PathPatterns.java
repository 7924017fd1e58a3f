package io.jenkins.plugins.gitops.worktree;

import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.matching.WildcardMatch;
import java.io.Serializable;
import java.util.List;

/**
 * Patterns of paths in a repository: {@code *} and {@code ?} match within one folder, {@code **} matches any number of
 * folders, and a pattern that ends in a slash matches all files below.
 */
public record PathPatterns(List<String> patterns) implements Serializable {

    /** No path at all. */
    public static final PathPatterns NONE = new PathPatterns(List.of());

    /**
     * Checks the patterns.
     *
     * @throws IllegalArgumentException with a sentence, if a pattern is not one of paths in the repository
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
        return patterns.stream()
                .map(pattern -> pattern.endsWith("/") ? pattern + "**" : pattern)
                .anyMatch(pattern -> WildcardMatch.ofPath(pattern, path));
    }
}
