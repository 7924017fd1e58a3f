package com.cloudbees.plugins.credentials;

import hudson.util.Secret;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Implemented by a {@link Secret} that has the bytes in Base64. */
public class SecretBytes implements Serializable {
    private final Secret value;

    private SecretBytes(Secret value) {
        this.value = value;
    }

    public byte[] getPlainData() {
        return Base64.getMimeDecoder().decode(value.getPlainText().getBytes(StandardCharsets.US_ASCII));
    }

    public static byte[] getPlainData(SecretBytes secret) {
        return secret == null ? new byte[0] : secret.getPlainData();
    }

    public static SecretBytes fromBytes(byte[] data) {
        return new SecretBytes(Secret.fromString(Base64.getEncoder().encodeToString(data)));
    }

    /** Of bytes in Base64. */
    public static SecretBytes fromString(String data) {
        return new SecretBytes(Secret.fromString(data));
    }

    @Override
    public String toString() {
        return "****";
    }
}
