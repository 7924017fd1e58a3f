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
     * Returns a commit message of a subject and trailers. Each value is made a {@link SingleLine}, so that text of users
     * cannot add trailers.
     */
    public static String message(String subject, Map<String, String> trailers) {
        var message = new StringBuilder(subject(subject)).append("\n\n");
        trailers.forEach((token, value) ->
                message.append(token).append(": ").append(SingleLine.of(value)).append('\n'));
        return message.toString();
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
