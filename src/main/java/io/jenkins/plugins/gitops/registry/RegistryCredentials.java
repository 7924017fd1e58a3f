package io.jenkins.plugins.gitops.registry;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** User and password for a registry. {@link #toString} does not reveal them. */
public record RegistryCredentials(String user, String password) {

    /** Returns the value of an {@code Authorization} header. */
    String basic() {
        return "Basic " + Base64.getEncoder().encodeToString(joined());
    }

    /** Returns a hash that tells one pair from another without revealing it. */
    String identity() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(joined()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private byte[] joined() {
        return (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "credentials of a registry";
    }
}
