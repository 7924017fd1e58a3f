package io.jenkins.plugins.gitops.worktree;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jgit.ignore.IgnoreNode;

/** What the {@code .gitignore} files of a tree leave out, see gitignore(5). */
final class IgnoreRules {

    static final String FILE = ".gitignore";

    /** By the folder they lie in, the outermost with the empty name. */
    private final Map<String, IgnoreNode> nodes = new HashMap<>();

    /** Adds a {@code .gitignore} file. */
    void add(String path, byte[] content) throws IOException {
        var node = new IgnoreNode();
        node.parse(path, new ByteArrayInputStream(content));
        nodes.put(path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "", node);
    }

    /** Whether a file that is not in the tree yet is left out. */
    boolean ignore(String path) {
        // Nothing in a folder that is left out can be taken in again.
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (ignores(path.substring(0, slash), true)) {
                return true;
            }
        }
        return ignores(path, false);
    }

    /** The innermost file that says something decides. */
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
