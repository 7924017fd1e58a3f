package io.jenkins.plugins.gitops.signing;

import io.jenkins.plugins.gitops.registry.RealTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A key that ssh-keygen or gpg made.
 *
 * @param publicKey as it is listed among trusted signers
 * @param configuration of git's command line, to verify signatures of the key
 */
public record RealSigningKey(String privateKey, String passphrase, String publicKey, List<String> configuration) {

    /** What signs with the key. */
    public CommitSigner signer() {
        return SigningKeyReader.read(privateKey, passphrase);
    }

    /** A key of ssh-keygen. */
    public static RealSigningKey ssh(Path folder, String type, String passphrase) throws Exception {
        RealTools.require("ssh-keygen");
        Path file = Files.createDirectories(folder).resolve("key");
        RealTools.run(
                folder,
                "ssh-keygen",
                "-q",
                "-t",
                type,
                "-C",
                "somebody@example.com",
                "-N",
                passphrase == null ? "" : passphrase,
                "-f",
                file.toString());
        String publicKey = Files.readString(folder.resolve("key.pub")).strip();
        Path allowed = Files.writeString(folder.resolve("allowed"), "gitops-waves@example.com " + publicKey + "\n");
        return new RealSigningKey(
                Files.readString(file),
                passphrase,
                publicKey,
                List.of("-c", "gpg.format=ssh", "-c", "gpg.ssh.allowedSignersFile=" + allowed));
    }

    /** A key of gpg, with a subkey for signing where {@code subkey} is its algorithm. */
    public static RealSigningKey openPgp(Path folder, String type, String subkey, String passphrase) throws Exception {
        return openPgp(folder, type, subkey, passphrase, "0");
    }

    /**
     * A key of gpg, made in 2020.
     *
     * @param expiry after which time it expires, such as {@code 1y}; {@code 0}: never
     */
    static RealSigningKey openPgp(Path folder, String type, String subkey, String passphrase, String expiry)
            throws Exception {
        RealTools.require("gpg");
        // The path of gpg's socket must not be long.
        Path home = Files.createTempDirectory("gpg");
        String secret = passphrase == null ? "" : passphrase;
        try {
            String owner = "GitOps Waves <gitops-waves@example.com>";
            gpg(home, secret, "--quick-generate-key", owner, type, "cert,sign", expiry);
            if (subkey != null) {
                String key = RealTools.run(home, "gpg", "--homedir", home.toString(), "--list-keys", "--with-colons")
                        .lines()
                        .filter(line -> line.startsWith("fpr:"))
                        .map(line -> line.split(":")[9])
                        .findFirst()
                        .orElseThrow();
                gpg(home, secret, "--quick-add-key", key, subkey, "sign", "0");
            }
            String privateKey = block(gpg(home, secret, "--armor", "--export-secret-keys"));
            String publicKey = block(gpg(home, secret, "--armor", "--export"));
            Path verifier = Files.createDirectories(folder).resolve("verify");
            Path publicHome = Files.createTempDirectory("gpg");
            Path block = Files.writeString(folder.resolve("public.asc"), publicKey);
            // Public keys need no agent, which nobody would end.
            gpg(publicHome, "", "--no-autostart", "--import", block.toString());
            Files.writeString(
                    verifier,
                    "#!/bin/sh\nexec gpg --no-autostart --trust-model always --homedir " + publicHome + " \"$@\"\n");
            if (!verifier.toFile().setExecutable(true)) {
                throw new IOException(verifier + " cannot be made a program");
            }
            return new RealSigningKey(privateKey, passphrase, publicKey, List.of("-c", "gpg.program=" + verifier));
        } finally {
            RealTools.attempt(home, "gpgconf", "--homedir", home.toString(), "--kill", "all");
        }
    }

    /** The key of what gpg printed, without its warnings. */
    private static String block(String printed) {
        return printed.substring(printed.indexOf("-----BEGIN"));
    }

    private static String gpg(Path home, String passphrase, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                "gpg",
                "--homedir",
                home.toString(),
                "--batch",
                "--quiet",
                // Keys are made before the time of any test; it stands still, so that no key is newer than a later
                // call.
                "--faked-system-time",
                "20200101T000000!",
                "--no-permission-warning",
                "--pinentry-mode",
                "loopback",
                "--passphrase",
                passphrase));
        command.addAll(List.of(arguments));
        return RealTools.run(home, command.toArray(String[]::new));
    }
}
