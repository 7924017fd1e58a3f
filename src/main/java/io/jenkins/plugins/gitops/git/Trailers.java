package io.jenkins.plugins.gitops.git;

import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The trailers of a commit message: the last paragraph, never the first, where every line is
 * {@code Token: value} or goes on with the line before it by beginning with white space. This is the strict half of
 * git-interpret-trailers(1): what this reads git reads alike.
 */
public final class Trailers {

    private static final Pattern TRAILER = Pattern.compile("([A-Za-z0-9-]+)\\s*:\\s*(.*)");

    /** How many characters of a line are written before it goes on in the next. */
    private static final int FOLD_AT = 120;

    private Trailers() {}

    /** The trailers in their order, or nothing if the message does not end in a paragraph of trailers only. */
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
        var trailers = new ArrayList<Map.Entry<String, String>>();
        for (String line : lines.subList(start, end)) {
            if (Character.isWhitespace(line.charAt(0))) {
                if (trailers.isEmpty()) {
                    return Optional.empty();
                }
                var last = trailers.remove(trailers.size() - 1);
                trailers.add(Map.entry(last.getKey(), (last.getValue() + " " + line.strip()).strip()));
                continue;
            }
            var matcher = TRAILER.matcher(line);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            trailers.add(Map.entry(matcher.group(1), matcher.group(2).strip()));
        }
        return Optional.of(trailers);
    }

    /**
     * Returns a commit message of a subject and trailers. Each value is made one line, so that text of users cannot add
     * trailers, and is kept whole, since the replay of a change reads it back. A long one is folded at its blanks, as
     * git-interpret-trailers(1) reads it.
     */
    public static String message(String subject, Map<String, String> trailers) {
        var message = new StringBuilder(subject(subject)).append("\n\n");
        trailers.forEach((token, value) -> appendFolded(message, token + ": " + SingleLine.whole(value)));
        return message.toString();
    }

    private static void appendFolded(StringBuilder message, String line) {
        int start = 0;
        while (line.length() - start > FOLD_AT) {
            int blank = line.lastIndexOf(' ', start + FOLD_AT);
            // The blank behind the token stays: a token alone on its line would be another trailer.
            if (blank <= start || start == 0 && blank <= line.indexOf(' ')) {
                blank = line.indexOf(' ', start == 0 ? line.indexOf(' ') + 1 : start + FOLD_AT);
            }
            if (blank < 0) {
                break;
            }
            message.append(line, start, blank).append("\n ");
            start = blank + 1;
        }
        message.append(line, start, line.length()).append('\n');
    }

    /**
     * Makes a first line of any text. A line of dashes would end the message for git-interpret-trailers, which takes
     * what follows for a patch.
     */
    private static String subject(String text) {
        String line = SingleLine.of(text).replaceFirst("^-+\\s*", "");
        return line.isEmpty() ? "Update images" : line;
    }
}
