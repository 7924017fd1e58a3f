package io.jenkins.plugins.gitops.webhooks;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.security.ACL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
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

    /** One that nobody knows, for where there is none: looking at a request then takes the same steps. */
    static final SharedSecret UNKNOWN = new SharedSecret(random());

    private final byte[] secret;

    private SharedSecret(byte[] secret) {
        this.secret = secret;
    }

    private static byte[] random() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return random;
    }

    /** The secret text of that id, if there is one. */
    static Optional<SharedSecret> find(@Nullable String credentialsId) {
        if (credentialsId == null) {
            return Optional.empty();
        }
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

    private byte[] hmac(byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
