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
 * A secret that this controller shares with another system, looked up at each use so that a changed one counts at once.
 * Comparing takes as long whether or not what is compared is right.
 */
final class SharedSecret {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String STANDARD_PREFIX = "whsec_";

    /** One that nobody knows, for where there is none: looking at a request then takes the same steps. */
    static final SharedSecret UNKNOWN =
            new SharedSecret(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));

    private final byte[] secret;

    private SharedSecret(byte[] secret) {
        this.secret = secret;
    }

    /** The secret text of that id, if there is one. */
    static Optional<SharedSecret> find(String credentialsId) {
        StringCredentials found = CredentialsProvider.findCredentialByIdInItemGroup(
                credentialsId, StringCredentials.class, Jenkins.get(), ACL.SYSTEM2, List.of());
        String text = found == null ? "" : found.getSecret().getPlainText();
        return text.isEmpty() ? Optional.empty() : Optional.of(new SharedSecret(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether this is it. */
    boolean is(String given) {
        return MessageDigest.isEqual(secret, given.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether this is the HMAC-SHA256 of a body, in hexadecimal after a prefix. */
    boolean signed(byte[] body, String prefix, String given) {
        String expected = prefix + HexFormat.of().formatHex(hmac(body));
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Whether one of these is the signature of a delivery as the specification of Standard Webhooks has it: {@code v1,}
     * and the HMAC-SHA256 of id, time and body with dots between, in Base64; the key is what Base64 after
     * {@code whsec_} says.
     *
     * @param given signatures with spaces between, as there are while a key is replaced
     */
    boolean signedAsStandard(String id, String time, byte[] body, String given) {
        byte[] prefix = (id + "." + time + ".").getBytes(StandardCharsets.UTF_8);
        byte[] signed = Arrays.copyOf(prefix, prefix.length + body.length);
        System.arraycopy(body, 0, signed, prefix.length, body.length);
        byte[] expected = ("v1," + Base64.getEncoder().encodeToString(hmac(standardKey(), signed)))
                .getBytes(StandardCharsets.UTF_8);
        boolean right = false;
        for (String each : given.split(" ")) {
            right |= MessageDigest.isEqual(expected, each.getBytes(StandardCharsets.UTF_8));
        }
        return right;
    }

    private byte[] standardKey() {
        String text = new String(secret, StandardCharsets.UTF_8);
        if (text.startsWith(STANDARD_PREFIX)) {
            try {
                byte[] key = Base64.getDecoder().decode(text.substring(STANDARD_PREFIX.length()));
                return key.length == 0 ? secret : key;
            } catch (IllegalArgumentException e) {
                // No key of that kind after all.
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
