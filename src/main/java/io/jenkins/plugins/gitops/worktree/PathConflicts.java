package io.jenkins.plugins.gitops.worktree;

import io.jenkins.plugins.gitops.common.RequestRefused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;

/** Finds files that cannot lie beside the other files of a tree, also on file systems that ignore case. */
final class PathConflicts {

    private PathConflicts() {}

    /**
     * Refuses changed files that conflict with other files or folders.
     *
     * @param after all paths of the new tree
     * @param known the paths of the old tree, which may conflict with each other
     */
    static void check(Set<String> changed, NavigableSet<String> after, Set<String> known) throws RequestRefused {
        for (String path : changed) {
            String below = after.ceiling(path + "/");
            if (below != null && below.startsWith(path + "/")) {
                throw ConfigTree.refused(path, "would take the place of a folder that has " + below);
            }
            for (String folder : prefixes(path)) {
                if (!folder.equals(path) && after.contains(folder)) {
                    throw ConfigTree.refused(path, "would lie below " + folder + ", which is not a folder");
                }
            }
        }
        var present = new HashSet<String>();
        after.stream().filter(known::contains).forEach(path -> present.addAll(prefixes(path)));
        var names = new HashMap<String, String>();
        present.forEach(name -> names.put(CommitPathRules.folded(name), name));
        for (String path : changed) {
            for (String name : prefixes(path)) {
                String other = names.putIfAbsent(CommitPathRules.folded(name), name);
                if (other != null && !other.equals(name) && !present.contains(name)) {
                    throw ConfigTree.refused(
                            path, "and " + other + " differ only in ways that some file systems do not see");
                }
            }
        }
    }

    /** The path of a file and the paths of all its folders. */
    static List<String> prefixes(String path) {
        var prefixes = new ArrayList<String>();
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            prefixes.add(path.substring(0, slash));
        }
        prefixes.add(path);
        return prefixes;
    }
}
