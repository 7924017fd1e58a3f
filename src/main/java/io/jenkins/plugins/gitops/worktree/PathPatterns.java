package io.jenkins.plugins.gitops.worktree;

import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.matching.WildcardMatch;
import java.io.Serializable;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Patterns of paths in a repository: {@code *} and {@code ?} match within one folder, {@code **} matches any number of
 * folders, and a pattern that ends in a slash matches all files below.
 */
public record PathPatterns(List<String> patterns) implements Serializable {

    private static final Pattern WILDCARD = Pattern.compile("[*?]");

    private static final String ALL_BELOW = "/**";

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
                        + "\" is not a pattern of paths in the repository; write one such as generated/**.");
            }
        }
    }

    /** Whether one of the patterns covers the path; no pattern covers none. */
    public boolean match(String path) {
        return globs().anyMatch(pattern -> WildcardMatch.ofPath(pattern, path));
    }

    /**
     * Whether a pattern may cover a file below a folder; says so too often rather than too seldom.
     *
     * @param folder its path with a slash at the end; empty for the root
     */
    public boolean mayMatchBelow(String folder) {
        return globs().map(PathPatterns::plainFolder)
                .anyMatch(plain -> plain.startsWith(folder) || folder.startsWith(plain));
    }

    /**
     * Whether a pattern is known to cover all files below a folder.
     *
     * @param folder its path with a slash at the end
     */
    public boolean matchAllBelow(String folder) {
        return globs().filter(pattern -> pattern.endsWith(ALL_BELOW))
                .map(pattern -> pattern.substring(0, pattern.length() - ALL_BELOW.length()))
                .anyMatch(pattern -> PathConflicts.prefixes(folder).stream()
                        .anyMatch(above -> WildcardMatch.ofPath(pattern, above)));
    }

    private Stream<String> globs() {
        return patterns.stream().map(pattern -> pattern.endsWith("/") ? pattern + "**" : pattern);
    }

    /** The folders with which a pattern begins before its first wildcard, with a slash at the end; may be empty. */
    private static String plainFolder(String pattern) {
        Matcher wildcard = WILDCARD.matcher(pattern);
        String plain = wildcard.find() ? pattern.substring(0, wildcard.start()) : pattern;
        return plain.substring(0, plain.lastIndexOf('/') + 1);
    }
}
