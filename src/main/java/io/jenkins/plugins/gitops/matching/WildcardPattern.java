package io.jenkins.plugins.gitops.matching;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A pattern with the wildcards of git's ignore and attribute files (git's wildmatch.c with WM_PATHNAME). It tracks all
 * positions of the pattern that a text can have reached at the same time, so the time of a match grows at most with the
 * product of both lengths. Pattern and text have one character for each byte, since git compares bytes.
 */
public final class WildcardPattern {

    private enum Kind {
        /** One character of a set. */
        ONE,
        /** Any number of characters but slashes. */
        WITHIN_FOLDER,
        /** Any number of characters. */
        ANY,
        /** As ANY, or nothing together with the slash that follows. */
        ANY_FOLDERS
    }

    private record Token(Kind kind, BitSet set) {}

    private static final BitSet NO_CHARACTER = new BitSet();

    private final String pattern;

    private final List<Token> tokens = new ArrayList<>();

    /** The position that is parsed. */
    private int at;

    public WildcardPattern(String pattern) {
        this.pattern = pattern;
        while (at < pattern.length()) {
            parse();
        }
    }

    /** Whether a character begins something other than itself. */
    private static boolean isSpecial(char c) {
        return c == '*' || c == '?' || c == '[' || c == '\\';
    }

    private void parse() {
        char c = pattern.charAt(at);
        switch (c) {
            case '\\' -> {
                at++;
                // A backslash at the end matches nothing.
                tokens.add(at < pattern.length() ? literal(pattern.charAt(at)) : new Token(Kind.ONE, NO_CHARACTER));
                at++;
            }
            case '?' -> {
                tokens.add(new Token(Kind.ONE, members(byteValue -> true)));
                at++;
            }
            case '*' -> stars();
            case '[' -> tokens.add(new Token(Kind.ONE, set()));
            default -> {
                tokens.add(literal(c));
                at++;
            }
        }
    }

    private static Token literal(char c) {
        var set = new BitSet();
        set.set(c);
        return new Token(Kind.ONE, set);
    }

    private static BitSet members(IntPredicate members) {
        var set = new BitSet();
        for (int i = 1; i < 256; i++) {
            set.set(i, i != '/' && members.test(i));
        }
        return set;
    }

    private void stars() {
        int begin = at;
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        boolean alone = at - begin >= 2 && (begin == 0 || pattern.charAt(begin - 1) == '/');
        if (alone && pattern.startsWith("/", at)) {
            int folders = tokens.size() - 2;
            if (folders >= 0 && tokens.get(folders).kind() == Kind.ANY_FOLDERS) {
                // A second one in a row adds nothing but work; its slash is the one that was parsed before.
                at++;
            } else {
                tokens.add(new Token(Kind.ANY_FOLDERS, NO_CHARACTER));
            }
        } else if (alone && (at == pattern.length() || pattern.startsWith("\\/", at))) {
            tokens.add(new Token(Kind.ANY, NO_CHARACTER));
        } else {
            tokens.add(new Token(Kind.WITHIN_FOLDER, NO_CHARACTER));
        }
    }

    /** Parses a set in brackets. A set without an end, or with an unknown class, matches no character. */
    private BitSet set() {
        var set = new BitSet();
        at++;
        boolean negated = at < pattern.length() && (pattern.charAt(at) == '!' || pattern.charAt(at) == '^');
        at += negated ? 1 : 0;
        char before = 0;
        boolean first = true;
        while (first || at < pattern.length() && pattern.charAt(at) != ']') {
            first = false;
            if (at >= pattern.length()) {
                break;
            }
            char c = pattern.charAt(at);
            if (c == '\\') {
                at++;
                if (at >= pattern.length()) {
                    break;
                }
                before = pattern.charAt(at);
                set.set(before);
            } else if (c == '-' && before != 0 && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']') {
                at++;
                if (pattern.charAt(at) == '\\' && ++at >= pattern.length()) {
                    break;
                }
                char last = pattern.charAt(at);
                if (before <= last) {
                    set.set(before, last + 1);
                }
                before = 0;
            } else if (c == '[' && pattern.startsWith(":", at + 1)) {
                int end = pattern.indexOf(']', at + 2);
                if (end < 0) {
                    at = pattern.length();
                    break;
                }
                if (end == at + 2 || pattern.charAt(end - 1) != ':') {
                    set.set('[');
                    before = '[';
                } else {
                    BitSet named = named(pattern.substring(at + 2, end - 1));
                    if (named.isEmpty()) {
                        at = pattern.length();
                        break;
                    }
                    set.or(named);
                    at = end;
                    before = 0;
                }
            } else {
                set.set(c);
                before = c;
            }
            at++;
        }
        if (at >= pattern.length()) {
            return NO_CHARACTER;
        }
        at++;
        return members(byteValue -> set.get(byteValue) != negated);
    }

    /** The characters of a POSIX class in the locale C; none if there is no such class. */
    private static BitSet named(String name) {
        IntPredicate digit = c -> c >= '0' && c <= '9';
        IntPredicate lower = c -> c >= 'a' && c <= 'z';
        IntPredicate upper = c -> c >= 'A' && c <= 'Z';
        IntPredicate letter = lower.or(upper);
        IntPredicate visible = c -> c > ' ' && c < 127;
        return switch (name) {
            case "alnum" -> members(letter.or(digit));
            case "alpha" -> members(letter);
            case "blank" -> members(c -> c == ' ' || c == '\t');
            case "cntrl" -> members(c -> c < ' ' || c == 127);
            case "digit" -> members(digit);
            case "graph" -> members(visible);
            case "lower" -> members(lower);
            case "print" -> members(visible.or(c -> c == ' '));
            case "punct" -> members(visible.and(letter.or(digit).negate()));
            case "space" -> members(c -> c == ' ' || c >= '\t' && c <= '\r');
            case "upper" -> members(upper);
            case "xdigit" -> members(digit.or(c -> c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'));
            default -> NO_CHARACTER;
        };
    }

    /** Whether the pattern matches the whole text. */
    public boolean matches(String text, WorkBudget budget) {
        int count = tokens.size();
        var reached = new boolean[count + 1];
        int low = 0;
        int high = enter(reached, 0);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            var next = new boolean[count + 1];
            int nextLow = count + 1;
            int nextHigh = -1;
            budget.spend(high - low + 2L + (count >> 4));
            for (int position = low; position <= high && position < count; position++) {
                if (!reached[position]) {
                    continue;
                }
                Token token = tokens.get(position);
                int to =
                        switch (token.kind()) {
                            case ONE -> token.set().get(c) ? position + 1 : -1;
                            case WITHIN_FOLDER -> c == '/' ? -1 : position;
                            case ANY, ANY_FOLDERS -> position;
                        };
                if (to >= 0) {
                    nextLow = Math.min(nextLow, to);
                    // What is skipped is skipped on entering only: behind characters a slash has to follow.
                    nextHigh = Math.max(nextHigh, to == position ? stay(next, position) : enter(next, to));
                }
            }
            if (nextHigh < 0) {
                return false;
            }
            reached = next;
            low = nextLow;
            high = nextHigh;
        }
        return reached[count];
    }

    /** Adds a position and all that can be reached from it without a character; returns the highest of them. */
    private int enter(boolean[] reached, int position) {
        reached[position] = true;
        int highest = position;
        for (int i = position; i <= highest && i < tokens.size(); i++) {
            Kind kind = tokens.get(i).kind();
            if (kind != Kind.ONE) {
                highest = i + (kind == Kind.ANY_FOLDERS ? 2 : 1);
                reached[i + 1] = true;
                reached[highest] = true;
            }
        }
        return highest;
    }

    private int stay(boolean[] reached, int position) {
        reached[position] = true;
        return enter(reached, position + 1);
    }

    /** The characters before the first wildcard. */
    public static String plainStart(String pattern) {
        int length = 0;
        while (length < pattern.length() && !isSpecial(pattern.charAt(length))) {
            length++;
        }
        return pattern.substring(0, length);
    }
}
