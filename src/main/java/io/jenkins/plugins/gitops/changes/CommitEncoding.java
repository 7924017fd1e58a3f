package io.jenkins.plugins.gitops.changes;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import org.eclipse.jgit.revwalk.RevCommit;

/**
 * Converts commits of other encodings to UTF-8, as git does when it picks them (logmsg_reencode and verify_utf8 of
 * git's sources): from the encoding that the commit names, if Java knows it and the commit is valid in it. In all other
 * commits each byte that is not valid UTF-8 is read as a character of ISO-8859-1.
 */
final class CommitEncoding {

    private CommitEncoding() {}

    /** Returns the commit in UTF-8, with author and message as git writes them when it picks the commit. */
    static RevCommit toUtf8(RevCommit commit) {
        byte[] raw = commit.getRawBuffer();
        Optional<String> known = named(commit).flatMap(charset -> strictly(raw, charset));
        Optional<String> valid = known.isPresent() ? known : strictly(raw, StandardCharsets.UTF_8);
        String text = withoutNoncharacters(valid.orElseGet(() -> leniently(raw)));
        if (known.isEmpty() && valid.filter(text::equals).isPresent()) {
            return commit;
        }
        // The encoding is named in the headers, which end at the first empty line.
        int end = text.indexOf("\n\n");
        String headers = end < 0 ? text : text.substring(0, end);
        String utf8 = headers.replaceAll("\nencoding [^\n]*", "") + text.substring(headers.length());
        return RevCommit.parse(utf8.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<Charset> named(RevCommit commit) {
        try {
            return Optional.ofNullable(commit.getEncodingName()).map(Charset::forName);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> strictly(byte[] raw, Charset charset) {
        try {
            return Optional.of(charset.newDecoder().decode(ByteBuffer.wrap(raw)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The bytes of each code point that Unicode assigns to no character, which are not valid for git. */
    private static String withoutNoncharacters(String text) {
        if (text.codePoints().noneMatch(CommitEncoding::isNoncharacter)) {
            return text;
        }
        var valid = new StringBuilder();
        text.codePoints().forEach(point -> {
            String character = Character.toString(point);
            valid.append(
                    isNoncharacter(point)
                            ? new String(character.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
                            : character);
        });
        return valid.toString();
    }

    private static boolean isNoncharacter(int point) {
        return (point & 0xfffe) == 0xfffe || point >= 0xfdd0 && point <= 0xfdef;
    }

    private static String leniently(byte[] raw) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(raw);
        CharBuffer out = CharBuffer.allocate(raw.length);
        for (CoderResult result = decoder.decode(in, out, true);
                result.isError();
                result = decoder.decode(in, out, true)) {
            out.put((char) Byte.toUnsignedInt(in.get()));
            decoder.reset();
        }
        return out.flip().toString();
    }
}
