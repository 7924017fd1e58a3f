package io.jenkins.plugins.gitops.remote;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A text whose characters may be escaped for JSON, HTML or a URL, also twice. The kind of escaping is not known, so
 * each position has all characters that can be read there.
 */
final class EscapedText {

    /** The highest number of nested escapes of one character. */
    private static final int MAX_DEPTH = 8;

    private static final int MAX_ENTITY = 12;

    /** The beginning of an escape, or nothing, and then the end of a text or quotation. */
    private static final Pattern CUT = Pattern.compile(
            "(?:%[0-9A-Fa-f]{0,12}|\\\\{1,8}(?:u[0-9A-Fa-f]{0,3})?|&#?[0-9A-Za-z]{0,10})?(?:\\.\\.\\.|['\"]|\\z)");

    /** More than that pattern matches. */
    private static final int MAX_CUT = 20;

    private static final List<String> LINE_BREAKS = List.of("\r\n", "\n", "\r", "\\r\\n", "\\n");
    private static final int MAX_INDENT = 12;

    private static final Map<String, Character> ENTITIES =
            Map.of("&amp;", '&', "&lt;", '<', "&gt;", '>', "&quot;", '"', "&apos;", '\'');
    private static final Map<Character, Character> JSON = Map.of('n', '\n', 'r', '\r', 't', '\t', 'b', '\b', 'f', '\f');

    private final String text;

    /** The characters at each position that was read. */
    private final Map<Integer, List<ReadCharacter>> known = new HashMap<>();

    /** The positions of which it is known whether the text may be cut there, and those where it may. */
    private final BitSet cutKnown = new BitSet();

    private final BitSet cut = new BitSet();

    /**
     * A character that may be read at a position.
     *
     * @param code its code point
     * @param end the position after it
     */
    record ReadCharacter(int code, int end) {}

    EscapedText(String text) {
        this.text = text;
    }

    /** Returns the characters that may be read at a position; none at the end of the text. */
    List<ReadCharacter> at(int position) {
        return known.computeIfAbsent(position, this::read);
    }

    /** Returns the position after a line break and its indent, plain or escaped for JSON; the same if there is none. */
    int afterLineBreak(int position) {
        if (position >= text.length() || "\r\n\\".indexOf(text.charAt(position)) < 0) {
            return position;
        }
        for (String line : LINE_BREAKS) {
            if (text.startsWith(line, position)) {
                int at = position + line.length();
                while (at < text.length() && text.charAt(at) == ' ' && at - position < MAX_INDENT) {
                    at++;
                }
                return at;
            }
        }
        return position;
    }

    /**
     * Whether the text, or a quotation in it, ends at a position, so that what is before it may have been cut, also in
     * the middle of an escape.
     */
    boolean isCutAt(int position) {
        if (position >= text.length()) {
            return true;
        }
        if (!cutKnown.get(position)) {
            cutKnown.set(position);
            cut.set(
                    position,
                    "'\".%\\&".indexOf(text.charAt(position)) >= 0
                            && CUT.matcher(text)
                                    .region(position, Math.min(text.length(), position + MAX_CUT))
                                    .useAnchoringBounds(false)
                                    .lookingAt());
        }
        return cut.get(position);
    }

    private List<ReadCharacter> read(int at) {
        var found = new ArrayList<ReadCharacter>();
        if (at >= text.length()) {
            return found;
        }
        int code = text.codePointAt(at);
        found.add(new ReadCharacter(code, at + Character.charCount(code)));
        switch (code) {
            case '+' -> found.add(new ReadCharacter(' ', at + 1));
            case '%' -> percent(at, found);
            case '\\' -> backslashes(at, found);
            case '&' -> {
                ReadCharacter first = entity(at);
                if (first.code() >= 0) {
                    found.add(pair(first, entity(first.end())));
                }
            }
            default -> {}
        }
        return found;
    }

    /** Adds a character whose bytes in UTF-8 stand behind percent signs, which may be encoded so themselves. */
    private void percent(int from, List<ReadCharacter> found) {
        int at = from + 1;
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            int first = hex(at, 2);
            if (first >= 0) {
                ReadCharacter read = bytes(first, at + 2);
                found.add(read);
                if (read.code() == '+') {
                    found.add(new ReadCharacter(' ', read.end()));
                }
            }
            if (first != '%') {
                return;
            }
            at += 2;
        }
    }

    private ReadCharacter bytes(int first, int from) {
        int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
        var bytes = new byte[more + 1];
        bytes[0] = (byte) first;
        int at = from;
        for (int i = 1; i <= more; i++) {
            at++;
            for (int depth = 0; depth < MAX_DEPTH && text.startsWith("25", at); depth++) {
                at += 2;
            }
            bytes[i] = (byte) hex(at, 2);
            at += 2;
        }
        return new ReadCharacter(new String(bytes, StandardCharsets.UTF_8).codePointAt(0), Math.min(at, text.length()));
    }

    /** Adds a character behind backslashes, which are doubled for each time that the text was escaped. */
    private void backslashes(int from, List<ReadCharacter> found) {
        int at = from + 1;
        while (at < text.length() && text.charAt(at) == '\\' && at - from < MAX_DEPTH) {
            at++;
            // Each escaping doubles the backslashes.
            if (Integer.bitCount(at - from) == 1) {
                found.add(new ReadCharacter('\\', at));
            }
        }
        if (at >= text.length()) {
            return;
        }
        int code = text.codePointAt(at);
        found.add(new ReadCharacter(code, at + Character.charCount(code)));
        if (code < Character.MAX_VALUE && JSON.containsKey((char) code)) {
            found.add(new ReadCharacter(JSON.get((char) code), at + 1));
        }
        ReadCharacter unit = unit(from);
        if (unit.code() >= 0) {
            found.add(pair(unit, unit(unit.end())));
        }
    }

    /** Reads a UTF-16 unit from its number after backslashes and a {@code u}; the code is -1 if there is none. */
    private ReadCharacter unit(int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == '\\' && at - from < MAX_DEPTH) {
            at++;
        }
        boolean found = at > from && at < text.length() && text.charAt(at) == 'u';
        return new ReadCharacter(found ? hex(at + 1, 4) : -1, at + 5);
    }

    /** Reads an HTML entity; the code is -1 if there is none. */
    private ReadCharacter entity(int from) {
        int end = from;
        while (end < text.length() && end - from < MAX_ENTITY && text.charAt(end) != ';') {
            end++;
        }
        if (end >= text.length() || text.charAt(end) != ';') {
            return new ReadCharacter(-1, from);
        }
        String entity = text.substring(from, end + 1);
        int code = ENTITIES.containsKey(entity) ? ENTITIES.get(entity) : number(entity);
        return new ReadCharacter(code, end + 1);
    }

    /** The number of an entity, {@code &#38;} or {@code &#x26;}; -1 if it is another. */
    private static int number(String entity) {
        if (!entity.startsWith("&#") || entity.length() < 4) {
            return -1;
        }
        boolean hexadecimal = Character.toLowerCase(entity.charAt(2)) == 'x';
        try {
            return Integer.parseInt(entity.substring(hexadecimal ? 3 : 2, entity.length() - 1), hexadecimal ? 16 : 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Two halves of a surrogate pair as one character; else the first. */
    private static ReadCharacter pair(ReadCharacter first, ReadCharacter second) {
        boolean halves = Character.isBmpCodePoint(first.code())
                && second.code() >= 0
                && Character.isBmpCodePoint(second.code())
                && Character.isSurrogatePair((char) first.code(), (char) second.code());
        return halves
                ? new ReadCharacter(Character.toCodePoint((char) first.code(), (char) second.code()), second.end())
                : first;
    }

    /** The number that hexadecimal digits write; -1 if there are none. */
    private int hex(int from, int digits) {
        if (from + digits > text.length()) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            number = number * 16 + digit;
        }
        return number;
    }
}
