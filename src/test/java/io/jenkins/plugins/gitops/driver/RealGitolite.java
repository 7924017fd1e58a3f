package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.registry.RealTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.util.FileUtils;

/**
 * Debian's gitolite3 behind a real sshd, with a home of its own and one repository, {@code cfg-app}, to which one key
 * gets the rights of a test. A test that needs it is skipped where it is missing.
 */
final class RealGitolite implements AutoCloseable {

    /** With this gitolite lets pushes of the machine's own users through. */
    private static final String UNCHECKED = "GL_BYPASS_ACCESS_CHECKS=1 git-receive-pack";

    private final Path home;
    private final RealSshd server;
    private final String key;

    /** Starts it, with all that it has in that folder. */
    RealGitolite(Path folder) throws Exception {
        RealTools.require("gitolite", "ssh-keygen");
        home = Files.createDirectories(folder.resolve("home"));
        server = new RealSshd(folder.resolve("sshd"), home.resolve(".ssh/authorized_keys"), "SetEnv HOME=" + home);
        server.key("admin", "ed25519", null);
        key = server.key("bot", "ed25519", null);
        gitolite("setup", "-pk", folder.resolve("sshd/admin.pub").toString());
        Files.copy(folder.resolve("sshd/bot.pub"), home.resolve(".gitolite/keydir/bot.pub"));
    }

    /** Where the repository lies; it is made by whoever fills it. */
    Path repository() {
        return home.resolve("repositories/cfg-app.git");
    }

    /** The address of the repository for those who come over ssh. */
    String url() {
        return server.url("/cfg-app");
    }

    /** The key that has the rights. */
    String key() {
        return key;
    }

    Path knownHosts() throws IOException {
        return server.knownHosts();
    }

    /** Takes the repository into gitolite's care, with these lines of {@code gitolite.conf} for it. */
    void rules(String rules) throws Exception {
        Files.writeString(home.resolve(".gitolite/conf/gitolite.conf"), "repo cfg-app\n" + rules);
        gitolite("setup");
    }

    /** Lets a checkout push whatever the rules say, as people with a shell on the machine can. */
    static void ignoreRules(Path checkout) throws Exception {
        RealTools.run(checkout, "git", "config", "remote.origin.receivepack", UNCHECKED);
    }

    private void gitolite(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("gitolite"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
        builder.environment().put("HOME", home.toString());
        builder.environment().put("USER", RealSshd.user());
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError("gitolite " + arguments[0] + ": " + printed);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        FileUtils.delete(home.resolve(".ssh").toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
    }
}
