package io.jenkins.plugins.gitops.worktree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** The lines of ignore and attribute files, with one character for each byte. */
final class RuleLines {

    private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

    private RuleLines() {}

    /** The lines of a file that are not empty, each up to its first NUL, as C reads them. */
    static List<String> of(byte[] content) {
        String text = new String(content, ISO_8859_1);
        if (text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(BYTE_ORDER_MARK.length());
        }
        return List.of(text.split("\n")).stream()
                .map(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line)
                .map(line -> line.indexOf('\0') < 0 ? line : line.substring(0, line.indexOf('\0')))
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** A path with one character for each of its bytes in UTF-8. */
    static String bytes(String path) {
        return new String(path.getBytes(UTF_8), ISO_8859_1);
    }

    /** The folder of a path; empty for the outermost one. */
    static String folder(String path) {
        return path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
    }
}
