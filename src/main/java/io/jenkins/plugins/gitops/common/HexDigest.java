package io.jenkins.plugins.gitops.common;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** SHA-2 digests, in lower-case hexadecimal digits. */
public final class HexDigest {

    private static final Predicate<String> SHA256 =
            Pattern.compile("[0-9a-f]{64}").asMatchPredicate();

    private HexDigest() {}

    /** Whether a text can be a SHA-256. */
    public static boolean isSha256(String text) {
        return SHA256.test(text);
    }

    /** Returns the SHA-256 of the bytes, 64 digits. */
    public static String sha256(byte[] content) {
        return digest("SHA-256", content);
    }

    /** Returns the SHA-256 of the text in UTF-8, 64 digits. */
    public static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the SHA-512 of the bytes, 128 digits. */
    public static String sha512(byte[] content) {
        return digest("SHA-512", content);
    }

    private static String digest(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
