package io.jenkins.plugins.gitops.worktree;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.ObjectChecker;

/**
 * Rules for committed paths and links: they must stay inside the repository on every file system that it is cloned to.
 */
final class CommitPathRules {

    static final int MAX_LENGTH = 4096;

    private static final int MAX_DEPTH = 100;

    private CommitPathRules() {}

    /** Why the path of a file must not be committed, as the end of a sentence; null if it may. */
    @CheckForNull
    static String problem(String path) {
        String problem = layoutProblem(path);
        return problem != null || isSafe(path) ? problem : "has a name that not every system can have";
    }

    /** Why a file that is in the tree cannot be written to a workspace, as the end of a sentence; null if it can. */
    @CheckForNull
    static String layoutProblem(String path) {
        if (path.length() > MAX_LENGTH) {
            return "is longer than " + MAX_LENGTH + " characters";
        }
        if (path.chars().filter(c -> c == '/').count() > MAX_DEPTH) {
            return "lies more than " + MAX_DEPTH + " folders deep";
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
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (!new String(bytes, StandardCharsets.UTF_8).equals(path)) {
            return "has a name that is no text";
        }
        return passes(path, new ObjectChecker().setSafeForMacOS(true)) ? null : "has a name that git does not take";
    }

    /**
     * Whether git accepts a path on every system: none of its names is another spelling of {@code .git}, or a device.
     */
    static boolean isSafe(String path) {
        return passes(path, new ObjectChecker().setSafeForWindows(true).setSafeForMacOS(true));
    }

    private static boolean passes(String path, ObjectChecker checker) {
        try {
            checker.checkPath(path);
            return true;
        } catch (CorruptObjectException e) {
            return false;
        }
    }

    /** Whether the target of a link is relative to the folder of the link. */
    static boolean isRelative(String target) {
        return !target.isEmpty()
                && target.length() <= MAX_LENGTH
                && !target.startsWith("/")
                && target.chars().noneMatch(c -> Character.isISOControl(c) || c == '\\' || c == ':');
    }

    /** The normalised form of a path; equal for paths that some file systems do not distinguish. */
    static String folded(String path) {
        return Normalizer.normalize(path, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}
