package hudson.util;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import jenkins.model.Jenkins;

/** Implemented: encrypted with AES-GCM and a key that only the owner of the home can read. */
public final class Secret implements Serializable {
    private static final int IV_BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();
    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    public String getPlainText() {
        return value;
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof Secret other && value.equals(other.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "****";
    }

    public String getEncryptedValue() {
        byte[] iv = new byte[IV_BYTES];
        RANDOM.nextBytes(iv);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, iv, 0).doFinal(value.getBytes(StandardCharsets.UTF_8));
            byte[] all = Arrays.copyOf(iv, IV_BYTES + sealed.length);
            System.arraycopy(sealed, 0, all, IV_BYTES, sealed.length);
            return "{" + Base64.getEncoder().encodeToString(all) + "}";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Secret decrypt(String data) {
        if (data == null || !data.startsWith("{") || !data.endsWith("}")) {
            return null;
        }
        try {
            byte[] all = Base64.getDecoder().decode(data.substring(1, data.length() - 1));
            if (all.length <= IV_BYTES) {
                return null;
            }
            byte[] plain = cipher(Cipher.DECRYPT_MODE, all, 0).doFinal(all, IV_BYTES, all.length - IV_BYTES);
            return new Secret(new String(plain, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return null;
        }
    }

    public static Secret fromString(String data) {
        Secret decrypted = decrypt(data);
        return decrypted == null ? new Secret(data == null ? "" : data) : decrypted;
    }

    private static Cipher cipher(int mode, byte[] iv, int offset) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key(), "AES"), new GCMParameterSpec(128, iv, offset, IV_BYTES));
        return cipher;
    }

    private static synchronized byte[] key() {
        Path file = Jenkins.get().getRootDir().toPath().resolve("secrets/secret.key");
        try {
            if (!Files.exists(file)) {
                byte[] fresh = new byte[32];
                RANDOM.nextBytes(fresh);
                Files.createDirectories(file.getParent());
                var owner = PosixFilePermissions.fromString("rw-------");
                Files.createFile(file, PosixFilePermissions.asFileAttribute(owner));
                Files.write(file, fresh);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalStateException("The key of the home cannot be read: " + file, e);
        }
    }
}
