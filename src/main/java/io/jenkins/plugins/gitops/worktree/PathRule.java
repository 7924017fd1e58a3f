package io.jenkins.plugins.gitops.worktree;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.matching.WildcardPattern;
import io.jenkins.plugins.gitops.matching.WorkBudget;

/**
 * The pattern of a line of an ignore or attribute file (git's dir.c, parse_path_pattern and its matching). Paths and
 * patterns have one character for each byte.
 */
final class PathRule {

    private final boolean negative;
    private final boolean foldersOnly;

    /** Whether the pattern matches names in every folder. */
    private final boolean anyFolder;

    /** The characters before the first wildcard, without a slash at their beginning. */
    private final String start;

    /** The rest of the pattern, or null if it has no wildcard. */
    @CheckForNull
    private final WildcardPattern rest;

    PathRule(String line) {
        negative = line.startsWith("!");
        String text = negative ? line.substring(1) : line;
        foldersOnly = text.endsWith("/");
        text = foldersOnly ? text.substring(0, text.length() - 1) : text;
        anyFolder = text.indexOf('/') < 0;
        text = text.startsWith("/") ? text.substring(1) : text;
        start = WildcardPattern.plainStart(text);
        // As in git, the rest is a separate pattern, which is matched with the text after the start.
        rest = start.length() == text.length() ? null : new WildcardPattern(text.substring(start.length()));
    }

    boolean isNegative() {
        return negative;
    }

    /**
     * Whether the rule matches a path.
     *
     * @param path the path, relative to the folder of the file with the rule
     * @param folder whether the path is that of a folder
     */
    boolean matches(String path, boolean folder, WorkBudget budget) {
        budget.spend(1);
        if (foldersOnly && !folder || start.isEmpty() && rest == null) {
            return false;
        }
        String name = anyFolder ? path.substring(path.lastIndexOf('/') + 1) : path;
        if (rest == null) {
            return name.equals(start);
        }
        return name.startsWith(start) && rest.matches(name.substring(start.length()), budget);
    }
}
