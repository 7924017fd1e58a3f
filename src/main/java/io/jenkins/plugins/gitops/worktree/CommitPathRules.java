package io.jenkins.plugins.gitops.worktree;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.ObjectChecker;

/**
 * Rules for committed paths and links: they must stay inside the repository on every file system that it is cloned to.
 */
final class CommitPathRules {

    static final int MAX_LENGTH = 4096;

    private static final int MAX_DEPTH = 100;

    /** The devices of Windows that git does not know, also with blanks before an extension. */
    private static final Pattern DEVICE = Pattern.compile(
            "(?i)(?:con|prn|aux|nul|conin\\$|conout\\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *+(?:[.:].*)?",
            Pattern.DOTALL);

    /** The short form that Windows gives a file besides its name. */
    private static final Pattern SHORT_NAME = Pattern.compile("[^.]{1,7}~[0-9]{1,6}(?:\\.[^.]{0,3})?");

    /** What HFS+ leaves out of names, and much else that cannot be seen. */
    private static final Pattern UNSEEN = Pattern.compile("\\p{Cf}++");

    private CommitPathRules() {}

    /** Why the path of a file must not be committed, as the end of a sentence; empty if it may. */
    static Optional<String> problem(String path) {
        return layoutProblem(path)
                .or(() -> isSafe(path) ? Optional.empty() : Optional.of("has a name that not every system can have"));
    }

    /** Why a file that is in the tree cannot be written to a workspace, as the end of a sentence; empty if it can. */
    static Optional<String> layoutProblem(String path) {
        if (path.length() > MAX_LENGTH) {
            return Optional.of("is longer than " + MAX_LENGTH + " characters");
        }
        if (path.chars().filter(c -> c == '/').count() > MAX_DEPTH) {
            return Optional.of("lies more than " + MAX_DEPTH + " folders deep");
        }
        if (path.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("has a control character in its name");
        }
        if (path.indexOf('\\') >= 0) {
            return Optional.of("has a backslash in its name");
        }
        for (String name : path.split("/", -1)) {
            if (name.endsWith(".") || name.endsWith(" ")) {
                return Optional.of("has a name that ends in a dot or a blank");
            }
        }
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (!new String(bytes, StandardCharsets.UTF_8).equals(path)) {
            return Optional.of("has a name that is not a text");
        }
        return passes(path, new ObjectChecker().setSafeForMacOS(true))
                ? Optional.empty()
                : Optional.of("has a name that git does not take");
    }

    /**
     * Whether git accepts a path on every system: none of its names is another spelling of {@code .git}, or a device.
     */
    static boolean isSafe(String path) {
        return passes(path, new ObjectChecker().setSafeForWindows(true).setSafeForMacOS(true))
                && Arrays.stream(path.split("/"))
                        .noneMatch(name -> DEVICE.matcher(name).matches());
    }

    /** Whether Windows may take a name for another file, one with a longer name. */
    static boolean isShortName(String name) {
        return SHORT_NAME.matcher(name).matches();
    }

    /** Whether git and its servers refuse a link of that name, or of what it is short for: it decides what git does. */
    static boolean isNoLink(String path) {
        return folded(path).equals(".gitmodules") || isShortName(path);
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

    /**
     * The normalised form of a path; equal for paths that some file systems do not distinguish. To upper and then to
     * lower case is the folding of APFS, for which a long s is an s, and a sharp one two of them.
     */
    static String folded(String path) {
        String seen = UNSEEN.matcher(path).replaceAll("");
        String upper = Normalizer.normalize(seen, Normalizer.Form.NFD).toUpperCase(Locale.ROOT);
        return Normalizer.normalize(upper.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
    }
}
