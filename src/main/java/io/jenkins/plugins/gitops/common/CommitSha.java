package io.jenkins.plugins.gitops.common;

import java.util.regex.Pattern;
import org.eclipse.jgit.lib.AnyObjectId;

/** Names of git commits, which are SHA-1 hashes of 40 lower-case hexadecimal digits, as text. */
public final class CommitSha {

    /** The number of digits in messages and on pages. */
    private static final int ABBREVIATED_LENGTH = 10;

    private static final Pattern FULL = Pattern.compile("[0-9a-f]{40}");

    private CommitSha() {}

    /** Returns whether the text is a full commit SHA in lower case. */
    public static boolean isFull(String text) {
        return FULL.matcher(text).matches();
    }

    /** Returns the first ten digits of a commit SHA for messages and pages; a shorter text is returned as it is. */
    public static String abbreviate(String sha) {
        return sha.substring(0, Math.min(ABBREVIATED_LENGTH, sha.length()));
    }

    /** Returns the first ten digits of a commit SHA for messages and pages. */
    public static String abbreviate(AnyObjectId commit) {
        return abbreviate(commit.name());
    }
}
