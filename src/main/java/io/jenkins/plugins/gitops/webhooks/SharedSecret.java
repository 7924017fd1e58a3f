package io.jenkins.plugins.gitops.webhooks;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.security.ACL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * A secret that this controller shares with another system, looked up at each use so that a changed one counts at once.
 * Requests prove that they know it by an HMAC of their body, or by sending it.
 */
final class SharedSecret {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String SIGNATURE_PREFIX = "sha256=";
    private static final String BEARER_PREFIX = "Bearer ";

    private final byte[] secret;

    private SharedSecret(byte[] secret) {
        this.secret = secret;
    }

    /** The secret text of that id, or null if there is none. */
    @CheckForNull
    static SharedSecret find(@Nullable String credentialsId) {
        if (credentialsId == null) {
            return null;
        }
        StringCredentials found = CredentialsProvider.findCredentialByIdInItemGroup(
                credentialsId, StringCredentials.class, Jenkins.get(), ACL.SYSTEM2, List.of());
        String text = found == null ? "" : found.getSecret().getPlainText();
        return text.isEmpty() ? null : new SharedSecret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether whoever sent a request knows the secret. A signature that is there has to be right. */
    boolean proves(WebRequest request, byte[] body) {
        String signature = request.header("X-Hub-Signature-256");
        if (signature != null) {
            String expected = SIGNATURE_PREFIX + HexFormat.of().formatHex(hmac(body));
            return equal(expected, signature.strip());
        }
        String authorization = request.header("Authorization");
        return authorization != null
                && authorization.regionMatches(true, 0, BEARER_PREFIX, 0, BEARER_PREFIX.length())
                && MessageDigest.isEqual(
                        secret,
                        authorization.substring(BEARER_PREFIX.length()).strip().getBytes(StandardCharsets.UTF_8));
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

    /** Takes as long whether or not they are. */
    private static boolean equal(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
