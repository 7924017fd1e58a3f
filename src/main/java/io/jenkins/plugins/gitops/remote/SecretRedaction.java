package io.jenkins.plugins.gitops.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Removes the secrets of a connection from the texts that it receives. A secret is found in plain text, in upper or
 * lower case, escaped for JSON, HTML or a URL, also twice or in part, and in Base64, also with other text before and
 * after it, as in the header of HTTP's basic authentication, and in lines. The beginning of a secret is found at the
 * end of a text or quotation, which may have been cut there. Texts are read in time that is linear in their length.
 */
public final class SecretRedaction {

    /** The redaction of a connection without secrets. */
    public static final SecretRedaction NONE = new SecretRedaction(List.of());

    private static final String MARK = "...";

    /** Shorter secrets are found too often, so that a text with one is removed as a whole. */
    private static final int SHORT = 4;

    /** A longer user without an at sign may be a token, which is given with any password. */
    private static final int SHORTEST_TOKEN = 20;

    /** The length at which messages are cut, in characters. */
    private static final int MAX_LENGTH = 64 << 10;

    /** The number of readings of an escaped text that are followed at the same time. */
    private static final int MAX_READINGS = 8;

    /** The number of secrets that are kept; those that were added first are dropped. */
    private static final int MAX_SECRETS = 8;

    private final List<String> secrets;

    /** The forms of the secrets, the longest first. */
    private final List<Needle> needles;

    /**
     * A form of a secret.
     *
     * @param codes its characters
     * @param inBase64 whether it is a part of a word in Base64, which is removed as a whole
     */
    private record Needle(int[] codes, boolean inBase64) {}

    /** A copy of an exception with the same text and stack trace, and without its type. */
    private static final class RedactedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final String type;

        RedactedException(String type, @Nullable String message, @Nullable Throwable cause) {
            super(message, cause);
            this.type = type;
        }

        @Override
        public String toString() {
            return getMessage() == null ? type : type + ": " + getMessage();
        }
    }

    private SecretRedaction(Collection<String> secrets) {
        this.secrets = List.copyOf(secrets);
        this.needles = this.secrets.stream()
                .flatMap(secret -> needles(secret).stream())
                .sorted(Comparator.comparing(needle -> -needle.codes().length))
                .toList();
    }

    /** Returns the redaction of a connection with these secrets; blank ones are ignored. */
    public static SecretRedaction of(Collection<String> secrets) {
        return NONE.and(secrets);
    }

    /** Returns a redaction that removes these secrets too. */
    public SecretRedaction and(Collection<String> more) {
        var all = new LinkedHashSet<>(secrets);
        for (String secret : more) {
            all.remove(secret.strip());
            if (!secret.isBlank()) {
                all.add(secret.strip());
            }
        }
        var kept = new ArrayList<>(all);
        return all.equals(Set.copyOf(secrets))
                ? this
                : new SecretRedaction(kept.subList(Math.max(0, kept.size() - MAX_SECRETS), kept.size()));
    }

    /** Returns a redaction that removes this password too, and the user where that may be a token. */
    public SecretRedaction andLogin(String user, String password) {
        boolean isToken = user.length() >= SHORTEST_TOKEN && !user.contains("@");
        return and(isToken ? List.of(user, password) : List.of(password));
    }

    /** Returns a message without the secrets, and cut if it is very long. */
    public String redact(String text) {
        return redact(text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text, true);
    }

    /** Removes the secrets from all texts in a document, and returns it. */
    public JsonNode redact(JsonNode document) {
        if (secrets.isEmpty()) {
            return document;
        }
        if (document instanceof TextNode text) {
            String redacted = redact(text.textValue(), false);
            return redacted.equals(text.textValue()) ? text : TextNode.valueOf(redacted);
        }
        if (document instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                list.set(i, redact(list.get(i)));
            }
        } else if (document instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                JsonNode value = redact(object.get(name));
                String redacted = redact(name, false);
                if (!redacted.equals(name)) {
                    object.remove(name);
                }
                object.set(redacted, value);
            }
        }
        return document;
    }

    /**
     * Returns the exception if none of its messages, nor of its causes and suppressed exceptions, has a secret; else a
     * copy whose messages have none, with the same stack traces.
     */
    public Throwable redact(Throwable failure) {
        return hasSecret(failure, Collections.newSetFromMap(new IdentityHashMap<>()))
                ? copy(failure, Collections.newSetFromMap(new IdentityHashMap<>()))
                : failure;
    }

    private boolean hasSecret(@Nullable Throwable failure, Set<Throwable> seen) {
        if (failure == null || !seen.add(failure)) {
            return false;
        }
        String text = failure.toString() + "\n" + failure.getMessage();
        if (!redact(text).equals(text) || hasSecret(failure.getCause(), seen)) {
            return true;
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            if (hasSecret(suppressed, seen)) {
                return true;
            }
        }
        return false;
    }

    @Nullable
    private Throwable copy(@Nullable Throwable failure, Set<Throwable> seen) {
        if (failure == null || !seen.add(failure)) {
            return null;
        }
        String message = failure.getMessage();
        var copy = new RedactedException(
                failure.getClass().getName(), message == null ? null : redact(message), copy(failure.getCause(), seen));
        copy.setStackTrace(failure.getStackTrace());
        for (Throwable suppressed : failure.getSuppressed()) {
            Throwable copied = copy(suppressed, seen);
            if (copied != null) {
                copy.addSuppressed(copied);
            }
        }
        return copy;
    }

    private static List<Needle> needles(String secret) {
        var forms = new ArrayList<Needle>();
        forms.add(new Needle(secret.codePoints().toArray(), false));
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            if (bytes.length < SHORT) {
                String whole = encoder.withoutPadding().encodeToString(bytes);
                forms.add(new Needle(whole.codePoints().toArray(), false));
                continue;
            }
            // Three bytes become four characters, so that the same text has three forms, by what is before it.
            for (int before = 0; before < 3; before++) {
                byte[] shifted = new byte[before + bytes.length];
                System.arraycopy(bytes, 0, shifted, before, bytes.length);
                String encoded = encoder.withoutPadding().encodeToString(shifted);
                // Only the characters that depend on the secret alone.
                String core = encoded.substring((before * 8 + 5) / 6, shifted.length * 8 / 6);
                forms.add(new Needle(core.codePoints().toArray(), true));
            }
        }
        return forms;
    }

    private String redact(String text, boolean mayBeCut) {
        for (String secret : secrets) {
            if (secret.length() < SHORT && text.contains(secret)) {
                return MARK;
            }
        }
        var escaped = new EscapedText(text);
        var result = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int end = -1;
            boolean inBase64 = false;
            for (Needle needle : needles) {
                int found = end(escaped, at, needle, mayBeCut);
                if (found > end) {
                    end = found;
                    inBase64 = needle.inBase64();
                }
            }
            if (end < 0) {
                result.append(text.charAt(at++));
                continue;
            }
            if (inBase64) {
                while (result.length() > 0 && isBase64(result.charAt(result.length() - 1))) {
                    result.setLength(result.length() - 1);
                }
                while (end < text.length() && isBase64(text.charAt(end))) {
                    end++;
                }
            }
            result.append(MARK);
            at = end;
        }
        return result.toString();
    }

    private static boolean isBase64(char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || c == '+' || c == '/' || c == '-' || c == '_' || c == '=');
    }

    /** Returns where a secret that begins at a position ends; -1 if none begins there. */
    private static int end(EscapedText text, int from, Needle needle, boolean mayBeCut) {
        int[] codes = needle.codes();
        List<Integer> reached = List.of(from);
        int longest = -1;
        for (int i = 0; i < codes.length; i++) {
            var next = new ArrayList<Integer>();
            for (int at : reached) {
                // Programs break long words in Base64 into lines (RFC 2045, 6.8).
                int begin = needle.inBase64() && i > 0 ? text.afterLineBreak(at) : at;
                for (EscapedText.ReadCharacter read : text.at(begin)) {
                    if (next.size() < MAX_READINGS && isSame(read.code(), codes[i]) && !next.contains(read.end())) {
                        next.add(read.end());
                    }
                }
            }
            if (next.isEmpty()) {
                return longest;
            }
            reached = next;
            if (mayBeCut && i + 1 >= SHORT) {
                longest = reached.stream()
                        .filter(text::isCutAt)
                        .max(Integer::compare)
                        .orElse(longest);
            }
        }
        return Collections.max(reached);
    }

    private static boolean isSame(int one, int other) {
        return one == other || Character.toLowerCase(one) == Character.toLowerCase(other);
    }
}
