package io.jenkins.plugins.gitops.configuration.base;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.security.ACL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A secret that this controller shares with another system. It is looked up at each use, so that a changed one applies
 * at once. Comparisons take the same time for right and wrong values.
 */
@Restricted(NoExternalUse.class)
public final class SharedSecret {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String STANDARD_PREFIX = "whsec_";

    /** A random secret, used if none is configured, so that verification takes the same steps. */
    public static final SharedSecret UNKNOWN =
            new SharedSecret(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));

    private final byte[] secret;

    private SharedSecret(byte[] secret) {
        this.secret = secret;
    }

    /** The stored secret text of that id; empty if there is none or its text is empty. */
    public static Optional<SharedSecret> find(String credentialsId) {
        StringCredentials found = CredentialsProvider.findCredentialByIdInItemGroup(
                credentialsId, StringCredentials.class, Jenkins.get(), ACL.SYSTEM2, List.of());
        String text = found == null ? "" : found.getSecret().getPlainText();
        return text.isEmpty() ? Optional.empty() : Optional.of(new SharedSecret(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The stored secret texts and passwords of that id, which are sent to another system. Those that are made anew each
     * time, such as the token of a GitHub App, are none that two systems could share.
     */
    public static List<SharedSecret> findSent(String credentialsId) {
        UsernamePasswordCredentialsImpl login = CredentialsProvider.findCredentialByIdInItemGroup(
                credentialsId, UsernamePasswordCredentialsImpl.class, Jenkins.get(), ACL.SYSTEM2, List.of());
        Optional<SharedSecret> password = Optional.ofNullable(login)
                .map(found -> found.getPassword().getPlainText())
                .filter(text -> !text.isEmpty())
                .map(text -> new SharedSecret(text.getBytes(StandardCharsets.UTF_8)));
        return Stream.concat(find(credentialsId).stream(), password.stream()).toList();
    }

    /** A secret that is known otherwise: one that is sent to another system as a part of stored credentials. */
    public static SharedSecret sent(String text) {
        return new SharedSecret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a text is the secret. */
    public boolean matches(String given) {
        return MessageDigest.isEqual(secret, given.getBytes(StandardCharsets.UTF_8));
    }

    /** An HMAC-SHA256 with the text of the secret as its key. */
    public Mac mac() {
        return mac(secret);
    }

    /** An HMAC-SHA256 with the key that Standard Webhooks has: the Base64 after {@code whsec_}, or else the text. */
    public Mac standardMac() {
        return mac(standardKey());
    }

    /**
     * What two secrets have in common if a proof made with one of them is a proof of the other too. That is so for equal
     * texts, and also for texts that give equal keys: one in Base64 after {@code whsec_}, one padded with zeros, one that
     * is the hash of a long one. It tells nothing of the secret, and is good for comparisons in this process only.
     */
    public Set<String> fingerprints() {
        return Stream.of(mac(), standardMac())
                .map(mac -> HexFormat.of().formatHex(mac.doFinal(UNKNOWN.secret)))
                .collect(Collectors.toUnmodifiableSet());
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

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
