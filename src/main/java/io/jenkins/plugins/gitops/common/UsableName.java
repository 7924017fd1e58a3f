package io.jenkins.plugins.gitops.common;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The form of names that also name folders and parts of refs and addresses: of repositories, waves and image sets. No
 * such name may lead out of a folder, be taken for an option, or mean something else on another file system.
 */
public final class UsableName {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?");
    private static final Pattern LETTERS = Pattern.compile("[A-Za-z0-9._-]*");
    private static final int LONGEST = 100;

    private UsableName() {}

    /** Returns what is wrong with a name and what to do, as the end of a sentence without its full stop. */
    public static Optional<String> problem(String name) {
        return FORM.matcher(name).matches()
                ? Optional.empty()
                : Optional.of(
                        "is not usable, since " + fault(name) + ": write letters from A to Z, digits, '.', '_' and"
                                + " '-', begin with a letter or digit, and do not end in a dot");
    }

    private static String fault(String name) {
        if (name.isEmpty()) {
            return "it is empty";
        }
        Optional<String> bad = badCharacter(name);
        if (bad.isPresent()) {
            return "it has " + bad.get();
        }
        if (name.length() > LONGEST) {
            return "it has " + name.length() + " characters, and " + LONGEST + " are the most";
        }
        return name.endsWith(".") ? "it ends in a dot" : "it begins with '" + name.charAt(0) + "'";
    }

    /** Returns the first character that no such name has, for people who may have mistaken it for another one. */
    public static Optional<String> badCharacter(String name) {
        return name.codePoints()
                .filter(each -> !LETTERS.matcher(Character.toString(each)).matches())
                .mapToObj(UsableName::shown)
                .findFirst();
    }

    /** A character as people can find it; of others than ASCII the number too, since some look like ASCII. */
    private static String shown(int character) {
        if (character == ' ') {
            return "a blank";
        }
        String number = String.format("U+%04X", character);
        String visible = SingleLine.whole(Character.toString(character));
        return visible.isEmpty()
                ? "the character " + number
                : "'" + visible + "'" + (character < 128 ? "" : " (" + number + ")");
    }
}
