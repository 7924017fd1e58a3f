package io.jenkins.plugins.gitops.common;

import java.util.regex.Pattern;

/**
 * Converts text of users and other systems to a single line, so that it can neither forge lines of a log or a commit
 * message, nor show another order of characters than it has, nor fill a page. Each run of white space, control
 * characters, Unicode line separators, and characters that cannot be seen (bidirectional controls, zero-width
 * characters, fillers, variation selectors, unpaired surrogates) becomes one blank, and blanks at both ends are
 * removed. All methods but {@link #whole} cut a line that is too long and end it in three dots. Lengths are in {@code
 * char}s.
 */
public final class SingleLine {

    /**
     * The length at which {@link #of(String)} cuts. Arguments of steps and fields of requests that are longer are
     * refused when they are given, so that nothing of them is lost.
     */
    public static final int MAX_LENGTH = 1000;

    /** Enough to recognise a value that is quoted in a message. */
    private static final int EXCERPT_LENGTH = 200;

    private static final String CUT = "...";

    /**
     * The Unicode categories control, format, surrogate and separator; and the characters of other categories that
     * Unicode lists as Default_Ignorable_Code_Point, which Java's expressions have no name for. A blank takes their
     * place rather than nothing, so that no new word appears.
     */
    private static final Pattern BREAKS =
            Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Z}\\s\\u034f\\u115f\\u1160\\u17b4\\u17b5"
                    + "\\u180b-\\u180f\\u2065\\u3164\\ufe00-\\ufe0f\\uffa0\\ufff0-\\ufff8\\x{e0000}-\\x{e0fff}]+");

    private SingleLine() {}

    /** Returns the text as one line of at most 1000 characters. */
    public static String of(String text) {
        return of(text, MAX_LENGTH);
    }

    /**
     * Checks that a text from a user is not longer than what is stored of it.
     *
     * @param name what the text is called where it is handed in
     * @throws IllegalArgumentException with a sentence if it is
     */
    public static void checkLength(String text, String name) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "The " + name + " is " + text.length() + " characters long; write at most " + MAX_LENGTH
                            + ", and keep the rest where you can link to it.");
        }
    }

    /** Returns the text as one line of any length, for text that programs read back: nothing is cut. */
    public static String whole(String text) {
        return isPlain(text)
                ? text.strip()
                : BREAKS.matcher(text).replaceAll(" ").strip();
    }

    /** Whether a text has only visible ASCII and single blanks, which is seen faster than the pattern is matched. */
    private static boolean isPlain(String text) {
        char previous = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == ' ' && previous == ' ') {
                return false;
            }
            previous = c;
        }
        return true;
    }

    /** Returns the text as one line of at most 200 characters, to be quoted in a message. */
    public static String excerpt(String text) {
        return of(text, EXCERPT_LENGTH);
    }

    /**
     * Returns the text as one line.
     *
     * @param maxLength the length of the result including the three dots; at least 4
     */
    public static String of(String text, int maxLength) {
        String line = whole(text);
        if (line.length() <= maxLength) {
            return line;
        }
        int end = maxLength - CUT.length();
        // Does not separate a surrogate pair.
        return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + CUT;
    }
}
