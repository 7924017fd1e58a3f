package io.jenkins.plugins.gitops.worktree;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file as git would record it, without its content. Made on agents too, so it needs nothing of git.
 *
 * @param id the id of the blob it would be, 40 hexadecimal digits; for a link, of its target
 * @param size in bytes
 */
public record FileEntry(Kind kind, String id, long size) implements Serializable {

    /** What kinds of files git knows. */
    public enum Kind {
        REGULAR,
        EXECUTABLE,
        LINK
    }

    /** A file of that content; the content of a link is its target. */
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
