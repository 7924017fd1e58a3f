package io.jenkins.plugins.gitops.worktree;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jgit.ignore.IgnoreNode;

/** The rules of the {@code .gitignore} files of a tree, see gitignore(5). */
final class IgnoreRules {

    static final String FILE = ".gitignore";

    /** The rules of each file by its folder; the root folder has an empty name. */
    private final Map<String, IgnoreNode> nodes = new HashMap<>();

    /** Adds a {@code .gitignore} file. */
    void add(String path, byte[] content) throws IOException {
        var node = new IgnoreNode();
        node.parse(path, new ByteArrayInputStream(content));
        nodes.put(path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "", node);
    }

    /** Whether a file that is not in the tree is ignored. */
    boolean ignore(String path) {
        // Files in an ignored folder cannot be included again by a rule.
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (ignores(path.substring(0, slash), true)) {
                return true;
            }
        }
        return ignores(path, false);
    }

    /** The innermost file with a matching rule decides. */
    private boolean ignores(String path, boolean folder) {
        String inside = path;
        while (!inside.isEmpty()) {
            int slash = inside.lastIndexOf('/');
            inside = slash < 0 ? "" : inside.substring(0, slash);
            IgnoreNode node = nodes.get(inside);
            Boolean ignored = node == null
                    ? null
                    : node.checkIgnored(inside.isEmpty() ? path : path.substring(inside.length() + 1), folder);
            if (ignored != null) {
                return ignored;
            }
        }
        return false;
    }
}
