package io.jenkins.plugins.gitops.worktree;

import io.jenkins.plugins.gitops.matching.WorkBudget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rules of the {@code .gitignore} files of a tree, see gitignore(5). */
final class IgnoreRules {

    static final String FILE = ".gitignore";

    /**
     * The rules by the folder of their file; the name of the outermost folder is empty. The last rule of a file is the
     * first here.
     */
    private final Map<String, List<PathRule>> rules = new HashMap<>();

    /** Whether folders are ignored with their content, for folders that were checked before. */
    private final Map<String, Boolean> folders = new HashMap<>();

    private final WorkBudget budget;

    /**
     * Creates rules that ignore nothing.
     *
     * @param budget limits the work of all matches together
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

    /** Removes blanks at the end of a pattern, except those after a backslash. */
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

    /** Whether a file that is not in the tree yet is ignored. */
    boolean ignore(String path) {
        String bytes = RuleLines.bytes(path);
        return isInIgnoredFolder(bytes) || ignores(bytes, false);
    }

    /** Whether a folder of the path is ignored; a negated rule cannot include a file in it. */
    private boolean isInIgnoredFolder(String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (folders.computeIfAbsent(path.substring(0, slash), folder -> ignores(folder, true))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the rules ignore a path; the matching rule of the innermost file decides. */
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
