package io.jenkins.plugins.gitops.worktree;

import io.jenkins.plugins.gitops.matching.WorkBudget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the {@code .gitignore} files of a tree leave out, see gitignore(5). */
final class IgnoreRules {

    static final String FILE = ".gitignore";

    /** By the folder they lie in, the outermost with the empty name; the last of a file is the first here. */
    private final Map<String, List<PathRule>> rules = new HashMap<>();

    /** What is known of folders: whether they are left out, with all that is in them. */
    private final Map<String, Boolean> folders = new HashMap<>();

    private final WorkBudget budget;

    /**
     * Creates rules that leave out nothing.
     *
     * @param budget what all matches together may take
     */
    IgnoreRules(WorkBudget budget) {
        this.budget = budget;
    }

    /** Adds a {@code .gitignore} file. */
    void add(String path, byte[] content) {
        var lines = new ArrayList<PathRule>();
        for (String line : RuleLines.of(content)) {
            if (!line.startsWith("#")) {
                lines.add(new PathRule(withoutTrailingBlanks(line)));
            }
        }
        Collections.reverse(lines);
        rules.put(RuleLines.folder(RuleLines.bytes(path)), lines);
    }

    /** Blanks at the end are no part of a pattern, unless a backslash is before them. */
    private static String withoutTrailingBlanks(String line) {
        int end = 0;
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '\\') {
                i++;
                end = Math.min(i + 1, line.length());
            } else if (line.charAt(i) != ' ') {
                end = i + 1;
            }
        }
        return line.substring(0, end);
    }

    /** Whether a file that is not in the tree yet is left out. */
    boolean ignore(String path) {
        String bytes = RuleLines.bytes(path);
        return isInIgnoredFolder(bytes) || ignores(bytes, false);
    }

    /** Nothing in a folder that is left out can be taken in again. */
    private boolean isInIgnoredFolder(String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (folders.computeIfAbsent(path.substring(0, slash), folder -> ignores(folder, true))) {
                return true;
            }
        }
        return false;
    }

    /** The innermost file that says something decides. */
    private boolean ignores(String path, boolean isFolder) {
        String folder = path;
        while (!folder.isEmpty()) {
            folder = RuleLines.folder(folder);
            String inside = folder.isEmpty() ? path : path.substring(folder.length() + 1);
            for (PathRule rule : rules.getOrDefault(folder, List.of())) {
                if (rule.matches(inside, isFolder, budget)) {
                    return !rule.isNegative();
                }
            }
        }
        return false;
    }
}
