package io.jenkins.plugins.gitops.registry;

import io.jenkins.plugins.gitops.common.HexDigest;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** User and password for a registry. {@link #toString} does not reveal them. */
public record RegistryCredentials(String user, String password) {

    /** Returns the value of an {@code Authorization} header. */
    String basic() {
        return "Basic " + Base64.getEncoder().encodeToString(joined());
    }

    /** Returns what removes the password from answers of the registry. */
    SecretRedaction redaction() {
        return SecretRedaction.NONE.andLogin(user, password);
    }

    /** Returns a hash of user and password, by which tokens are cached. */
    String identity() {
        return HexDigest.sha256(joined());
    }

    private byte[] joined() {
        return (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "credentials of a registry";
    }
}
