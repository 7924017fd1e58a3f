package io.jenkins.plugins.gitops.common;

import java.util.regex.Pattern;

/**
 * Makes one line of bounded length from text that users or other systems wrote, so that it can neither forge lines of a
 * log or a commit message nor fill a page. Each run of white space, control characters and Unicode line separators
 * becomes one blank, and blanks at both ends are removed. A text that is too long is cut and ends in three dots.
 * Lengths are in {@code char}s.
 */
public final class SingleLine {

    /**
     * The longest line that any of these methods returns unless another length is asked for. Texts that people hand in
     * are refused where they are longer, so that nothing of them is lost.
     */
    public static final int MAX_LENGTH = 1000;

    /** Enough to recognise a value that is quoted in a message. */
    private static final int EXCERPT_LENGTH = 200;

    private static final String CUT = "...";
    private static final Pattern BREAKS = Pattern.compile("[\\p{Cc}\\s\\u2028\\u2029]+");

    private SingleLine() {}

    /** Returns the text as one line of at most 1000 characters. */
    public static String of(String text) {
        return of(text, MAX_LENGTH);
    }

    /** Returns the text as one line of whatever length, for what programs read back: nothing is cut. */
    public static String whole(String text) {
        return BREAKS.matcher(text).replaceAll(" ").strip();
    }

    /** Returns the beginning of a value, at most 200 characters, to be quoted in a message. */
    public static String excerpt(String text) {
        return of(text, EXCERPT_LENGTH);
    }

    /**
     * Returns the text as one line.
     *
     * @param maxLength of the result, with the three dots where it is cut; at least 4
     */
    public static String of(String text, int maxLength) {
        String line = whole(text);
        if (line.length() <= maxLength) {
            return line;
        }
        int end = maxLength - CUT.length();
        // A character that takes two chars is not cut in half.
        return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + CUT;
    }
}
