package io.jenkins.plugins.gitops.worktree;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The kind, blob id and size of a file. Created on agents too, so that it uses no git library.
 *
 * @param id the id of the blob with the content, 40 hexadecimal digits; for a link, with its target
 * @param size in bytes
 */
public record FileEntry(Kind kind, String id, long size) implements Serializable {

    /** The kinds of files in git trees. */
    public enum Kind {
        REGULAR,
        EXECUTABLE,
        LINK
    }

    /** The entry of a content; that of a link is its target. */
    public static FileEntry of(Kind kind, byte[] content) {
        MessageDigest digest = digest(content.length);
        digest.update(content);
        return of(kind, digest, content.length);
    }

    /** A file whose content went into {@link #digest}. */
    public static FileEntry of(Kind kind, MessageDigest digest, long size) {
        return new FileEntry(kind, HexFormat.of().formatHex(digest.digest()), size);
    }

    /** Takes the content of a file of that size, in bytes, for the id of its blob. */
    public static MessageDigest digest(long size) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java has SHA-1", e);
        }
    }
}
