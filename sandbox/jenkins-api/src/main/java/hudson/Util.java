package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import sandbox.RealController;

/** Living where it is a line. */
public class Util {
    @NonNull
    public static String getDigestOf(@NonNull InputStream source) throws IOException {
        return md5(source.readAllBytes());
    }

    @NonNull
    public static String getDigestOf(@NonNull String text) {
        return md5(text.getBytes(StandardCharsets.UTF_8));
    }

    @NonNull
    public static String getDigestOf(@NonNull File file) throws IOException {
        throw RealController.needed();
    }

    private static String md5(byte[] bytes) {
        try {
            return toHexString(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @NonNull
    public static String toHexString(@NonNull byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @NonNull
    public static String getTimeSpanString(long duration) {
        throw RealController.needed();
    }

    @NonNull
    public static String rawEncode(@NonNull String s) {
        throw RealController.needed();
    }

    @Nullable
    public static String escape(@CheckForNull String text) {
        throw RealController.needed();
    }

    @NonNull
    public static String xmlEscape(@NonNull String text) {
        throw RealController.needed();
    }

    @NonNull
    public static String fixNull(@CheckForNull String s) {
        return s == null ? "" : s;
    }

    @NonNull
    public static <T> T fixNull(@CheckForNull T s, @NonNull T defaultValue) {
        return s == null ? defaultValue : s;
    }

    @CheckForNull
    public static String fixEmpty(@CheckForNull String s) {
        return s == null || s.isEmpty() ? null : s;
    }

    @CheckForNull
    public static String fixEmptyAndTrim(@CheckForNull String s) {
        return s == null ? null : fixEmpty(s.trim());
    }

    @NonNull
    public static <T> List<T> fixNull(@CheckForNull List<T> l) {
        return l == null ? List.of() : l;
    }

    @NonNull
    public static <T> Set<T> fixNull(@CheckForNull Set<T> l) {
        return l == null ? Set.of() : l;
    }

    @NonNull
    public static <T> Collection<T> fixNull(@CheckForNull Collection<T> l) {
        return l == null ? List.of() : l;
    }
}
