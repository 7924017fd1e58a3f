package io.jenkins.plugins.gitops.worktree;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.ObjectChecker;

/**
 * Rules for committed paths and links: they must stay inside the repository on every file system that it is cloned to.
 */
final class CommitPathRules {

    private static final int MAX_LENGTH = 4096;

    private CommitPathRules() {}

    /** Why the path of a file must not be committed, as the end of a sentence; null if it may. */
    @CheckForNull
    static String problem(String path) {
        if (path.length() > MAX_LENGTH) {
            return "is longer than " + MAX_LENGTH + " characters";
        }
        if (path.chars().anyMatch(Character::isISOControl)) {
            return "has a control character in its name";
        }
        if (path.indexOf('\\') >= 0) {
            return "has a backslash in its name";
        }
        for (String name : path.split("/", -1)) {
            if (name.endsWith(".") || name.endsWith(" ")) {
                return "has a name that ends in a dot or a blank";
            }
        }
        try {
            new ObjectChecker().setSafeForMacOS(true).checkPath(path);
            byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
            return new String(bytes, StandardCharsets.UTF_8).equals(path) ? null : "has a name that is no text";
        } catch (CorruptObjectException e) {
            return "has a name that git does not take";
        }
    }

    /** Why the target of a link must not be committed, as the end of a sentence; null if it may. */
    @CheckForNull
    static String linkProblem(String path, String target) {
        if (target.isEmpty()
                || target.chars().anyMatch(Character::isISOControl)
                || target.startsWith("/")
                || target.contains("\\")
                || target.contains(":")) {
            return "is a link to \"" + SingleLine.of(target) + "\", which is no path in the repository";
        }
        Deque<String> at = new ArrayDeque<>();
        String folder = path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
        for (String name : (folder + "/" + target).split("/")) {
            if (name.equals("..")) {
                if (at.pollLast() == null) {
                    return "is a link to \"" + SingleLine.of(target) + "\", which leaves the repository";
                }
            } else if (name.equalsIgnoreCase(".git")) {
                return "is a link into .git";
            } else if (!name.isEmpty() && !name.equals(".")) {
                at.addLast(name);
            }
        }
        return null;
    }

    /** A normalised path, equal for paths that some file systems do not distinguish. */
    static String folded(String path) {
        return Normalizer.normalize(path, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}
