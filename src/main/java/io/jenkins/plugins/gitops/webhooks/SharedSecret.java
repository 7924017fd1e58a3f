package io.jenkins.plugins.gitops.webhooks;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import hudson.security.ACL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * A secret that this controller shares with another system. It is looked up at each use, so that a changed one applies
 * at once. Comparisons take the same time for right and wrong values.
 */
final class SharedSecret {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String STANDARD_PREFIX = "whsec_";

    /** A random secret, used if none is configured, so that verification takes the same steps. */
    static final SharedSecret UNKNOWN =
            new SharedSecret(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));

    private final byte[] secret;

    private SharedSecret(byte[] secret) {
        this.secret = secret;
    }

    /** The stored secret text of that id; empty if there is none or its text is empty. */
    static Optional<SharedSecret> find(String credentialsId) {
        StringCredentials found = CredentialsProvider.findCredentialByIdInItemGroup(
                credentialsId, StringCredentials.class, Jenkins.get(), ACL.SYSTEM2, List.of());
        String text = found == null ? "" : found.getSecret().getPlainText();
        return text.isEmpty() ? Optional.empty() : Optional.of(new SharedSecret(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether a text is the secret. */
    boolean matches(String given) {
        return MessageDigest.isEqual(secret, given.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a signature is the prefix followed by the HMAC-SHA256 of the body in hexadecimal. */
    boolean hasSigned(byte[] body, String prefix, String signature) {
        String expected = prefix + HexFormat.of().formatHex(hmac(body));
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Whether one of the signatures is that of a delivery by the specification of Standard Webhooks: {@code v1,} and
     * the HMAC-SHA256, in Base64, of id, time and body with dots between. The key is the Base64 after {@code whsec_} of
     * the secret.
     *
     * @param signatures separated by spaces; there are several while a key is being replaced
     */
    boolean hasSignedStandardWebhook(String id, String time, byte[] body, String signatures) {
        byte[] prefix = (id + "." + time + ".").getBytes(StandardCharsets.UTF_8);
        byte[] signed = Arrays.copyOf(prefix, prefix.length + body.length);
        System.arraycopy(body, 0, signed, prefix.length, body.length);
        byte[] expected = ("v1," + Base64.getEncoder().encodeToString(hmac(standardKey(), signed)))
                .getBytes(StandardCharsets.UTF_8);
        boolean valid = false;
        for (String each : signatures.split(" ")) {
            valid |= MessageDigest.isEqual(expected, each.getBytes(StandardCharsets.UTF_8));
        }
        return valid;
    }

    private byte[] standardKey() {
        String text = new String(secret, StandardCharsets.UTF_8);
        if (text.startsWith(STANDARD_PREFIX)) {
            try {
                byte[] key = Base64.getDecoder().decode(text.substring(STANDARD_PREFIX.length()));
                return key.length == 0 ? secret : key;
            } catch (IllegalArgumentException e) {
                // The secret begins with the prefix, but is not one of Standard Webhooks.
                return secret;
            }
        }
        return secret;
    }

    private byte[] hmac(byte[] body) {
        return hmac(secret, body);
    }

    private static byte[] hmac(byte[] key, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
