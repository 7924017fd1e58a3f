package io.jenkins.plugins.gitops.driver;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Debian's OpenSSH server on a free port of the loopback, for whoever runs the tests and keys of their own. A test that
 * needs it is skipped where it is missing.
 */
public final class RealSshd implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/sshd");

    private final Path folder;
    private final Path acceptedKeys;
    private final int port;
    private final Process server;

    /** Starts it, with all that it has in that folder. */
    public RealSshd(Path folder) throws IOException {
        this(folder, folder.resolve("authorized_keys"), "");
    }

    /**
     * Starts it, with keys that something else may write.
     *
     * @param acceptedKeys the file with the keys that are let in, which is made
     * @param settings lines of its configuration
     */
    RealSshd(Path folder, Path acceptedKeys, String settings) throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), "Missing: openssh-server; get it with: .ci/tools");
        this.folder = Files.createDirectories(folder);
        this.acceptedKeys = acceptedKeys;
        Files.createDirectories(acceptedKeys.getParent());
        if (System.getProperty("user.name").equals("root")) {
            Files.createDirectories(Path.of("/run/sshd"));
        }
        key("host", "ed25519", null);
        port = freePort();
        Files.writeString(acceptedKeys, "");
        Path file = Files.writeString(
                folder.resolve("sshd_config"), """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s
                AuthorizedKeysFile %s
                PidFile none
                UsePAM no
                StrictModes no
                PasswordAuthentication no
                %s
                """.formatted(port, folder.resolve("host"), acceptedKeys, settings));
        server = new ProcessBuilder(PROGRAM.toString(), "-D", "-e", "-f", file.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader log = server.inputReader(StandardCharsets.UTF_8);
        var said = new StringBuilder();
        for (String line = log.readLine(); ; line = log.readLine()) {
            if (line == null) {
                throw new IOException("sshd did not start: " + said);
            }
            said.append(line).append('\n');
            if (line.startsWith("Server listening")) {
                break;
            }
        }
        // Or it would stand still once nobody has read for long.
        CompletableFuture.runAsync(() -> log.lines().forEach(line -> {}));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The address of a repository on this machine. */
    public String url(Path repository) {
        return url(repository.toString());
    }

    /** The address of what follows the host and a slash. */
    String url(String path) {
        return "ssh://" + user() + "@127.0.0.1:" + port + path;
    }

    /** Who runs the tests, and whom it lets in. */
    public static String user() {
        return System.getProperty("user.name");
    }

    /** Makes a key and lets it in; returns the private part. */
    public String acceptedKey(String name, String type, @Nullable String passphrase) throws IOException {
        String secret = key(name, type, passphrase);
        String accepted = Files.readString(acceptedKeys);
        Files.writeString(acceptedKeys, accepted + Files.readString(folder.resolve(name + ".pub")));
        return secret;
    }

    /** Makes a key that is not let in. */
    String key(String name, String type, @Nullable String passphrase) throws IOException {
        Path file = folder.resolve(name);
        var command = List.of(
                "ssh-keygen", "-q", "-t", type, "-N", passphrase == null ? "" : passphrase, "-f", file.toString());
        try {
            Process made = new ProcessBuilder(command).inheritIO().start();
            if (made.waitFor() != 0) {
                throw new IOException("ssh-keygen failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return Files.readString(file);
    }

    /** A known_hosts file that knows this server. */
    public Path knownHosts() throws IOException {
        String[] key = Files.readString(folder.resolve("host.pub")).split(" ");
        return Files.writeString(
                folder.resolve("known_hosts"), "[127.0.0.1]:" + port + " " + key[0] + " " + key[1] + "\n");
    }

    @Override
    public void close() {
        server.destroy();
        server.onExit().join();
    }
}
