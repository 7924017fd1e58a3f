package io.jenkins.plugins.gitops.worktree;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Converts the content of a file between work tree and git by its attributes, as git on Linux does without
 * configuration (git's convert.c). {@code $Id$} is not expanded in the work tree.
 */
final class ContentConversion {

    /** The conversion of line endings. */
    private enum Lines {
        KEPT,
        TEXT,
        TEXT_CRLF,
        AUTO,
        AUTO_CRLF
    }

    private static final Set<String> NO_VALUE =
            Set.of(AttributeRules.SET, AttributeRules.UNSET, AttributeRules.UNSPECIFIED);

    /** Encodings without a byte order in their names; the content must begin with a byte order mark. */
    private static final Set<String> MARKED = Set.of("UTF-16", "UTF-32");

    /** Encodings with a byte order in their names; the content must not begin with a byte order mark. */
    private static final Set<String> UNMARKED = Set.of("UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE");

    /** A name of git's own: what it writes has a mark, and what it reads may have one of either byte order. */
    private static final String LITTLE_ENDIAN_MARKED = "UTF-16LE-BOM";

    private final Lines lines;
    private final boolean ident;

    @CheckForNull
    private final String filter;

    @CheckForNull
    private final String encoding;

    ContentConversion(Map<String, String> attributes) {
        lines = lines(attributes);
        ident = AttributeRules.SET.equals(attributes.get("ident"));
        filter = value(attributes.get("filter"));
        String named = value(attributes.get("working-tree-encoding"));
        encoding = named == null || named.equalsIgnoreCase("UTF-8") || named.equalsIgnoreCase("UTF8")
                ? null
                : named.toUpperCase(Locale.ROOT);
    }

    @CheckForNull
    private static String value(@CheckForNull String value) {
        return value == null || value.isEmpty() || NO_VALUE.contains(value) ? null : value;
    }

    private static Lines lines(Map<String, String> attributes) {
        Lines lines = textLines(attributes.get("text"));
        lines = lines == null ? textLines(attributes.get("crlf")) : lines;
        String eol = attributes.get("eol");
        if (lines == Lines.KEPT || !"lf".equals(eol) && !"crlf".equals(eol)) {
            return lines == null ? Lines.KEPT : lines;
        }
        boolean auto = lines == Lines.AUTO;
        if ("lf".equals(eol)) {
            return auto ? Lines.AUTO : Lines.TEXT;
        }
        return auto ? Lines.AUTO_CRLF : Lines.TEXT_CRLF;
    }

    @CheckForNull
    private static Lines textLines(@CheckForNull String text) {
        if (text == null) {
            return null;
        }
        return switch (text) {
            case AttributeRules.SET, "input" -> Lines.TEXT;
            case AttributeRules.UNSET -> Lines.KEPT;
            case "auto" -> Lines.AUTO;
            default -> null;
        };
    }

    /** Whether the content in a work tree may differ from that in git. */
    boolean changesWorkTree() {
        return encoding != null || lines == Lines.TEXT_CRLF || lines == Lines.AUTO_CRLF;
    }

    /** Why content cannot be converted for git, as the end of a sentence; empty if it can. */
    Optional<String> problem(byte[] content) {
        if (filter != null) {
            return Optional.of(
                    "has the attribute filter=" + filter + ", and no such filter can be run for it: exclude it from "
                            + (filter.equals("lfs") ? "Git LFS" : "the filter")
                            + " in .gitattributes, or generate it elsewhere");
        }
        try {
            return decode(content) == null
                    ? Optional.of("is not in the encoding " + encoding + " that .gitattributes gives it")
                    : Optional.empty();
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.of("has the working-tree-encoding " + encoding + ", which is not known here");
        }
    }

    /**
     * Converts the content of a work tree to that in git.
     *
     * @param before the present content of the file in git; empty if there is none
     */
    byte[] toGit(byte[] content, byte[] before) {
        byte[] text = decode(content);
        if (text == null) {
            throw new IllegalArgumentException("Not in the encoding " + encoding + ".");
        }
        boolean auto = lines == Lines.AUTO || lines == Lines.AUTO_CRLF;
        if (lines != Lines.KEPT && !(auto && (isBinary(text) || hasCrLf(before) && !isBinary(before)))) {
            text = withoutCr(text);
        }
        return ident ? withoutId(text) : text;
    }

    /** Converts the content in git to that of a work tree. */
    byte[] toWorkTree(byte[] content) {
        byte[] text = content;
        boolean withCr = lines == Lines.TEXT_CRLF
                || lines == Lines.AUTO_CRLF && !isBinary(content) && indexOf(content, '\r', 0) < 0;
        if (withCr) {
            text = withCr(content);
        }
        return encode(text);
    }

    @CheckForNull
    private byte[] decode(byte[] content) {
        String name = encoding;
        if (name == null || content.length == 0) {
            return content;
        }
        boolean marked = isMarked(content);
        if (MARKED.contains(name) && !marked || UNMARKED.contains(name) && marked) {
            return null;
        }
        try {
            CharBuffer text = charset(name, marked).newDecoder().decode(ByteBuffer.wrap(content));
            return text.toString().getBytes(StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Encodes content for a work tree; content that cannot be encoded stays as it is in git. */
    private byte[] encode(byte[] content) {
        String name = encoding;
        if (name == null || content.length == 0) {
            return content;
        }
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
            boolean mark = name.equals(LITTLE_ENDIAN_MARKED);
            ByteBuffer bytes = charset(name, false).newEncoder().encode(mark ? CharBuffer.wrap("\uFEFF" + text) : text);
            return Arrays.copyOf(bytes.array(), bytes.limit());
        } catch (CharacterCodingException | IllegalCharsetNameException | UnsupportedCharsetException e) {
            return content;
        }
    }

    private static Charset charset(String name, boolean marked) {
        if (name.equals(LITTLE_ENDIAN_MARKED)) {
            return marked ? StandardCharsets.UTF_16 : StandardCharsets.UTF_16LE;
        }
        return Charset.forName(name);
    }

    private static boolean isMarked(byte[] content) {
        return content.length >= 2
                        && (content[0] == (byte) 0xFE && content[1] == (byte) 0xFF
                                || content[0] == (byte) 0xFF && content[1] == (byte) 0xFE)
                || content.length >= 4
                        && content[0] == 0
                        && content[1] == 0
                        && content[2] == (byte) 0xFE
                        && content[3] == (byte) 0xFF;
    }

    /**
     * Whether content is binary by git's heuristics: it has a NUL, a CR without LF, or many non-printable characters.
     */
    private static boolean isBinary(byte[] content) {
        int printable = 0;
        int others = 0;
        for (int i = 0; i < content.length; i++) {
            int c = content[i] & 0xFF;
            if (c == 0 || c == '\r' && (i + 1 == content.length || content[i + 1] != '\n')) {
                return true;
            }
            if (c == 127 || c < ' ' && "\r\n\b\t\u001b\f".indexOf(c) < 0) {
                others++;
            } else if (c != '\r' && c != '\n') {
                printable++;
            }
        }
        // A DOS end-of-file character at the end is not counted.
        others -= content.length > 0 && content[content.length - 1] == 26 ? 1 : 0;
        return printable >> 7 < others;
    }

    private static boolean hasCrLf(byte[] content) {
        for (int at = indexOf(content, '\r', 0); at >= 0; at = indexOf(content, '\r', at + 1)) {
            if (at + 1 < content.length && content[at + 1] == '\n') {
                return true;
            }
        }
        return false;
    }

    private static byte[] withoutCr(byte[] content) {
        var text = new ByteArrayOutputStream(content.length);
        for (int i = 0; i < content.length; i++) {
            if (content[i] != '\r' || i + 1 == content.length || content[i + 1] != '\n') {
                text.write(content[i]);
            }
        }
        return text.toByteArray();
    }

    private static byte[] withCr(byte[] content) {
        var text = new ByteArrayOutputStream(content.length + 64);
        for (int i = 0; i < content.length; i++) {
            if (content[i] == '\n' && (i == 0 || content[i - 1] != '\r')) {
                text.write('\r');
            }
            text.write(content[i]);
        }
        return text.toByteArray();
    }

    /** Replaces {@code $Id: anything $} in one line by {@code $Id$}. */
    private static byte[] withoutId(byte[] content) {
        var text = new ByteArrayOutputStream(content.length);
        int at = 0;
        for (int dollar = indexOf(content, '$', 0); dollar >= 0; dollar = indexOf(content, '$', at)) {
            text.write(content, at, dollar + 1 - at);
            at = dollar + 1;
            if (content.length - at > 3 && content[at] == 'I' && content[at + 1] == 'd' && content[at + 2] == ':') {
                int end = indexOf(content, '$', at + 3);
                if (end < 0) {
                    break;
                }
                int line = indexOf(content, '\n', at + 3);
                if (line < 0 || line > end) {
                    text.writeBytes(new byte[] {'I', 'd', '$'});
                    at = end + 1;
                }
            }
        }
        text.write(content, at, content.length - at);
        return text.toByteArray();
    }

    private static int indexOf(byte[] content, char c, int from) {
        for (int i = from; i < content.length; i++) {
            if (content[i] == c) {
                return i;
            }
        }
        return -1;
    }
}
