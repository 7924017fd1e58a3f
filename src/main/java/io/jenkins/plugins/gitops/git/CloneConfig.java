package io.jenkins.plugins.gitops.git;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.StoredConfig;

/** The file {@code config} of a clone, which only this plugin writes. */
final class CloneConfig {

    private static final String REMOTE = "remote";
    private static final String ORIGIN = "origin";
    private static final String URL = "url";

    private static final List<Setting> SETTINGS = List.of(
            new Setting("core", "repositoryformatversion", "0"),
            new Setting("core", "bare", "true"),
            new Setting("core", "compression", "1"),
            // See RemoteRepository.connect.
            new Setting("pack", "buildBitmaps", "false"),
            new Setting("pack", "threads", "1"),
            // A round takes less than an hour, so that gc deletes no object that the round is going to push.
            new Setting("gc", "pruneExpire", "1.hour.ago"));

    private record Setting(String section, String name, String value) {}

    private CloneConfig() {}

    /** The URL of the repository whose clone it is; empty in a new clone. */
    static Optional<String> url(Config config) {
        return Optional.ofNullable(config.getString(REMOTE, ORIGIN, URL));
    }

    /**
     * Writes all settings, and no others, unless it has exactly these already.
     *
     * @throws IOException if it cannot be written, or is that of a repository of another format
     */
    static void write(StoredConfig config, String url) throws IOException {
        if (isIntact(config, url)) {
            return;
        }
        if (!isOfTheFormat(config)) {
            throw new IOException("its config names another format");
        }
        try {
            config.fromText(expected(url));
        } catch (ConfigInvalidException e) {
            throw new IOException(e);
        }
        config.save();
    }

    /** Whether refs and objects are in the files of format 0, see gitrepository-layout(5) and git-config(1). */
    private static boolean isOfTheFormat(Config config) {
        String version = config.getString("core", null, "repositoryformatversion");
        return config.getNames("extensions").isEmpty() && (version == null || version.equals("0"));
    }

    /** Whether it is as it was written: another setting would have effects that nobody tested. */
    static boolean isIntact(Config config, String url) {
        return config.toText().equals(expected(url));
    }

    private static String expected(String url) {
        var config = new Config();
        for (Setting setting : SETTINGS) {
            config.setString(setting.section(), null, setting.name(), setting.value());
        }
        config.setString(REMOTE, ORIGIN, URL, url);
        return config.toText();
    }
}
