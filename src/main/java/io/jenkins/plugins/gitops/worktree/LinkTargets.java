package io.jenkins.plugins.gitops.worktree;

import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Follows the symbolic links of a tree as a file system does: a link in the middle of a path is followed before a
 * {@code ..} behind it. So it also finds links that leave the repository only in combination.
 */
final class LinkTargets {

    /** The highest number of links in a path, as in Linux. */
    private static final int MAX_LINKS = 40;

    /**
     * The targets by folded path: if names differ in case only, some file systems follow a link that others do not.
     */
    private final Map<String, String> links = new HashMap<>();

    /**
     * Creates the view of a tree.
     *
     * @param links the targets of all links of the tree, by path
     */
    LinkTargets(Map<String, String> links) {
        links.forEach((path, target) -> this.links.put(CommitPathRules.folded(path), target));
    }

    /** Why the target of a link is refused, as the end of a sentence; empty if it is not. */
    Optional<String> problem(String path) {
        String target = links.get(CommitPathRules.folded(path));
        if (CommitPathRules.isNoLink(path)) {
            return Optional.of("is a link, which git does not take under this name");
        }
        String shown = "is a link to \"" + SingleLine.of(target) + "\", which ";
        Deque<String> ahead = new ArrayDeque<>(Arrays.asList(path.split("/")));
        List<String> at = new ArrayList<>();
        int followed = 0;
        while (!ahead.isEmpty()) {
            String name = ahead.pop();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                if (at.isEmpty()) {
                    return Optional.of(
                            shown + "leaves the repository" + (followed > 1 ? " by way of other links" : ""));
                }
                at.remove(at.size() - 1);
                continue;
            }
            if (followed > 0 && CommitPathRules.isShortName(name)) {
                return Optional.of(shown + "has a name that Windows may take for another file's short one");
            }
            if (!CommitPathRules.isSafe(name)) {
                return Optional.of(shown + "has a name that not every system can have, or that leads into .git");
            }
            at.add(name);
            String next = links.get(CommitPathRules.folded(String.join("/", at)));
            if (next != null) {
                if (!CommitPathRules.isRelative(next)) {
                    return Optional.of(
                            shown + "is no path in the repository" + (followed > 0 ? ", for it is another link" : ""));
                }
                if (++followed > MAX_LINKS) {
                    return Optional.of(shown + "leads through more than " + MAX_LINKS + " links");
                }
                at.remove(at.size() - 1);
                List<String> names = Arrays.asList(next.split("/"));
                for (int i = names.size() - 1; i >= 0; i--) {
                    ahead.push(names.get(i));
                }
            }
        }
        return Optional.empty();
    }
}
