package io.jenkins.plugins.gitops.git;

import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads and writes the trailers of a commit message: the last paragraph, unless it is the first, if each of its lines
 * is {@code Token: value} or a continuation line, which begins with white space. This is a subset of what
 * git-interpret-trailers(1) accepts; git reads these trailers as the same tokens and values.
 */
public final class Trailers {

    private static final Pattern TRAILER = Pattern.compile("([A-Za-z0-9-]+)\\s*:\\s*(.*)");

    /** A part of a value that becomes a line: 100 characters and the rest of a word, up to a blank. */
    private static final Pattern LINE_OF_VALUE = Pattern.compile("\\G(.{100}\\S*+) ");

    private Trailers() {}

    /** The trailers in their order; empty if the message does not end in a paragraph of trailers only. */
    public static Optional<List<Map.Entry<String, String>>> read(String message) {
        List<String> lines = message.lines().map(String::stripTrailing).toList();
        int end = lines.size();
        while (end > 0 && lines.get(end - 1).isEmpty()) {
            end--;
        }
        int start = end;
        while (start > 0 && !lines.get(start - 1).isEmpty()) {
            start--;
        }
        boolean firstParagraph = lines.subList(0, start).stream().allMatch(String::isEmpty);
        if (start == end || firstParagraph) {
            return Optional.empty();
        }
        var trailers = new ArrayList<Map.Entry<String, StringBuilder>>();
        for (String line : lines.subList(start, end)) {
            if (Character.isWhitespace(line.charAt(0))) {
                if (trailers.isEmpty()) {
                    return Optional.empty();
                }
                trailers.get(trailers.size() - 1).getValue().append(' ').append(line.strip());
                continue;
            }
            var matcher = TRAILER.matcher(line);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            trailers.add(Map.entry(matcher.group(1), new StringBuilder(matcher.group(2))));
        }
        return Optional.of(trailers.stream()
                .map(trailer -> Map.entry(
                        trailer.getKey(), trailer.getValue().toString().strip()))
                .toList());
    }

    /**
     * Returns a commit message of a subject and trailers. Line breaks in values become blanks, so that text of users
     * cannot add trailers. A long value is not cut, since the replay of a change reads it back, but goes on in
     * continuation lines, which git-interpret-trailers(1) joins with blanks.
     */
    public static String message(String subject, Map<String, String> trailers) {
        var message = new StringBuilder(subject(subject)).append("\n\n");
        trailers.forEach((token, value) ->
                message.append(token).append(": ").append(folded(value)).append('\n'));
        return message.toString();
    }

    private static String folded(String value) {
        return LINE_OF_VALUE.matcher(SingleLine.whole(value)).replaceAll("$1\n ");
    }

    /**
     * Converts any text to the first line of a message. Leading dashes are removed, since git-interpret-trailers takes
     * a line of three dashes for the end of the message.
     */
    private static String subject(String text) {
        String line = SingleLine.of(text).replaceFirst("^-+\\s*", "");
        return line.isEmpty() ? "Update images" : line;
    }
}
